import { expect, test } from "vitest";
import type { ServiceLevel } from "../../level/level.ts";
import { latenciesOf, type SeenEvent } from "./latency.ts";

const posting: ServiceLevel = {
  name: "posting",
  from: { event: "OperationCompleted", by: ["productionOrder", "confirmation"] },
  to: { event: "ProductionConfirmed", by: ["productionOrder", "confirmation"] },
  unless: [],
  repeats: false,
  withinMs: 1_800_000,
  owner: "plant-operations",
  tellers: ["erp"],
};

/** @param second at which it was recorded */
function seen(second: number, name: string, data: object): SeenEvent {
  return { type: `interlock.${name}.v1`, data, recordedtime: new Date(second * 1_000).toISOString() };
}
const report = (confirmation: number) => ({ productionOrder: "P-1", confirmation });

test("a declared hop is measured from its first event to its last, each thing by itself", () => {
  const events = [
    seen(0, "OperationCompleted", report(1)),
    seen(1, "OperationCompleted", report(2)),
    seen(2, "OperationCompleted", report(1)),
    seen(4, "ProductionConfirmed", report(2)),
    seen(5, "ProductionConfirmed", report(1)),
    seen(6, "ProductionConfirmed", report(9)),
  ];
  expect(latenciesOf([posting], events)).toEqual([
    { hop: "posting", times: 2, medianMs: 3_000, p95Ms: 5_000, longestMs: 5_000, levelMs: 1_800_000 },
  ]);
});

test("the last receipt of an order counts for its shipment, and the first news after its invoice for the CRM", () => {
  const told = { effect: "UpdateOrderStatus.v1", process: "make-to-ship", key: "SO-1" };
  const events = [
    seen(0, "ProductionOrderReleased", { productionOrder: "P-1", pegging: [{ salesOrder: "SO-1" }] }),
    seen(1, "ProductionReceiptPosted", { productionOrder: "P-1" }),
    seen(3, "ProductionReceiptPosted", { productionOrder: "P-1" }),
    seen(4, "ShipmentReady", { salesOrder: "SO-1" }),
    seen(5, "EffectApplied", told),
    seen(6, "InvoicePosted", { salesOrder: "SO-1" }),
    seen(8, "EffectApplied", told),
  ];
  expect(latenciesOf([], events)).toMatchObject([
    { hop: "last receipt to ready", times: 1, longestMs: 1_000 },
    { hop: "invoiced to shown in the CRM", times: 1, longestMs: 2_000 },
  ]);
});
