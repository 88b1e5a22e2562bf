import type { Peer } from "../../src/connector/conformance/peer.ts";
import { defineRig } from "../../src/connector/conformance/rig.ts";

const C62 = (value: string) => ({ value, unit: "C62" });
const EACH = C62;
const salesOrder = (n: number) => `SO-${n}`;
const numbered = (index: number) => `P-${String(index).padStart(6, "0")}`;
/** Large orders that many effects share: each starts, reports and takes back only its own few pieces. */
const SHARED = 40;
const productionOrder = (n: number) => numbered((n % SHARED) + 1);
const own = new Map<string, number>();
/** Behind the shared ones: an order that is ended or cancelled serves nobody else. */
const indexOf = (purpose: string) => {
  const index = own.get(purpose) ?? SHARED + 1 + own.size;
  own.set(purpose, index);
  return index;
};
const ORDERED = "5000";

const credentials = { tenant: "contoso.example", clientId: "interlock", clientSecret: "dynamics-secret" };
const config = (baseUrl: string) => ({
  baseUrl,
  loginUrl: baseUrl,
  legalEntity: "usmf",
  ...credentials,
  pageSize: 1000,
});

const order = (n: number, quantity: string, customer = "US-001") => ({
  salesOrder: salesOrder(n),
  customer,
  currency: "EUR",
  customerReference: `4500-${n}`,
  lines: [
    {
      line: 10,
      item: "SCREW",
      quantity: EACH(quantity),
      unitPrice: { amount: "0.60", currency: "EUR" },
      requestedDate: "2031-05-09",
    },
    { line: 20, item: "SCREW", quantity: EACH("2") },
  ],
});

const question = (n: number, quantity: string) => {
  const { customerReference: _, ...asked } = order(n, quantity);
  return asked;
};

const change = (n: number, quantity: string) => ({
  salesOrder: salesOrder(n),
  lines: [
    { line: 10, quantity: EACH(quantity) },
    { line: 20, quantity: EACH("0") },
    { line: 30, item: "SCREW", quantity: EACH("4") },
  ],
});

const proposal = (n: number, date: string, line = 10) => ({
  salesOrder: salesOrder(n),
  line,
  date,
  reason: "a machine is down",
});

const shipped = (n: number, quantity: string) => ({
  shipment: `SH-${n}`,
  salesOrder: salesOrder(n),
  postingDate: today,
  lines: [{ line: 10, item: "SCREW", quantity: EACH(quantity) }],
});

const today = new Date().toISOString().slice(0, 10);
const at = `${today}T10:00:00Z`;
const report = (n: number) => ({ productionOrder: productionOrder(n), confirmation: n, reportedAt: at });
const confirmation = (n: number, good: string, operation = "10") => ({
  ...report(n),
  operation,
  good: C62(good),
  scrap: C62("1"),
  rework: C62("0"),
  machineTime: { value: "30", unit: "MIN" },
  last: false,
});
const correction = (n: number, good: string) => ({
  ...report(n),
  corrects: n,
  operation: "10",
  good: C62(good),
  scrap: C62("1"),
  rework: C62("0"),
});
const consumption = (n: number, quantity: string, item = "HOUSING") => ({
  ...report(n),
  item,
  quantity: EACH(quantity),
  operation: "10",
  lot: "H-1",
});
const receipt = (n: number, quantity: string) => ({
  ...report(n),
  item: "PUMP-200",
  quantity: EACH(quantity),
  lots: [{ lot: `L-${n}`, quantity: EACH(quantity) }],
  status: "unrestricted",
});
const moved = (n: number, quantity: string) => ({
  item: "HOUSING",
  lot: `S-${n}`,
  quantity: EACH(quantity),
  from: "unrestricted",
  to: "blocked",
  reason: "porous",
});
const scrapped = (n: number, quantity: string) => ({
  item: "HOUSING",
  lot: `S-${n}`,
  quantity: EACH(quantity),
  status: "unrestricted",
});
const finish = (order: string, time: string) => ({
  productionOrder: order,
  good: C62("1"),
  scrap: C62("0"),
  finishedAt: `${today}T${time}Z`,
});

const ended = (n: number) => numbered(indexOf(`finish/${n}`));

const clerk = (peer: Peer, action: string, given: object) =>
  peer.admin("POST", "clerk", { action, ...given });
/** The ERP numbers production orders by itself: as many are made as the number needs, all of them alike. */
async function withProduction(peer: Peer, index: number): Promise<void> {
  const { operations } = (await peer.admin("GET", "book/summary")) as { operations: Record<string, number> };
  let count = operations["productionOrder.create"] ?? 0;
  if (count === 0) await withStock(peer);
  if (index <= count) return;
  const wanted = { ItemNumber: "PUMP-200", Quantity: Number(ORDERED), ProductConfigurationId: "M1" };
  for (; count < index; count++) await clerk(peer, "make-to-stock", wanted);
  await work(peer);
}

const withShared = (peer: Peer) => withProduction(peer, SHARED);

