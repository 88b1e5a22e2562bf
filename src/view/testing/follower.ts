import { createTestDatabase, type TestDatabase } from "../../db/testing/database.ts";
import { eventType, INTERLOCK_SOURCE } from "../../event/envelope.ts";
import { appendEvents } from "../../ledger/queries.ts";
import { appendRow, INTERLOCK_SOURCE_ID, type NewEvent } from "../../ledger/row.ts";
import type { ViewDefinition } from "../contract.ts";
import { enterViews, followStep, VIEWS_LEASE } from "../follow.ts";
import { digestTables } from "../queries.ts";

export interface Follower {
  readonly database: TestDatabase;
  /** Appends events and takes them for routed; the n-th is at position n of those before it. */
  append(events: readonly (Partial<NewEvent> & { readonly name: string })[]): Promise<void>;
  /** Until nothing is left to take in. */
  follow(limit?: number): Promise<void>;
  digests(): Promise<unknown>;
}

/** Views on a database of their own, followed by hand. */
export async function openFollower(given: readonly ViewDefinition[]): Promise<Follower> {
  const database = await createTestDatabase({ max: 4 });
  const { pool } = database;
  const views = new Map(given.map((view) => [view.name, view]));
  await pool.query(
    `insert into leases (name, hub_id, fence, expires_at)
     values ($1, 'one', 1, now() + interval '1 hour'), ('router', 'one', 1, now() + interval '1 hour')`,
    [VIEWS_LEASE],
  );
  let told = 0;
  return {
    database,
    async append(events) {
      const rows = events.map(({ name, ...event }) => {
        told += 1;
        return appendRow(
          {
            sourceId: INTERLOCK_SOURCE_ID,
            source: INTERLOCK_SOURCE,
            id: String(told),
            type: eventType(name),
            subject: "test/1",
            time: "2026-03-02T08:00:00Z",
            body: "{}",
            ...event,
          },
          told,
        );
      });
      await appendEvents(pool, JSON.stringify(rows));
      await pool.query("update leases set checkpoint = (select seq from ledger_head) where name = 'router'");
    },
    async follow(limit) {
      await enterViews(pool, views);
      const options = { pool, hub: "one", fence: 1, leaseMs: 60_000, views, ...(limit && { limit }) };
      while ((await followStep(options)) !== false);
    },
    digests: () =>
      digestTables(
        pool,
        given.flatMap(({ tables }) => tables),
      ),
  };
}
