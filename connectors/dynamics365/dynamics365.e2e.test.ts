import { afterAll, beforeAll, expect, test } from "vitest";
import { startPeer, type Peer } from "../../src/connector/conformance/peer.ts";
import type { Answer, Connector, OutgoingEffect, ProbeAnswer, Session } from "../../src/connector/index.ts";
import { withMappings } from "../../src/mapping/conformance/mapped.ts";
import { rig } from "./conformance.ts";
import connector from "./index.ts";

const mapped = withMappings({ connector: connector as Connector, rig, folder: import.meta.dirname });
const signal = AbortSignal.timeout(600_000);
let peer: Peer;
let session: Session;
/** The same ERP, as one whose queue nobody can look into. */
let blind: Session;
let effects = 0;

beforeAll(async () => {
  peer = await startPeer(rig.simulator);
  const open = (more: object) =>
    mapped.connector.open({
      system: "d365",
      config: { ...rig.config(peer.url), ...more },
      timeoutMs: 30_000,
    });
  session = await open({});
  blind = await open({ messageLog: false });
  for (const stock of [{ ItemNumber: "MOTOR-1" }, { ItemNumber: "SCREW" }])
    await clerk("adjust-stock", { ...stock, WarehouseId: "11", Quantity: 10_000 });
});
afterAll(async () => {
  await session.close();
  await blind.close();
  await peer.close();
  await mapped.close?.();
});

const C62 = (value: string) => ({ value, unit: "C62" });
const at = `${new Date().toISOString().slice(0, 10)}T10:00:00Z`;

function effect(type: string, payload: unknown): OutgoingEffect {
  const reference = `D365${String(++effects).padStart(12, "0")}`;
  return { reference, type: `${type}.v1`, payload, attempt: 1, beforeWrite() {} };
}

const clerk = (action: string, given: object) => peer.admin("POST", "clerk", { action, ...given });
const work = () => peer.admin("POST", "tick");

async function followed(sent: Answer, given: OutgoingEffect): Promise<Answer | ProbeAnswer> {
  let answer: Answer | ProbeAnswer = sent;
  for (let look = 0; look < 10 && answer.class === "accepted"; look++) {
    await work();
    answer = await session.probe!(given, signal);
  }
  return answer;
}

async function apply(given: OutgoingEffect): Promise<Answer | ProbeAnswer> {
  return followed(await session.apply(given, signal), given);
}

async function applied(type: string, payload: unknown): Promise<OutgoingEffect> {
  const given = effect(type, payload);
  expect(await apply(given)).toMatchObject({ class: "applied" });
  return given;
}

/** An order of pumps, released and started. */
async function startedOrder(quantity: string): Promise<string> {
  const request = effect("RequestProduction", {
    request: `R-${effects}`,
    item: "PUMP-200",
    quantity: C62(quantity),
  });
  const made = await session.apply(request, signal);
  const { ProductionOrderNumber: productionOrder = "" } = (made as { evidence: Record<string, string> })
    .evidence;
  await applied("StartProductionOrder", { productionOrder, startedAt: at });
  return productionOrder;
}

type Order = {
  ProductionOrderNumber: string;
  ProductionOrderStatus: string;
  ILKReportedGoodQuantity: number;
  ILKScrappedQuantity: number;
  receivedQuantity: number;
  operations: { OperationNumber: number; ILKGoodQuantity: number; ILKErrorQuantity: number }[];
};

async function held(number: string): Promise<Order> {
  const { productionOrders } = (await peer.admin("GET", "production-orders")) as {
    productionOrders: Order[];
  };
  return productionOrders.find((order) => order.ProductionOrderNumber === number)!;
}

const confirmation = (productionOrder: string, good: string, scrap = "0", operation = "10") => ({
  productionOrder,
  operation,
  confirmation: 1,
  good: C62(good),
  scrap: C62(scrap),
  rework: C62("0"),
  reportedAt: at,
  last: false,
});

const receipt = (productionOrder: string, quantity: string, lot: string) => ({
  productionOrder,
  confirmation: 1,
  item: "PUMP-200",
  quantity: C62(quantity),
  lots: [{ lot, quantity: C62(quantity) }],
  status: "unrestricted",
  reportedAt: at,
});

