import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

import { parseSubject } from "../../event/envelope.ts";
import { loadProcesses } from "../../process/load.ts";
import { resetView } from "../queries.ts";
import { type Follower, openFollower, type TestEvent } from "../testing/follower.ts";
import type { OrderDetail } from "./summary.ts";
import order from "./view.ts";

const definitions = await loadProcesses([join(import.meta.dirname, "../../../processes")]);

let follower: Follower;
beforeEach(async () => {
  follower = await openFollower([order], definitions);
});
afterEach(() => follower.database.drop());

const q = (value: number | string) => ({ value: String(value), unit: "C62" });
const day = (n: number) => `2026-03-${String(n).padStart(2, "0")}`;

function of(
  subject: string,
  name: string,
  data: object,
  system?: string,
  more: Partial<TestEvent> = {},
): TestEvent {
  const { kind, id } = parseSubject(subject)!;
  return { name, subject, data: { [kind]: id, ...data }, ...(system !== undefined && { system }), ...more };
}
const so = (name: string, data: object, system?: string, more?: Partial<TestEvent>) =>
  of("salesOrder/SO-1", name, data, system, more);
const po = (name: string, data: object, id = "PO-1") =>
  of(`productionOrder/${id}`, name, data, "erp", { plant: "lyon" });
const wo = (name: string, data: object, id = "WO-1") =>
  of(`workOrder/${id}`, name, data, name === "WorkOrderReleased" ? undefined : "mes-lyon", { plant: "lyon" });

const accepted = (salesOrder = "SO-1"): TestEvent =>
  of(
    `salesOrder/${salesOrder}`,
    "QuoteAccepted",
    {
      quote: `Q-${salesOrder}`,
      customer: "C-7",
      customerReference: "45000123",
      lines: [{ line: 10, item: "PUMP-200", quantity: q("10.000"), requestedDate: day(20) }],
    },
    "crm",
    { businessUnit: "pumps" },
  );
const created = (quantity: number, more: object = {}, salesOrder = "SO-1"): TestEvent =>
  of(
    `salesOrder/${salesOrder}`,
    "OrderCreated",
    {
      document: `D-${salesOrder}`,
      quote: `Q-${salesOrder}`,
      customer: "C-7",
      customerReference: "45000123",
      lines: [
        {
          line: 10,
          item: "PUMP-200",
          quantity: q(quantity),
          requestedDate: day(20),
          supply: "make",
          schedule: [{ scheduleLine: 1, quantity: q(quantity), confirmedDate: day(24) }],
        },
      ],
      ...more,
    },
    "erp",
  );
const pegged = (...orders: [salesOrder: string, quantity: number][]) => ({
  item: "PUMP-200",
  quantity: q(10),
  mode: "mto",
  pegging: orders.map(([salesOrder, quantity]) => ({ salesOrder, line: 10, quantity: q(quantity) })),
  operations: [
    { operation: "10", workCenter: "CUT", reporting: false },
    { operation: "20", workCenter: "ASM", reporting: true },
  ],
});
const released = (...orders: [salesOrder: string, quantity: number][]) =>
  wo("WorkOrderReleased", { productionOrder: "PO-1", ...pegged(...orders) });
const reported = (operation: string, confirmation: number, good: number, scrap = 0) =>
  wo("OperationCompleted", {
    operation,
    confirmation,
    good: q(good),
    scrap: q(scrap),
    rework: q(0),
    last: false,
  });

async function row(id = "SO-1"): Promise<Record<string, unknown>> {
  await follower.follow(3);
  const { rows } = await follower.database.pool.query("select * from orders where id = $1", [id]);
  const { quantities, ...columns } = rows[0] as { quantities: string };
  return { ...columns, quantities: JSON.parse(quantities) as unknown };
}
async function detail(id = "SO-1"): Promise<OrderDetail> {
  await follower.follow();
  const { rows } = await follower.database.pool.query<{ detail: string }>(
    "select detail from order_details where id = $1",
    [id],
  );
  return JSON.parse(rows[0]!.detail) as OrderDetail;
}
async function numbers(id = "SO-1"): Promise<string[]> {
  const { rows } = await follower.database.pool.query<{ kind: string; number: string }>(
    "select kind, number from order_numbers where id = $1 order by kind, number",
    [id],
  );
  return rows.map(({ kind, number }) => `${kind} ${number}`);
}

