import { countApplied } from "./queries.ts";
import type { Stage } from "./stage.ts";

/** Effects of one order of the process order-confirmation: it is created, its customer told twice. */
export const EFFECTS_PER_ORDER = 3;
const STILL_MS = 60_000;

/** Counts effects that ended well, from a position of the ledger on. */
export class AppliedCount {
  readonly #stage: Stage;
  #last: number;
  #applied = 0;

  constructor(stage: Stage, after: number) {
    this.#stage = stage;
    this.#last = after;
  }

  /** Waits for so many of them. @throws Error when none came for a minute */
  async reach(wanted: number): Promise<void> {
    while (this.#applied < wanted) {
      const before = this.#applied;
      await this.#stage.until(
        `effect ${before + 1} of ${wanted} is applied`,
        async () => {
          const { applied, last } = await countApplied(this.#stage.pool, this.#last);
          this.#last = last;
          this.#applied += applied;
          return this.#applied > before ? true : undefined;
        },
        STILL_MS,
        50,
      );
    }
  }
}
