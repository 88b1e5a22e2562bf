/*
 * Every denial is in the ledger, and no stranger can fill it. The first of a kind (code, account, route) is told at once; what
 * follows within the minute is counted and told as one at its end. A minute tells at most LIMIT kinds; beyond that they are told
 * together, by code. Accounts and routes are known ones, so an attacker cannot invent kinds.
 */
import { randomUUID } from "node:crypto";
import { clearTimeout, setTimeout } from "node:timers";

import { toUtc } from "../event/time.ts";
import type { Pool } from "../db/pool.ts";
import { appendEvents } from "../ledger/queries.ts";
import { appendRow, engineEvent } from "../ledger/row.ts";

const MINUTE_MS = 60_000;
const LIMIT = 60;

export interface Denial {
  readonly code: string;
  readonly account?: string | undefined;
  /** Method and route. */
  readonly asked: string;
}

export class Denials {
  readonly #pool: Pool;
  readonly #failed: (error: unknown) => void;
  readonly #counted = new Map<string, { denial: Denial; count: number }>();
  readonly #writing = new Set<Promise<void>>();
  #told = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(pool: Pool, failed: (error: unknown) => void) {
    this.#pool = pool;
    this.#failed = failed;
  }

  note(denial: Denial): void {
    this.#timer ??= setTimeout(() => this.#endMinute(), MINUTE_MS).unref();
    const kind = JSON.stringify([denial.code, denial.account, denial.asked]);
    const known = this.#counted.get(kind);
    if (known) {
      known.count += 1;
      return;
    }
    const now = this.#told < LIMIT;
    this.#counted.set(kind, { denial, count: now ? 0 : 1 });
    if (!now) return;
    this.#told += 1;
    this.#tell([{ denial, count: 1 }]);
  }

  /** Tells what was counted, and waits until all is written. */
  async close(): Promise<void> {
    this.#endMinute();
    while (this.#writing.size > 0) await Promise.all(this.#writing);
  }

  #endMinute(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const counted = [...this.#counted.values()].filter(({ count }) => count > 0);
    this.#counted.clear();
    this.#told = 0;
    const others = new Map<string, number>();
    for (const { denial, count } of counted.slice(LIMIT))
      others.set(denial.code, (others.get(denial.code) ?? 0) + count);
    this.#tell([
      ...counted.slice(0, LIMIT),
      ...[...others].map(([code, count]) => ({ denial: { code, asked: "other routes" }, count })),
    ]);
  }

  #tell(denials: readonly { readonly denial: Denial; readonly count: number }[]): void {
    if (denials.length === 0) return;
    const rows = denials.map(({ denial: { code, account, asked }, count }, ord) =>
      appendRow(
        engineEvent({
          name: "AccessDenied",
          id: `denied/${randomUUID()}`,
          subject: account === undefined ? "hub/access" : `account/${account}`,
          time: toUtc(new Date().toISOString())!,
          data: { code, ...(account !== undefined && { account }), asked, count },
          actor: account,
        }),
        ord,
      ),
    );
    const writing = this.#append(JSON.stringify(rows)).finally(() => this.#writing.delete(writing));
    this.#writing.add(writing);
  }

  async #append(rows: string): Promise<void> {
    try {
      await appendEvents(this.#pool, rows);
    } catch (error) {
      this.#failed(error);
    }
  }
}
