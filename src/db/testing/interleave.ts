import type { Client, Pool } from "../pool.ts";

const DEADLINE_MS = 60_000;

/** Returns when so many sessions of this database wait for a lock. */
export async function untilBlocked(pool: Pool, sessions = 1): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  const blocked = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  while ((await pool.query(blocked)).rows.length < sessions)
    if (Date.now() > deadline) throw new Error(`fewer than ${sessions} sessions wait for a lock`);
}

/**
 * Plays one interleaving: `lock` is taken, `step` runs until it waits for it, `act` runs in the transaction that holds it,
 * and commits. So `act` happens between what `step` did before it needed the lock, and what it does afterwards.
 */
export async function between<T>(
  pool: Pool,
  lock: string,
  step: () => Promise<T>,
  act: (holder: Client) => Promise<void>,
): Promise<T> {
  const holder = await pool.connect();
  try {
    await holder.query("begin");
    await holder.query(lock);
    const stepping = step();
    stepping.catch(() => undefined);
    await untilBlocked(pool);
    await act(holder);
    await holder.query("commit");
    return await stepping;
  } finally {
    // with an open transaction it would keep everybody else waiting
    holder.release(true);
  }
}