test("an order goes through its stages, and each time it says whose move it is", async () => {
  const { append } = follower;
  await append([accepted()]);
  expect(await row()).toMatchObject({
    stage: "quote",
    quote: "Q-SO-1",
    customer: "C-7",
    business_unit: "pumps",
    waiting_for: "erp",
    open: true,
  });
  await append([so("OrderChecked", { verdicts: [{ subject: "credit", verdict: "fail" }] }, "erp")]);
  expect(await row()).toMatchObject({ stage: "quote", waiting_for: "finance" });
  await append([created(10)]);
  expect(await row()).toMatchObject({ stage: "order", waiting_for: "erp", promised_date: day(24) });
  await append([
    po("ProductionOrderReleased", pegged(["SO-1", 10])),
    of("productionOrder/PO-1", "OrderReleaseDelayed", {
      gates: [{ gate: "bom", owner: "plant-operations" }],
    }),
  ]);
  expect(await row()).toMatchObject({ stage: "order", waiting_for: "plant-operations", plants: ["lyon"] });
  await append([released(["SO-1", 10])]);
  expect(await row()).toMatchObject({ stage: "released", waiting_for: "plant" });
  await append([reported("10", 1, 10), reported("20", 2, 4, 1)]);
  expect(await row()).toMatchObject({ stage: "in-production", quantities: { good: "4", scrap: "1" } });
  await append([reported("20", 3, 6), wo("WorkOrderCompleted", {})]);
  expect(await row()).toMatchObject({ stage: "quality", waiting_for: "erp", quantities: { good: "10" } });
  await append([
    po("ProductionReceiptPosted", {
      document: "R-1",
      item: "PUMP-200",
      quantity: q(10),
      status: "inspection",
    }),
  ]);
  expect(await row()).toMatchObject({
    stage: "received",
    waiting_for: "quality",
    quantities: { received: "10", blocked: "10" },
  });
  await append([
    so("ShipmentReady", { shipment: "SO-1.S1", lines: [], complete: true }),
    so(
      "ShipmentConfirmed",
      { shipment: "SO-1.S1", shippedOn: day(23), lines: [{ line: 10, item: "PUMP-200", quantity: q(10) }] },
      "wms",
    ),
  ]);
  expect(await row()).toMatchObject({ stage: "shipped", waiting_for: "erp", quantities: { shipped: "10" } });
  await append([
    so(
      "GoodsIssued",
      { shipment: "SO-1.S1", document: "G-1", lines: [{ line: 10, item: "PUMP-200", quantity: q(10) }] },
      "erp",
    ),
  ]);
  expect(await row()).toMatchObject({ stage: "shipped", waiting_for: "finance" });
  await append([so("InvoicePosted", { invoice: "I-1", shipment: "SO-1.S1" }, "erp")]);
  expect(await row()).toMatchObject({
    stage: "invoiced",
    open: false,
    waiting_for: null,
    quantities: { invoiced: "10" },
  });
  const { track } = await detail();
  expect(track.filter(({ reachedAt, doneAt }) => reachedAt === null || doneAt === null)).toEqual([]);
});

test("what systems say stands side by side, and where they differ it is marked", async () => {
  await follower.append([accepted(), created(12)]);
  const { says } = await detail();
  expect(says.filter(({ differsSince }) => differsSince)).toMatchObject([
    {
      field: "quantity 10",
      words: [
        { system: "crm", value: "10.000", unit: "C62", seq: 1 },
        { system: "erp", value: "12", unit: "C62", seq: 2 },
      ],
    },
  ]);
  expect(says.find(({ field }) => field === "customerReference")).not.toHaveProperty("differsSince");
  // the same number written otherwise is the same number
  await follower.append([so("OrderChanged", { ...created(10).data }, "erp")]);
  expect(await row()).toMatchObject({ differing: 0 });

  await follower.append([
    po("ProductionOrderReleased", pegged(["SO-1", 10])),
    released(["SO-1", 10]),
    reported("20", 1, 4),
    po("ProductionConfirmed", { operation: "20", document: "P-1", good: q(3), scrap: q(0) }),
  ]);
  expect((await detail()).says.filter(({ differsSince }) => differsSince)).toMatchObject([
    {
      field: "good PO-1",
      words: [
        { system: "erp", value: "3" },
        { system: "mes-lyon", value: "4" },
      ],
    },
  ]);
});