test("one piece reported is one piece in stock, and one scrapped is one scrapped", async () => {
  const productionOrder = await startedOrder("5");
  for (const operation of ["10", "20"])
    await applied("ConfirmOperation", confirmation(productionOrder, "5", "0", operation));
  await applied("ConfirmOperation", confirmation(productionOrder, "4", "1", "30"));
  await applied("ReceiveProduction", receipt(productionOrder, "4", "LOT-A"));

  expect(await held(productionOrder)).toMatchObject({
    ILKReportedGoodQuantity: "4",
    ILKScrappedQuantity: "1",
    receivedQuantity: "4",
    ProductionOrderStatus: "ReportedFinished",
    operations: [
      { OperationNumber: 10, ILKGoodQuantity: "5", ILKErrorQuantity: "0" },
      { OperationNumber: 20, ILKGoodQuantity: "5", ILKErrorQuantity: "0" },
      { OperationNumber: 30, ILKGoodQuantity: "4", ILKErrorQuantity: "1" },
    ],
  });
  const { stock } = (await peer.admin("GET", "stock")) as {
    stock: { ItemBatchNumber: string; OnHandQuantity: string; InventoryStatusId: string }[];
  };
  expect(stock.filter(({ ItemBatchNumber }) => ItemBatchNumber === "LOT-A")).toMatchObject([
    { OnHandQuantity: "4", InventoryStatusId: "Available" },
  ]);

  await applied("FinishProductionOrder", {
    productionOrder,
    good: C62("4"),
    scrap: C62("1"),
    finishedAt: at,
  });
  expect(await held(productionOrder)).toMatchObject({ ProductionOrderStatus: "Completed" });
  // One pump of 310 is lost, nothing of the order is left in process, and the books balance.
  expect(await peer.admin("GET", "ledger-balance")).toMatchObject({
    total: "0",
    unbalanced: [],
    accounts: { "140200 Work in process": "0", "510400 Production scrap": "310" },
  });
});

test("an order without a route is confirmed by its reports as finished: one scrapped is one scrapped", async () => {
  await peer.admin("POST", "seed", {
    products: [{ ItemNumber: "TUBE", ProductionType: "BOM", UnitCost: "3" }],
    boms: [
      {
        BOMId: "TUBE-A",
        ILKItemNumber: "TUBE",
        ILKRevision: "A",
        lines: [{ ItemNumber: "SCREW", Quantity: "1" }],
      },
    ],
  });
  const productionOrder = "TUBE-1";
  await clerk("release-production", {
    ProductionOrderNumber: productionOrder,
    ItemNumber: "TUBE",
    Quantity: 10,
  });
  await applied("StartProductionOrder", { productionOrder, startedAt: at });
  const { operation: _, ...whole } = confirmation(productionOrder, "9", "1");
  await applied("ConfirmOperation", whole);
  const { lots: __, ...received } = receipt(productionOrder, "9", "");
  await applied("ReceiveProduction", { ...received, item: "TUBE" });
  expect(await held(productionOrder)).toMatchObject({
    ILKReportedGoodQuantity: "9",
    ILKScrappedQuantity: "1",
    receivedQuantity: "9",
    ProductionOrderStatus: "ReportedFinished",
  });
  expect(await apply(effect("ConfirmOperation", { ...whole, scrap: C62("0") }))).toMatchObject({
    class: "applied",
    evidence: { confirmed: "with its receipt, as it has no route" },
  });
});

test("an order that made less is ended without taking into stock what was never made", async () => {
  const productionOrder = await startedOrder("5");
  await applied("ReceiveProduction", receipt(productionOrder, "2", "LOT-B"));
  const finish = effect("FinishProductionOrder", {
    productionOrder,
    good: C62("2"),
    scrap: C62("0"),
    finishedAt: at,
  });
  // Of its two messages the first arrives, and nobody hears of it.
  await peer.arm({ kind: "answer-lost", operations: ["sendMessage"] });
  expect((await session.apply(finish, signal)).class).toBe("unknown");
  await work();
  const found = await session.probe!(finish, signal);
  expect(found).toMatchObject({ class: "partial", missing: { message: "ProdProductionOrderEnd" } });
  const sent = await session.resume!(finish, (found as { missing: unknown }).missing, signal);
  expect(await followed(sent, finish)).toMatchObject({ class: "applied" });
  expect(await held(productionOrder)).toMatchObject({
    ProductionOrderStatus: "Completed",
    receivedQuantity: "2",
  });
});

