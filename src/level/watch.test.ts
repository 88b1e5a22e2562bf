import { join } from "node:path";
import { expect, test } from "vitest";
import { loadContracts } from "../contract/registry.ts";
import { event, fired, given as givenOf, type ToldEvent } from "../testing/index.ts";
import type { ServiceLevel } from "./level.ts";
import { watchServiceLevels } from "./watch.ts";

const contracts = loadContracts([join(import.meta.dirname, "../../contracts")]);
const MINUTE_MS = 60_000;

const entry: ServiceLevel = {
  name: "order-entry",
  from: { event: "QuoteAccepted", by: ["salesOrder"] },
  to: { event: "OrderCreated", by: ["salesOrder"] },
  unless: [{ event: "OrderCancelled", by: ["salesOrder"] }],
  repeats: false,
  withinMs: 15 * MINUTE_MS,
  owner: "customer-service",
  tellers: ["erp"],
};
const posting: ServiceLevel = {
  name: "posting",
  from: { event: "OperationCompleted", by: ["workOrder", "operation"] },
  to: { event: "ProductionConfirmed", by: ["productionOrder", "operation"] },
  unless: [],
  repeats: true,
  withinMs: 30 * MINUTE_MS,
  owner: "plant-operations",
  tellers: ["erp"],
};

const watch = watchServiceLevels([entry, posting]);
const given = (...events: ToldEvent[]) => givenOf(watch, events, contracts);

const lines = [{ line: 1, item: "PUMP-200", quantity: { value: "12", unit: "C62" } }];
const order = { salesOrder: "SO-1", customer: "C-7", lines };
const accepted = event("QuoteAccepted", { ...order, quote: "Q-1" }, { time: "2026-03-02T08:00:00Z" });
const scheduled = lines.map((line) => ({
  ...line,
  schedule: [{ scheduleLine: 1, quantity: line.quantity, confirmedDate: "2026-03-24" }],
}));
const created = event(
  "OrderCreated",
  { ...order, document: "4711", lines: scheduled },
  { time: "2026-03-02T08:05:00Z" },
);
const cancelled = event("OrderCancelled", { salesOrder: "SO-1", document: "4711" });

test("a hop that begins has until its level to end", () => {
  given()
    .when(accepted)
    .then({ phase: "under-way", timers: { due: "2026-03-02T08:15:00.000000Z" } });
});

test("a hop that ends in time leaves nothing behind", () => {
  given(accepted)
    .when(created)
    .then({ phase: "over", timers: {}, closedCases: ["SERVICE_LEVEL_MISSED"] });
  given(accepted, created).when(created).thenIgnored(/over/);
});

test("a hop that takes longer is a case of its owner, and an event", () => {
  given(accepted)
    .when({ ...fired("due"), time: "2026-03-02T08:15:00Z" })
    .then({
      phase: "late",
      derived: [
        {
          name: "ServiceLevelMissed",
          data: {
            level: "order-entry",
            of: "SO-1",
            since: "2026-03-02T08:00:00.000000Z",
            dueAt: "2026-03-02T08:15:00.000000Z",
            awaited: "OrderCreated",
          },
        },
      ],
      cases: [{ kind: "SERVICE_LEVEL_MISSED", owner: "customer-service" }],
    });
});

test("its case closes when the hop ends after all, or is not awaited any more", () => {
  for (const end of [created, cancelled])
    given(accepted, fired("due"))
      .when(end)
      .then({ phase: "over", closedCases: ["SERVICE_LEVEL_MISSED"] });
});

test("the end may be heard of first", () => {
  given(created).when(accepted).thenIgnored(/over/);
});

test("what begins twice began the first time", () => {
  given(accepted)
    .when({ ...accepted, time: "2026-03-02T08:10:00Z" })
    .then({
      phase: "under-way",
      timers: { due: "2026-03-02T08:15:00.000000Z" },
    });
  given(accepted, fired("due")).when(accepted).then({ phase: "late" });
});

test("each thing is a hop of its own, by the values that both ends share", () => {
  const keys = (name: string, data: object) =>
    watch.events[name]!({ type: `interlock.${name}.v1`, data } as never);
  expect(keys("OperationCompleted", { workOrder: "P-1", operation: "20" })).toEqual([
    { key: "posting/P-1/20" },
  ]);
  expect(keys("ProductionConfirmed", { productionOrder: "P-1", operation: "20" })).toEqual([
    { key: "posting/P-1/20" },
  ]);
  expect(keys("ProductionConfirmed", { productionOrder: "P-1" })).toEqual([]);
});

test("what repeats is counted from the first that nothing followed, and again from the next", () => {
  const pieces = (value: string) => ({ value, unit: "C62" });
  const counts = { good: pieces("5"), scrap: pieces("0") };
  const report = (confirmation: number, time: string) =>
    event(
      "OperationCompleted",
      { ...counts, workOrder: "P-1", operation: "20", confirmation, rework: pieces("0"), last: false },
      { time },
    );
  const posted = event("ProductionConfirmed", {
    ...counts,
    productionOrder: "P-1",
    operation: "20",
    document: "J-1",
  });
  const two = [report(1, "2026-03-02T08:00:00Z"), report(2, "2026-03-02T08:10:00Z")] as const;
  given(two[0])
    .when(two[1])
    .then({ phase: "under-way", timers: { due: "2026-03-02T08:30:00.000000Z" } });
  given(...two)
    .when(posted)
    .then({ phase: "between", timers: {}, closedCases: ["SERVICE_LEVEL_MISSED"] });
  given(...two, posted)
    .when(posted)
    .then({ phase: "between" });
  given(...two, posted)
    .when(report(3, "2026-03-02T09:00:00Z"))
    .then({ phase: "under-way", timers: { due: "2026-03-02T09:30:00.000000Z" } });
});

test("a level that the project gave up ends what it watched", () => {
  const without = watchServiceLevels([posting]);
  const context = {
    key: "order-entry/SO-1",
    state: { level: "order-entry", of: "SO-1" },
    facts: () => undefined,
  };
  const row = without.phases["under-way"]!["TimerFired:due"]!;
  const event = { type: "interlock.TimerFired.v1", data: {}, time: "2026-03-02T08:15:00Z" };
  expect("handle" in row && row.handle({ ...context, event: event as never })).toMatchObject({
    phase: "over",
  });
});
