import { afterEach, expect, test } from "vitest";
import { passTime } from "./clock.ts";
import { defineProcess, ignoring } from "./contract.ts";
import { asDefinition, openLine } from "./testing/line.ts";

const MANY = 3_000;

/** An order asks; each asking tells of somebody's credit. */
const asks = asDefinition(
  defineProcess<object, "new">({
    name: "asks",
    version: 1,
    purpose: "Asks.",
    subjectKind: "order",
    initialPhase: "new",
    finalPhases: [],
    initialState: () => ({}),
    events: {
      Asked: ({ data }) => [{ key: (data as { order: string }).order }],
      Noted: ({ data }) => [{ key: (data as { order: string }).order }],
    },
    effects: {},
    timers: ["silence"],
    facts: { Noted: () => [{ kind: "credit", key: "nobody", value: 1 }] },
    phases: { new: ignoring("only its way counts", "Asked", "Noted", "TimerFired:silence") },
  }),
);

let line: Awaited<ReturnType<typeof openLine>>;
afterEach(() => line.close());

/** Rows that were read so far, by table. What a session reads is counted when it says so, and there is only one. */
async function rowsRead(): Promise<Record<string, number>> {
  await line.rows("select pg_stat_force_next_flush()");
  const counted = await line.rows(
    "select relname, seq_tup_read + coalesce(idx_tup_fetch, 0) as rows from pg_stat_user_tables where relname in ('fact_uses', 'timers')",
  );
  return Object.fromEntries(counted.map(({ relname, rows }) => [relname, Number(rows)]));
}

test("while thousands of instances lean on one fact and wait for a time, neither a step of the router nor a look at the clock reads them", async () => {
  line = await openLine([asks], { connections: 1 });
  for (const statement of [
    `insert into instances (process, key, partition, definition_version, phase, state, began_at, correlation, last_n)
       select 'asks', 'k' || n, 0, 1, 'new', '{}', now(), 'order/' || n, 0 from generate_series(1, ${MANY}) n`,
    `insert into fact_uses (kind, key, process, instance_key) select 'credit', 'all', 'asks', 'k' || n from generate_series(1, ${MANY}) n`,
    `insert into timers (process, key, name, partition, generation, due_at)
       select 'asks', 'k' || n, 'silence', 0, 1, now() + interval '1 year' from generate_series(1, ${MANY}) n`,
    "analyze instances, fact_uses, timers",
  ])
    await line.rows(statement);
  const before = await rowsRead();
  expect(before).toMatchObject({ fact_uses: expect.any(Number), timers: expect.any(Number) });

  for (const name of ["Asked", "Noted"]) {
    await line.tell(name, { order: "1" });
    expect(await line.route()).toMatchObject({ routed: 1 });
  }
  await passTime({ pool: line.pool, limit: 100, surroundings: { caseDueAt: () => undefined } });

  const after = await rowsRead();
  expect(after["fact_uses"]! - before["fact_uses"]!).toBe(0);
  // none where a vacuum came in between: then the index alone answers
  expect(after["timers"]! - before["timers"]!).toBeLessThanOrEqual(1);
});
