import { afterAll, beforeAll, expect, test } from "vitest";
import { passTime } from "../process/clock.ts";
import { openLine } from "../process/testing/line.ts";
import { watchServiceLevels } from "./watch.ts";

/** The real router, clock and cases, which the given/when/then kit does not play. */
let line: Awaited<ReturnType<typeof openLine>>;
beforeAll(async () => {
  line = await openLine([
    watchServiceLevels([
      {
        name: "order-entry",
        from: { event: "QuoteAccepted", by: ["salesOrder"] },
        to: { event: "OrderCreated", by: ["salesOrder"] },
        unless: [],
        repeats: false,
        withinMs: 900_000,
        owner: "customer-service",
        tellers: ["erp"],
      },
    ]),
  ]);
});
afterAll(() => line.close());

const cases = () => line.rows("select kind, owner, state from cases order by id");
async function letPass() {
  const surroundings = line.decideOptions.surroundings;
  const { told } = await passTime({ pool: line.pool, limit: 100, surroundings });
  await line.settle();
  return told;
}

test("a hop that is late is a case once the system that tells of its end was heard, until it ends", async () => {
  await line.tell("QuoteAccepted", { salesOrder: "SO-1" });
  await line.tell("QuoteAccepted", { salesOrder: "SO-2" });
  await line.tell("OrderCreated", { salesOrder: "SO-2" });
  await line.settle();
  // The ERP was not read up to there: that it says nothing means nothing.
  expect(await letPass()).toBe(0);
  await line.pool.query(
    "insert into cursors (system, stream, caught_up_to) values ('erp', 'OrderCreated', now())",
  );
  expect(await letPass()).toBe(1);
  expect(await cases()).toEqual([{ kind: "SERVICE_LEVEL_MISSED", owner: "customer-service", state: "open" }]);
  expect(
    await line.rows("select body::json ->> 'of' as of from events where type like '%.ServiceLevelMissed.%'"),
  ).toEqual([{ of: "SO-1" }]);

  await line.tell("OrderCreated", { salesOrder: "SO-1" });
  await line.settle();
  expect(await cases()).toMatchObject([{ state: "closed" }]);
});