async function withStock(peer: Peer): Promise<void> {
  for (const [ItemNumber, ItemBatchNumber] of [["MOTOR-1"], ["SCREW"], ["HOUSING", "H-1"]])
    await clerk(peer, "adjust-stock", {
      ItemNumber,
      WarehouseId: "11",
      ItemBatchNumber,
      Quantity: 1_000_000,
    });
}

async function withLot(peer: Peer, n: number): Promise<void> {
  const lot = { ItemNumber: "HOUSING", WarehouseId: "11", ItemBatchNumber: `S-${n}` };
  await clerk(peer, "adjust-stock", { ...lot, Quantity: 10 });
}

async function withReported(peer: Peer, n: number): Promise<void> {
  await withProduction(peer, indexOf(`finish/${n}`));
  const ProductionOrderNumber = ended(n);
  await clerk(peer, "start-production", { ProductionOrderNumber, StartedQuantity: 1 });
  const ReportFinishedLines = [{ ReportedGoodQuantity: 1, EndJob: "Yes" }];
  await clerk(peer, "report-finished", { ProductionOrderNumber, ReportFinishedLines });
}

const running = new WeakMap<Peer, Promise<unknown>>();
const waiting = new WeakMap<Peer, Promise<void>>();

/** One look into the queue serves all who ask before it has begun. */
function work(peer: Peer): Promise<void> {
  const next = waiting.get(peer) ?? tickAfter(peer, running.get(peer));
  waiting.set(peer, next);
  return next;
}

async function tickAfter(peer: Peer, before: Promise<unknown> | undefined): Promise<void> {
  await before;
  waiting.delete(peer);
  const tick = peer.admin("POST", "tick");
  running.set(peer, tick);
  await tick;
}

const sendMessage = { operations: ["sendMessage"] };
const service = { operations: ["service"] };
let told = 0;

