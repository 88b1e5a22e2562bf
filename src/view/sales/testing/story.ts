/** One order from the quote to the truck, as events for the views that figures are made of. */
const PIECES = (value: string | number) => ({ value: String(value), unit: "C62" });

function at(time: string, name: string, data: object, more: object = {}) {
  return { name, time: `2026-03-${time}:00Z`, body: JSON.stringify(data), ...more };
}
const line = (n: number, day: string) => ({
  line: n,
  item: "PUMP-200",
  quantity: PIECES(n * 10),
  schedule: [{ scheduleLine: 1, quantity: PIECES(n * 10), confirmedDate: day }],
});
const report4 = (confirmation: number, good: number, scrap: number, rework: number) => ({
  workOrder: "PO-1",
  productionOrder: "PO-1",
  operation: "20",
  confirmation,
  good: PIECES(good),
  scrap: PIECES(scrap),
  rework: PIECES(rework),
  last: false,
});
const LYON = { plant: "lyon" };

export const STORY = [
  at("01T08:00", "QuoteAccepted", {
    quote: "Q-1",
    salesOrder: "SO-1",
    customer: "C-1",
    lines: [{ line: 1, item: "PUMP-200", quantity: PIECES(10) }],
  }),
  at(
    "01T09:00",
    "OrderCreated",
    {
      salesOrder: "SO-1",
      document: "1",
      customer: "C-1",
      lines: [line(1, "2026-03-05"), line(2, "2026-03-05")],
    },
    { businessUnit: "pumps" },
  ),
  at(
    "01T10:00",
    "ProductionOrderReleased",
    {
      productionOrder: "PO-1",
      item: "PUMP-200",
      quantity: PIECES(10),
      pegging: [{ salesOrder: "SO-1", line: 1 }],
    },
    { ...LYON, businessUnit: "pumps" },
  ),
  at(
    "01T10:01",
    "OrderReleaseDelayed",
    { productionOrder: "PO-1", gates: [{ gate: "credit", message: "on hold" }] },
    LYON,
  ),
  at(
    "01T12:00",
    "WorkOrderReleased",
    {
      productionOrder: "PO-1",
      workOrder: "PO-1",
      item: "PUMP-200",
      quantity: PIECES(10),
      plannedEnd: "2026-03-02T10:00:00+01:00",
    },
    LYON,
  ),
  at("02T08:00", "OperationCompleted", report4(1, 4, 1, 2), LYON),
  at("02T08:00", "OperationCompleted", report4(1, 4, 1, 2), LYON),
  at("02T08:05", "ProductionConfirmed", {
    productionOrder: "PO-1",
    operation: "20",
    confirmation: 1,
    document: "c1",
    good: PIECES(4),
    scrap: PIECES(1),
  }),
  at("02T09:00", "OperationCompleted", report4(2, 2, 0, -2), LYON),
  at("02T09:30", "OperationCompleted", report4(3, 1, 0, 0), LYON),
  at(
    "02T09:31",
    "EffectApplied",
    {
      effect: "ConfirmOperation.v1",
      reference: "R",
      system: "erp",
      lane: "x",
      process: "p",
      key: "PO-1",
      name: "confirm",
    },
    { causeSeq: 9 },
  ),
  at("03T08:00", "WorkOrderCompleted", { workOrder: "PO-1" }, LYON),
  at("04T08:00", "PromiseDateChanged", { salesOrder: "SO-1", line: 2, newDate: "2026-03-07" }),
  at("05T08:00", "ShipmentConfirmed", {
    shipment: "SH-1",
    salesOrder: "SO-1",
    shippedOn: "2026-03-05",
    lines: [{ line: 1, item: "PUMP-200", quantity: PIECES("10.000") }],
  }),
  at("05T09:00", "GoodsIssued", {
    salesOrder: "SO-1",
    shipment: "SH-1",
    document: "d1",
    lines: [{ line: 1, item: "PUMP-200", quantity: PIECES(10) }],
  }),
  at("06T08:00", "ShipmentConfirmed", {
    shipment: "SH-2",
    salesOrder: "SO-1",
    shippedOn: "2026-03-06",
    lines: [{ line: 2, item: "PUMP-200", quantity: PIECES(15) }],
  }),
  at("07T08:00", "GoodsIssued", {
    salesOrder: "SO-1",
    document: "d2",
    postedOn: "2026-03-07",
    lines: [{ line: 2, item: "PUMP-200", quantity: PIECES(5) }],
  }),
];