test("two equal confirmations, the second one's answer lost, and a clerk's in between: each is there once", async () => {
  const productionOrder = await startedOrder("20");
  const confirm = () => effect("ConfirmOperation", confirmation(productionOrder, "5"));
  await applied("ConfirmOperation", confirm().payload);

  const second = confirm();
  await peer.arm({ kind: "answer-lost", operations: ["sendMessage"] });
  expect((await session.apply(second, signal)).class).toBe("unknown");
  await postByHand(productionOrder);
  expect(await followed({ class: "accepted", evidence: {}, checkAfterMs: 0 }, second)).toMatchObject({
    class: "applied",
  });

  // This one never arrives: a clerk's posting of the same five does not pass for it.
  const third = confirm();
  await peer.arm({ kind: "reset-before", operations: ["sendMessage"] });
  expect((await session.apply(third, signal)).class).toBe("unknown");
  await postByHand(productionOrder);
  expect(await session.probe!(third, signal)).toEqual({ class: "absent" });

  expect(await peer.counts(second.reference)).toEqual({ applied: 1, standing: 1 });
  expect(await goodAt(productionOrder)).toBe(20);
});

test("the same where the queue cannot be looked into: told by the ERP's event, else open until a person decides", async () => {
  const productionOrder = await startedOrder("30");
  const first = await sendNoted(effect("ConfirmOperation", confirmation(productionOrder, "5")));
  await work();
  expect(await blind.probe!(first.effect, signal)).toMatchObject({ class: "applied" });

  await peer.arm({ kind: "answer-lost", operations: ["sendMessage"] });
  const second = await sendNoted(effect("ConfirmOperation", confirmation(productionOrder, "5")));
  expect(second.answer.class).toBe("unknown");
  await postByHand(productionOrder);
  await work();
  expect(await blind.probe!(second.effect, signal)).toMatchObject({ class: "applied" });

  await peer.arm({ kind: "reset-before", operations: ["sendMessage"] });
  const third = await sendNoted(effect("ConfirmOperation", confirmation(productionOrder, "5")));
  expect(third.answer.class).toBe("unknown");
  await postByHand(productionOrder);
  await work();
  // Five more than before, as ours would make it. Nothing is sent again on that.
  expect(await blind.probe!(third.effect, signal)).toMatchObject({
    class: "accepted",
    evidence: { since: expect.stringMatching(/OperationNumber 10 GoodQuantity 5 ErrorQuantity 0$/) },
  });
  expect((await peer.counts(third.effect.reference)).applied).toBe(0);
  expect(await goodAt(productionOrder)).toBe(20);
});

test("what was never noted is not looked for among postings that may be anybody's", async () => {
  const unsent = effect("ConfirmOperation", confirmation("P-000001", "5"));
  expect(await blind.probe!(unsent, signal)).toMatchObject({ class: "different" });
});

test("a message the ERP gives up on is a refusal in its own words, without a code that other refusals share", async () => {
  const productionOrder = await startedOrder("5");
  const refused = await apply(effect("ReceiveProduction", receipt(productionOrder, "40", "LOT-C")));
  expect(refused).toMatchObject({ class: "reject" });
  expect(refused).not.toHaveProperty("code");
  expect((refused as { reason: string }).reason).toContain("more than the 5 started");
});

test("more than the order takes is refused with what to do, and counts once when a person lets it", async () => {
  const one = await startedOrder("5");
  const tooMuch = effect("ReceiveProduction", receipt(one, "7", "LOT-M"));
  const refused = await apply(tooMuch);
  expect(refused).toMatchObject({ class: "reject" });
  expect((refused as { reason: string }).reason).toMatch(/retry, or resubmit .*"acceptOverDelivery": true$/);
  expect(await held(one)).toMatchObject({ receivedQuantity: "0" });
  // Resubmitted for this receipt alone: the next one is checked again.
  await applied("ReceiveProduction", { ...receipt(one, "7", "LOT-M"), acceptOverDelivery: true });
  expect(await held(one)).toMatchObject({ receivedQuantity: "7", ILKReportedGoodQuantity: "7" });
  expect(await apply(effect("ReceiveProduction", receipt(one, "1", "LOT-M")))).toMatchObject({
    class: "reject",
  });

  const other = await startedOrder("5");
  const card = effect("ConfirmOperation", confirmation(other, "7"));
  expect(((await apply(card)) as { reason: string }).reason).toMatch(/they count: raise .* and retry$/);
  await clerk("set-overdelivery", { ItemNumber: "PUMP-200", ILKOverdeliveryPercentage: "50" });
  expect(await apply({ ...card, attempt: 2 })).toMatchObject({ class: "applied" });
  expect(await goodAt(other)).toBe(7);
  await clerk("set-overdelivery", { ItemNumber: "PUMP-200", ILKOverdeliveryPercentage: "10" });
});

