import { createTestDatabase, type TestDatabase } from "../../db/testing/database.ts";
import { eventType, INTERLOCK_SOURCE, sourceOf } from "../../event/envelope.ts";
import { appendEvents, ensureSource } from "../../ledger/queries.ts";
import { appendRow, INTERLOCK_SOURCE_ID, type NewEvent } from "../../ledger/row.ts";
import { type Routable, routeStep } from "../../route/router.ts";
import type { ViewDefinition } from "../contract.ts";
import { enterViews, followStep, VIEWS_LEASE } from "../follow.ts";
import { digestTables } from "../queries.ts";

export interface TestEvent extends Partial<Omit<NewEvent, "source" | "sourceId">> {
  readonly name: string;
  /** Interlock unless told. */
  readonly system?: string;
  readonly data?: object;
}

export interface Follower {
  readonly database: TestDatabase;
  /** Appends events and takes them for routed. */
  append(events: readonly TestEvent[]): Promise<void>;
  /** Until nothing is left to take in. */
  follow(limit?: number): Promise<void>;
  digests(): Promise<unknown>;
}

/** Views on a database of their own, followed by hand. */
export async function openFollower(
  given: readonly ViewDefinition[],
  /** Processes whose links the router is to learn. */
  definitions: ReadonlyMap<string, Routable> = new Map(),
): Promise<Follower> {
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
      const rows: object[] = [];
      for (const { name, system, data = {}, ...event } of events) {
        told += 1;
        const source = system === undefined ? INTERLOCK_SOURCE : sourceOf(system);
        const row = {
          sourceId: system === undefined ? INTERLOCK_SOURCE_ID : (await ensureSource(pool, source))!,
          source,
          id: String(told),
          type: eventType(name),
          subject: "test/1",
          time: `2026-03-02T08:00:00.${String(told).padStart(6, "0")}Z`,
          body: JSON.stringify(data),
          ...event,
        };
        rows.push(appendRow(row, told));
      }
      await appendEvents(pool, JSON.stringify(rows));
      const routing = { pool, hub: { id: "one" }, fence: 1, definitions, leaseMs: 60_000, limit: 500 };
      let step: Awaited<ReturnType<typeof routeStep>> | undefined;
      do step = await routeStep(routing);
      while (step.more);
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
