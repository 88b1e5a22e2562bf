import { isDeepStrictEqual } from "node:util";

import type {
  Answer,
  EffectDeclaration,
  OutgoingEffect,
  ProbeAnswer,
  Session,
} from "../../connector/contract.ts";

/** What a target is told to do with one send. It may write into the book, and answer something else. */
export type Step = (effect: OutgoingEffect, signal: AbortSignal) => Promise<Answer> | Answer;
export type Look = (effect: OutgoingEffect) => Promise<ProbeAnswer> | ProbeAnswer;

/** A target as a session, and its own book of what really happened there. */
export interface ScriptedTarget {
  readonly session: Session;
  /** Every write that was carried out, in order: a reference that is in it twice was applied twice. */
  readonly book: { readonly reference: string; readonly payload: unknown }[];
  /** Calls in order: `send 0000...`, `probe 0000...`. */
  readonly calls: string[];
  /** What the next sends and looks of one effect, or of any, come to; after that all goes well. */
  readonly sends: Map<string, Step[]>;
  readonly looks: Map<string, Look[]>;
  readonly batches: string[][];
  write(effect: OutgoingEffect): void;
}

export function scriptedTarget(
  offer: { probe?: boolean; resume?: boolean; batch?: boolean } = {},
): ScriptedTarget {
  const book: ScriptedTarget["book"] = [];
  const calls: string[] = [];
  const batches: string[][] = [];
  const sends = new Map<string, Step[]>();
  const looks = new Map<string, Look[]>();
  const write = ({ reference, payload }: OutgoingEffect) => void book.push({ reference, payload });
  const next = <T>(of: Map<string, T[]>, reference: string) =>
    of.get(reference)?.shift() ?? of.get("*")?.shift();

  async function apply(effect: OutgoingEffect, signal: AbortSignal): Promise<Answer> {
    calls.push(`send ${effect.reference}`);
    const step = next(sends, effect.reference);
    if (step) return step(effect, signal);
    write(effect);
    return { class: "applied", evidence: { document: String(book.length) } };
  }

  const session: Session = {
    apply,
    ...(offer.batch && {
      applyBatch: async (effects: readonly OutgoingEffect[], signal: AbortSignal) => {
        batches.push(effects.map(({ reference }) => reference));
        return Promise.all(effects.map((effect) => apply(effect, signal)));
      },
    }),
    ...(offer.resume && {
      resume: async (effect: OutgoingEffect, missing: unknown) => {
        calls.push(`resume ${effect.reference} ${JSON.stringify(missing)}`);
        book.push({ reference: effect.reference, payload: missing });
        return { class: "applied" as const, evidence: { document: String(book.length) } };
      },
    }),
    ...(offer.probe !== false && {
      probe: async (effect: OutgoingEffect): Promise<ProbeAnswer> => {
        calls.push(`probe ${effect.reference}`);
        const look = next(looks, effect.reference);
        if (look) return look(effect);
        const found = book.find(({ reference }) => reference === effect.reference);
        if (!found) return { class: "absent" };
        if (isDeepStrictEqual(found.payload, effect.payload))
          return { class: "applied", evidence: { found: "yes" } };
        return { class: "different", difference: JSON.stringify(found.payload), evidence: {} };
      },
    }),
    identify: () => undefined,
    translate: async () => ({ ok: true, skip: "nothing is read here" }),
    close: async () => {},
  };
  return { session, book, calls, sends, looks, batches, write };
}

export const lane = (payload: { order: string }): string => `salesOrder/${payload.order}`;

export const DECLARED = {
  Create: { safety: "probe", settlesWithinMs: 100, lane },
  Upsert: { safety: "idempotent", settlesWithinMs: 100, lane },
  Print: { safety: "neither", settlesWithinMs: 100, lane },
  Post: { safety: "probe", settlesWithinMs: 100, lane, batch: 10 },
} as const satisfies Record<string, EffectDeclaration>;
