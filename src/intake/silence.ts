/*
 * A plant that is cut off is one fact, not a thousand silences. What watches a stream waits until the stream was read that far;
 * that it cannot be read is told once, with a case, and the case closes with the first page that is read again.
 */
import { systemCase, type CaseRules } from "../case/open.ts";
import type { Pool } from "../db/pool.ts";
import { toUtc } from "../event/time.ts";
import type { Appender } from "../ledger/append.ts";
import { engineEvent } from "../ledger/row.ts";
import { openCases, selectHeartbeat, settleSilence } from "./queries.ts";

export const UNREACHABLE_AFTER_MS = 300_000;

export interface SilenceOptions {
  readonly pool: Pool;
  readonly appender: Pick<Appender, "append">;
  readonly system: string;
  readonly plant: string;
  readonly cases: CaseRules;
  /** How long a stream may fail before the plant counts as cut off; 5 minutes unless told. */
  readonly afterMs?: number;
  readonly now?: () => Date;
}

/** What a hub knows of one plant's system while it reads its streams. */
export class Silence {
  readonly #options: SilenceOptions;
  /** Streams that fail, and since when. */
  readonly #failing = new Map<string, Date>();
  /** Whether a case may be open: a hub that just took over does not know. */
  #told = true;

  constructor(options: SilenceOptions) {
    this.#options = options;
  }

  /** A page was read: the plant is there. */
  async heard(stream: string): Promise<void> {
    this.#failing.delete(stream);
    if (!this.#told || this.#failing.size > 0) return;
    this.#told = false;
    const { pool, system } = this.#options;
    await settleSilence(pool, system, fingerprintOf(system));
  }

  /** A stream could not be read. Long enough, and it is told. @returns whether it was told now */
  async unheard(stream: string, why: string): Promise<boolean> {
    const now = this.#options.now?.() ?? new Date();
    const since = this.#failing.get(stream) ?? now;
    this.#failing.set(stream, since);
    const first = [...this.#failing.values()].toSorted((a, b) => a.getTime() - b.getTime())[0]!;
    const lasted = now.getTime() - first.getTime();
    if (lasted < (this.#options.afterMs ?? UNREACHABLE_AFTER_MS) || this.#saidOf === first) return false;
    await this.#tell(first, now, why);
    this.#saidOf = first;
    return true;
  }

  /** The failing time that was told already. */
  #saidOf: Date | undefined;

  async #tell(first: Date, now: Date, why: string): Promise<void> {
    const { pool, appender, system, plant, cases } = this.#options;
    const streams = [...this.#failing.keys()].toSorted();
    // The last page is older than the first failure this hub saw, and the same for every hub: told twice, it is one event.
    const since = (await selectHeartbeat(pool, system, streams)) ?? toUtc(first.toISOString())!;
    const event = engineEvent({
      name: "PlantUnreachable",
      id: `system/${system}/unreachable/${since}`,
      subject: `plant/${plant}`,
      plant,
      time: toUtc(now.toISOString())!,
      data: { system, since, streams },
    });
    this.#told = true;
    // Where it was told already, whoever told it may have died before the case was there; one that is open stays the same.
    const { seq } = await appender.append(event);
    const happened = `nothing was read from ${streams.join(", ")} of ${system} since ${since}: ${why}`;
    const about = {
      system,
      plant,
      subject: `plant/${plant}`,
      happened,
      sameAs: [system],
      member: { kind: "system", ref: system },
      evidence: { event: String(seq) },
    } as const;
    await openCases(pool, [systemCase("PLANT_UNREACHABLE", about, cases, toUtc(now.toISOString())!)]);
  }
}

function fingerprintOf(system: string): string {
  return `PLANT_UNREACHABLE/${encodeURIComponent(system)}`;
}