test("a message an operator cancels is a refusal, not a message that never came", async () => {
  const productionOrder = await startedOrder("5");
  await peer.set({ queueDelayMs: 3_600_000 });
  const confirm = effect("ConfirmOperation", confirmation(productionOrder, "5"));
  expect((await session.apply(confirm, signal)).class).toBe("accepted");
  const queued = await session.probe!(confirm, signal);
  expect(queued.class).toBe("accepted");
  const { evidence } = queued as Extract<ProbeAnswer, { class: "accepted" }>;
  await clerk("cancel-message", { MessageId: evidence["message"] });
  await peer.set({ queueDelayMs: 20 });
  expect(await session.probe!(confirm, signal)).toMatchObject({
    class: "reject",
    code: "DYNAMICS_MESSAGE_CANCELED",
  });
});

test("a message that the queue has forgotten is known by what it posted, and by that alone", async () => {
  const productionOrder = await startedOrder("5");
  const confirm = effect("ConfirmOperation", confirmation(productionOrder, "5"));
  const done = (await apply(confirm)) as Extract<Answer, { class: "applied" }>;
  const key = { MessageId: done.evidence["message"] };
  const set = "ILKMessageProcessorMessages";
  await peer.admin("POST", "edit", { set, key, field: "ILKReference", value: "" });
  expect(await session.probe!(confirm, signal)).toMatchObject({
    class: "applied",
    evidence: { productionOrder, posted: "productionOrder.routeCard" },
  });
  const elsewhere = { ...confirm, payload: confirmation("P-999999", "5") };
  expect((await session.probe!(elsewhere, signal)).class).toBe("different");
});

test("S6 says in words what a hand has changed behind the order's back", async () => {
  const create = effect("CreateSalesOrder", {
    salesOrder: "SO-BACK",
    customer: "US-001",
    lines: [{ line: 10, item: "SCREW", quantity: C62("5"), requestedDate: "2031-05-09" }],
  });
  await applied("CreateSalesOrder", create.payload);
  const { orders } = (await peer.admin("GET", "orders")) as {
    orders: { SalesOrderNumber: string; lines: { InventoryLotId: string }[] }[];
  };
  const [line] = orders.find(({ SalesOrderNumber }) => SalesOrderNumber === "SO-BACK")!.lines;
  await clerk("change-line", { InventoryLotId: line!.InventoryLotId, OrderedSalesQuantity: 7 });
  const found = await session.probe!(
    { ...create, reference: `D365${String(effects).padStart(12, "0")}` },
    signal,
  );
  expect(found).toMatchObject({
    class: "different",
    difference: "line 10: OrderedSalesQuantity is 7, wanted 5",
  });
});

test("reads every page, however small the ERP makes them", async () => {
  const order = await startedOrder("1");
  const receiving = await applied("ReceiveProduction", receipt(order, "1", "LOT-P"));
  const whole = await readAll();
  expect(whole.length).toBeGreaterThan(3);
  await peer.set({ maxPageSize: 1 });
  expect(await readAll()).toEqual(whole);
  expect(await session.probe!(receiving, signal)).toMatchObject({ class: "applied" });
  await peer.set({ maxPageSize: 10_000 });
});

async function readAll(): Promise<string[]> {
  const texts: string[] = [];
  for (let cursor: string | undefined, more = true; more;) {
    const page = await session.read!("production", cursor, signal);
    if (page.class !== "page") throw new Error(page.why);
    texts.push(...page.messages.map(({ raw }) => Buffer.from(raw).toString("utf8")));
    ({ cursor, more } = page);
  }
  return texts;
}

/** As the engine sends to an ERP whose queue it cannot see: what is to be kept first, then the message. */
async function sendNoted(given: OutgoingEffect): Promise<{ effect: OutgoingEffect; answer: Answer }> {
  const first = await blind.apply(given, signal);
  expect(first).toMatchObject({ class: "retry", keep: expect.anything() });
  const noted = JSON.parse(JSON.stringify((first as { keep: unknown }).keep)) as unknown;
  const noting = { ...given, noted };
  return { effect: noting, answer: await blind.resume!(noting, noted, signal) };
}

async function postByHand(ProductionOrderNumber: string): Promise<void> {
  const RouteCardLines = [{ OperationNumber: 10, GoodQuantity: 5 }];
  await clerk("post-route-card", { ProductionOrderNumber, RouteCardLines });
}

async function goodAt(productionOrder: string): Promise<number> {
  const { operations } = await held(productionOrder);
  return Number(operations.find(({ OperationNumber }) => OperationNumber === 10)!.ILKGoodQuantity);
}