export const rig = defineRig({
  simulator: "erp-dynamics365",
  config,
  refusedConfig: (baseUrl) => ({ ...config(baseUrl), clientSecret: "not-the-secret" }),
  effects: {
    CheckOrder: {
      payload: (n) => question(n, "5"),
      otherwise: (n) => question(n, "6"),
      refused: (n) => question(n, "0"),
      operations: ["checkOrder"],
    },
    CreateSalesOrder: {
      payload: (n) => order(n, "5.000"),
      otherwise: (n) => order(n, "6"),
      refused: (n) => order(n, "5", "US-999"),
      operations: ["batch"],
    },
    ChangeSalesOrder: {
      payload: (n) => change(n, "8"),
      otherwise: (n) => change(n, "9"),
      refused: (n) => ({
        salesOrder: salesOrder(n),
        lines: [{ line: 40, item: "NO-0", quantity: EACH("1") }],
      }),
      after: "CreateSalesOrder",
      operations: ["batch"],
    },
    CancelSalesOrder: {
      payload: (n) => ({ salesOrder: salesOrder(n), reason: "project stopped" }),
      otherwise: (n) => ({ salesOrder: salesOrder(n + 1_000_000) }),
      refused: (n) => ({ salesOrder: salesOrder(n + 1_000_000) }),
      after: "CreateSalesOrder",
      ...service,
    },
    ProposePromiseDate: {
      payload: (n) => proposal(n, "2031-06-02"),
      otherwise: (n) => proposal(n, "2031-06-09"),
      refused: (n) => proposal(n, "2031-06-02", 99),
      after: "CreateSalesOrder",
      operations: ["change"],
    },
    PostGoodsIssue: {
      payload: (n) => shipped(n, "2"),
      otherwise: (n) => shipped(n, "1"),
      refused: (n) => shipped(n, "1000"),
      after: "CreateSalesOrder",
      byHand: withShared,
      ...service,
    },
    SetStockStatus: {
      payload: (n) => moved(n, "2"),
      otherwise: (n) => moved(n, "1"),
      refused: (n) => moved(n, "11"),
      byHand: withLot,
      ...service,
    },
    ScrapStock: {
      payload: (n) => scrapped(n, "2"),
      otherwise: (n) => scrapped(n, "1"),
      refused: (n) => scrapped(n, "11"),
      byHand: withLot,
      ...service,
    },
    RequestProduction: {
      payload: (n) => ({ request: `REQ-${n}`, item: "PUMP-200", quantity: EACH(ORDERED) }),
      otherwise: (n) => ({ request: `REQ-${n}`, item: "PUMP-200", quantity: EACH("6000") }),
      refused: (n) => ({ request: `REQ-${n}`, item: "SCREW", quantity: EACH("50") }),
      ...service,
    },
    StartProductionOrder: {
      payload: (n) => ({ productionOrder: productionOrder(n), quantity: EACH("5"), startedAt: at }),
      otherwise: (n) => ({ productionOrder: productionOrder(n), quantity: EACH("6"), startedAt: at }),
      refused: (n) => ({ productionOrder: productionOrder(n), quantity: EACH("9000"), startedAt: at }),
      byHand: withShared,
      ...sendMessage,
    },
    ConfirmOperation: {
      payload: (n) => confirmation(n, "3"),
      otherwise: (n) => confirmation(n, "2"),
      refused: (n) => confirmation(n, "3", "77"),
      after: "StartProductionOrder",
      ...sendMessage,
    },
    ReverseConfirmation: {
      payload: (n) => correction(n, "1"),
      otherwise: (n) => correction(n, "2"),
      refused: (n) => correction(n, "4000"),
      after: "ConfirmOperation",
      ...sendMessage,
    },
    PostMaterialConsumption: {
      payload: (n) => consumption(n, "3"),
      otherwise: (n) => consumption(n, "4"),
      refused: (n) => consumption(n, "3", "OLD-100"),
      after: "StartProductionOrder",
      ...sendMessage,
    },
    ReverseConsumption: {
      payload: (n) => ({ ...consumption(n, "1"), corrects: n }),
      otherwise: (n) => ({ ...consumption(n, "2"), corrects: n }),
      refused: (n) => ({ ...consumption(n, "4000"), corrects: n }),
      after: "PostMaterialConsumption",
      ...sendMessage,
    },
    ReceiveProduction: {
      payload: (n) => receipt(n, "3"),
      otherwise: (n) => receipt(n, "2"),
      refused: (n) => receipt(n, "4000"),
      after: "StartProductionOrder",
      ...sendMessage,
    },
    ReverseReceipt: {
      payload: (n) => takenBack(n, "1"),
      otherwise: (n) => takenBack(n, "2"),
      refused: (n) => takenBack(n, "4000"),
      after: "ReceiveProduction",
      ...sendMessage,
    },
    FinishProductionOrder: {
      payload: (n) => finish(ended(n), "16:00:00"),
      otherwise: (n) => ({ ...finish(ended(n), "16:00:00"), finishedAt: "2031-05-09T16:00:00Z" }),
      refused: () => finish(numbered(999_999), "16:00:00"),
      byHand: withReported,
      ...sendMessage,
    },
  },
  news: [
    "CheckOrder",
    "ChangeSalesOrder",
    "CancelSalesOrder",
    "ProposePromiseDate",
    "PostGoodsIssue",
    "SetStockStatus",
    "ScrapStock",
    "ConfirmOperation",
    "PostMaterialConsumption",
    "ReceiveProduction",
    "FinishProductionOrder",
  ],
  async newsByHand(peer) {
    await clerk(peer, "unblock-customer", { CustomerAccount: "US-002" });
    const held = (await clerk(peer, "create-order", {
      OrderingCustomerAccountNumber: "US-002",
      lines: [{ ItemNumber: "HOUSING", OrderedSalesQuantity: 100 }],
    })) as { SalesOrderNumber: string };
    await clerk(peer, "release-credit", held);
    await clerk(peer, "cancel-order", held);
    const index = indexOf(`news/${++told}`);
    await withProduction(peer, index);
    const ProductionOrderNumber = numbered(index);
    await clerk(peer, "reschedule", { ProductionOrderNumber, DeliveryDate: "2031-06-30" });
    await clerk(peer, "hold-production", { ProductionOrderNumber, Reason: "drawing is wrong" });
    await clerk(peer, "resume-production", { ProductionOrderNumber });
    await clerk(peer, "cancel-production", { ProductionOrderNumber });
    await clerk(peer, "block-customer", { CustomerAccount: "US-002", Reason: "unpaid invoices" });
    await clerk(peer, "set-credit-limit", { CustomerAccount: "US-001", CreditLimit: 0 });
    // More than there is: it is bought, and comes at once.
    const wish = { ItemNumber: "SCREW", OrderedSalesQuantity: 3_000_000 };
    await clerk(peer, "create-order", { OrderingCustomerAccountNumber: "US-001", lines: [wish] });
    const { purchases } = (await peer.admin("GET", "purchases")) as {
      purchases: { PurchaseRequestNumber: string; Status: string }[];
    };
    const bought = purchases.findLast(({ Status }) => Status === "Open");
    await clerk(peer, "receive-purchase", { PurchaseRequestNumber: bought?.PurchaseRequestNumber });
    await clerk(peer, "block-item", { ItemNumber: "MOTOR-2", Reason: "recalled" });
    await clerk(peer, "unblock-item", { ItemNumber: "MOTOR-2" });
    const lines = [
      { ItemNumber: "HOUSING", Quantity: "1", RouteOperationNumber: 10, FlushingPrinciple: "Manual" },
      { ItemNumber: "SCREW", Quantity: "4", RouteOperationNumber: 20, FlushingPrinciple: "Finish" },
    ];
    await clerk(peer, "revise-bom", { ItemNumber: "PUMP-200", ILKRevision: `R${told}`, lines });
  },
  rereads:
    "control numbers come from blocks and have gaps, and no number tells one from an event still to come: each poll looks again at the last minutes",
  work,
  waivers: [],
});

function takenBack(n: number, quantity: string) {
  const { status: _, reportedAt: __, ...back } = receipt(n, quantity);
  return { ...back, corrects: n };
}