test("a link that comes late brings what happened before it, and a production order that is given away leaves", async () => {
  await follower.append([
    wo("WorkOrderStarted", {}),
    reported("20", 1, 4),
    released(["SO-1", 10]),
    accepted(),
    created(10),
  ]);
  expect(await row()).toMatchObject({ stage: "order", quantities: { good: "0" } });
  await follower.append([po("ProductionOrderPlanned", pegged(["SO-1", 10]))]);
  expect(await row()).toMatchObject({ stage: "in-production", plants: ["lyon"], quantities: { good: "4" } });
  expect(await numbers()).toEqual([
    "customerOrder 45000123",
    "erpOrder D-SO-1",
    "productionOrder PO-1",
    "quote Q-SO-1",
    "salesOrder SO-1",
    "workOrder WO-1",
  ]);
  await follower.append([
    accepted("SO-2"),
    created(10, {}, "SO-2"),
    po("ProductionOrderChanged", pegged(["SO-2", 10])),
  ]);
  expect(await row()).toMatchObject({ stage: "order", quantities: { good: "0" } });
  expect(await row("SO-2")).toMatchObject({ stage: "in-production", quantities: { good: "4" } });
  expect(await numbers()).not.toContain("workOrder WO-1");
});

test("of what serves two orders each counts at most what is pegged to it", async () => {
  await follower.append([
    created(6),
    created(4, {}, "SO-2"),
    po("ProductionOrderReleased", pegged(["SO-1", 6], ["SO-2", 4])),
    released(["SO-1", 6], ["SO-2", 4]),
    reported("20", 1, 5),
    po("ProductionReceiptPosted", {
      document: "R-1",
      item: "PUMP-200",
      quantity: q(5),
      status: "unrestricted",
    }),
  ]);
  expect(await row()).toMatchObject({ quantities: { good: "5", received: "5" } });
  expect(await row("SO-2")).toMatchObject({ quantities: { good: "4", received: "4" } });
});

test("holds are seen wherever they lie: on credit, on the goods, on the work", async () => {
  await follower.append([
    created(10),
    po("ProductionOrderReleased", pegged(["SO-1", 10])),
    released(["SO-1", 10]),
  ]);
  expect(await row()).toMatchObject({ held: false });
  await follower.append([of("customer/C-7", "CreditHoldPlaced", {}, "erp")]);
  expect(await row()).toMatchObject({ held: true, waiting_for: "finance" });
  await follower.append([
    of("customer/C-7", "CreditHoldReleased", {}, "erp"),
    wo("LotProduced", { item: "PUMP-200", lot: "L-1", quantity: q(4), precision: "lot" }),
    of("qualityHold/H-1", "GoodsHeld", { hold: "H-1", lot: "L-1", holds: 1 }),
  ]);
  expect(await row()).toMatchObject({ held: true, waiting_for: "quality" });
  await follower.append([of("qualityHold/H-1", "GoodsFreed", { hold: "H-1", lot: "L-1", holds: 0 })]);
  expect(await row()).toMatchObject({ held: false, waiting_for: "plant" });
  await follower.append([wo("WorkOrderHeld", { reason: { message: "press is down" } })]);
  expect(await row()).toMatchObject({ held: true, waiting_for: "plant-operations" });
  expect((await detail()).holds).toMatchObject([{ what: "workOrder/WO-1", because: "press is down" }]);
});

test("filled anew it holds the same bytes", async () => {
  const events = [
    accepted(),
    wo("WorkOrderStarted", {}),
    created(10),
    reported("20", 1, 4, 1),
    po("ProductionOrderReleased", pegged(["SO-1", 6], ["SO-2", 4])),
    released(["SO-1", 6], ["SO-2", 4]),
    accepted("SO-2"),
    of("customer/C-7", "CreditHoldPlaced", {}, "erp"),
    created(4, {}, "SO-2"),
    wo("LotProduced", { item: "PUMP-200", lot: "L-1", quantity: q(4), precision: "lot" }),
    of("qualityHold/H-1", "GoodsHeld", { hold: "H-1", lot: "L-1", holds: 1 }),
  ];
  for (const event of events) {
    await follower.append([event]);
    await follower.follow();
  }
  const before = await follower.digests();
  expect(before).toMatchObject([{}, { held: 2 }, { held: 2 }, {}]);
  for (const limit of [3, 100]) {
    await resetView(follower.database.pool, order);
    await follower.follow(limit);
    expect(await follower.digests()).toEqual(before);
  }
});
