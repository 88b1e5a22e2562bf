import type {
  Answer,
  EffectDeclaration,
  OutgoingEffect,
  ProbeAnswer,
  Session,
} from "../../connector/contract.ts";
import type { Line } from "./line.ts";

/** A write that was carried out. */
export interface Entry {
  readonly system: string;
  readonly reference: string;
  readonly type: string;
  readonly salesOrder: string;
  /** Of the hub that did it: how many restores came before it. */
  readonly past: number;
}

/**
 * How a call ends. done: written, and heard. lost: written, not heard. nothing: neither. slow: not heard, written before
 * the target's settle time is over. half: of a batch the first half is written, nothing is heard. busy: the target says that
 * it did nothing.
 */
export const ENDINGS = ["done", "lost", "nothing", "slow", "half", "busy"] as const;
export type Ending = (typeof ENDINGS)[number];

/** A call that the target has not ended yet. */
export interface Call {
  /** @param deaf what the database answers when this is written down is lost */
  end(ending: Ending, deaf?: boolean): void;
}

export const SETTLE_MS = 1_000;
/** How exact the schedule's timers are. */
export const TICK_MS = 250;
/** The end of a call and the write may each be late by a tick. */
const SLOW_MS = SETTLE_MS - 2 * TICK_MS - 1;
const lane = ({ salesOrder }: { salesOrder: string }) => `salesOrder/${salesOrder}`;

/** The ERP can be asked and would write twice; the CRM remembers references. */
export const SYSTEMS = {
  erp: {
    CreateSalesOrder: { safety: "probe", settlesWithinMs: SETTLE_MS, lane, batch: 3 },
    ChangeSalesOrder: { safety: "probe", settlesWithinMs: SETTLE_MS, lane },
    CancelSalesOrder: { safety: "probe", settlesWithinMs: SETTLE_MS, lane },
  },
  crm: { UpdateOrderStatus: { safety: "idempotent", settlesWithinMs: SETTLE_MS, lane } },
} as const satisfies Record<string, Record<string, EffectDeclaration>>;

/** The systems outside, with one book of what really happened. Every call waits until the schedule ends it. */
export class Targets {
  readonly book: Entry[] = [];
  readonly calls: Call[] = [];

  /**
   * @param past how many restores came before the caller
   * @param line of the caller, which may be asleep
   */
  session(system: keyof typeof SYSTEMS, past: number, line: Line): Session {
    const pass = () => line.pass("call");
    const applyBatch = async (effects: readonly OutgoingEffect[], signal: AbortSignal) => {
      await pass();
      for (const effect of effects) effect.beforeWrite();
      const ending = await this.#ending(signal, line, (how) => this.#write(system, past, effects, how));
      await pass();
      return effects.map(() => answerOf(ending));
    };
    return {
      apply: async (effect, signal) => (await applyBatch([effect], signal))[0]!,
      applyBatch,
      probe: async ({ reference }): Promise<ProbeAnswer> => {
        await pass();
        const found = this.#has(system, reference);
        await pass();
        return found ? { class: "applied", evidence: { found: "by reference" } } : { class: "absent" };
      },
      identify: () => undefined,
      translate: async () => ({ ok: true, skip: "nothing is read here" }),
      close: async () => {},
    };
  }

  /** Without an end in time the caller gives up, and the target may still write. */
  async #ending(signal: AbortSignal, line: Line, write: (how: Ending) => void): Promise<Ending> {
    const { promise, resolve } = Promise.withResolvers<Ending>();
    const call: Call = {
      end: (ending, deaf = false) => {
        const at = this.calls.indexOf(call);
        if (at < 0) return;
        this.calls.splice(at, 1);
        write(ending);
        if (deaf) line.loseNext("answer");
        resolve(ending);
      },
    };
    signal.addEventListener("abort", () => call.end("slow"));
    this.calls.push(call);
    return promise;
  }

  #write(system: keyof typeof SYSTEMS, past: number, effects: readonly OutgoingEffect[], how: Ending): void {
    const written = how === "half" ? effects.slice(0, Math.ceil(effects.length / 2)) : effects;
    const enter = () => {
      for (const { reference, type, payload } of written) {
        if (system === "crm" && this.#has(system, reference)) continue;
        const { salesOrder } = payload as { salesOrder: string };
        this.book.push({ system, reference, type: type.replace(/\.v\d+$/, ""), salesOrder, past });
      }
    };
    if (how === "slow") setTimeout(enter, SLOW_MS);
    else if (how !== "nothing" && how !== "busy") enter();
  }

  #has(system: string, reference: string): boolean {
    return this.book.some((entry) => entry.system === system && entry.reference === reference);
  }
}

function answerOf(ending: Ending): Answer {
  if (ending === "done") return { class: "applied", evidence: { document: "4711" } };
  if (ending === "busy") return { class: "retry", why: "429" };
  return { class: "unknown", why: "socket hang up" };
}
