import type { Pool } from "../db/pool.ts";
import { INTERLOCK_SOURCE } from "../event/envelope.ts";
import { ensureSource } from "./queries.ts";
import { INTERLOCK_SOURCE_ID } from "./row.ts";

/**
 * Source names and their numbers, which never change. Ask only for sources that may speak (authority first): every name
 * asked for is kept, here and in its table.
 */
export class Sources {
  readonly #pool: Pool;
  readonly #ids = new Map<string, number>([[INTERLOCK_SOURCE, INTERLOCK_SOURCE_ID]]);

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Without waiting, when it is known already: the way of nearly every event. */
  known(name: string): number | undefined {
    return this.#ids.get(name);
  }

  async idOf(name: string): Promise<number> {
    let id = this.#ids.get(name);
    while (id === undefined) {
      id = await ensureSource(this.#pool, name);
      if (id !== undefined) this.#ids.set(name, id);
    }
    return id;
  }
}
