import { test } from "vitest";
import { cancelled, event, fired, rejected } from "../../src/testing/index.ts";
import * as story from "./testing/story.ts";
import {
  aCase,
  asset,
  given,
  hold,
  holdRaised,
  holdReleased,
  invoiced,
  issue,
  issued,
  KEY,
  line,
  lots,
  notice,
  ordered,
  pumps,
  q,
  ready,
  received,
  release,
  shipped,
  supply,
  tell,
} from "./testing/story.ts";

const S1 = `${KEY}.S1`;
const first = line(6, { scheduleLine: 1, lots: lots(["L-1", 6]) });
const second = line(4, { scheduleLine: 2, lots: lots(["L-2", 4]) });
const letGo = [ordered(), supply(), received(6, "L-1")] as const;
const track = (shipment = S1, more: object = {}) => ({ shipment, ...more, shippedOn: "2026-03-20" });
const gone = (quantity: number, ...tracking: object[]) => ({
  lines: [{ line: 1, shipped: q(quantity) }],
  tracking,
});
const ofLot = (lot: string, quantity: number, shipment = S1, more: object = {}) =>
  asset({
    asset: `${lot}.${shipment}`,
    lot,
    quantity: q(quantity),
    itemRevision: "B",
    productionOrders: ["PO-1"],
    ...more,
  });
const bothLeft = [
  ...letGo,
  received(4, "L-2"),
  shipped([first]),
  shipped([second], {}, `${KEY}.S2`),
] as const;

test("what has left is posted, shown with its number on the way, its lots become assets, and the customer hears", () => {
  const packages = [{ package: "1", tracking: "EF-99" }];
  const way = { carrier: "Example Freight", tracking: "EF-99" };
  given(...letGo)
    .when({ ...shipped([first], { ...way, packages }), time: "2026-03-20T08:00:00Z" })
    .then({
      phase: "open",
      effects: [
        issue([first]),
        tell("partly-shipped", gone(6, track(S1, way))),
        ofLot("L-1", 6),
        notice([first], { ...way, packages }),
      ],
      closedCases: ["SHIPMENT_OVERDUE"],
      timers: { invoice: "2026-03-20T16:00:00.000000Z", promise: "2026-03-22T00:00:00.000000Z" },
    });
});

test("with the last delivery the order has shipped, and with the last invoice it is done", () => {
  given(...letGo, received(4, "L-2"), shipped([first]))
    .when(shipped([second], {}, `${KEY}.S2`))
    .then({
      phase: "shipped",
      effects: [
        issue([second], `${KEY}.S2`),
        tell("shipped", gone(10, track(), track(`${KEY}.S2`))),
        ofLot("L-2", 4, `${KEY}.S2`),
        notice([second], { shipment: `${KEY}.S2` }),
      ],
      closedCases: ["SHIPMENT_OVERDUE"],
    });
  given(...bothLeft, issued("PS-1", [first], { shipment: S1 }))
    .when(issued("PS-2", [second], { shipment: `${KEY}.S2` }))
    .then({ phase: "shipped" });
  given(
    ...bothLeft,
    issued("PS-1", [first]),
    issued("PS-2", [second]),
    invoiced("I-1", { goodsIssue: "PS-1" }),
  )
    .when(invoiced("I-2", { goodsIssue: "PS-2" }))
    .then({
      phase: "done",
      effects: [tell("invoiced", gone(10, track(), track(`${KEY}.S2`)))],
      closedCases: ["INVOICE_OVERDUE"],
      timers: {},
    });
  given(...bothLeft, issued("PS-1", [first]), issued("PS-2", [second]))
    .when(invoiced("I-1"))
    .then({
      phase: "done",
      effects: [tell("invoiced", gone(10, track(), track(`${KEY}.S2`)))],
      closedCases: ["INVOICE_OVERDUE"],
    });
});

test("an invoice that is read before its goods issue still counts, and one of other goods does not", () => {
  const whole = [ordered([pumps([6])]), supply(), received(6, "L-1"), shipped([first])];
  given(...whole)
    .when(invoiced("I-1", { goodsIssue: "PS-1" }))
    .then({ phase: "shipped" });
  given(...whole, invoiced("I-1", { goodsIssue: "PS-1" }))
    .when(issued("PS-1", [first]))
    .then({
      phase: "done",
      effects: [tell("invoiced", gone(6, track()))],
      closedCases: ["INVOICE_OVERDUE"],
    });
  given(...whole, invoiced("I-1", { goodsIssue: "PS-9" }))
    .when(issued("PS-1", [first]))
    .then({ phase: "shipped" });
  given(...whole)
    .when(invoiced("I-1", { shipment: S1 }))
    .then({
      phase: "done",
      effects: [tell("invoiced", gone(6, track()))],
      closedCases: ["INVOICE_OVERDUE"],
    });
});

test("goods that the ERP posts by hand have left too, and are not posted again", () => {
  given(...letGo)
    .when(issued("PS-1", [line(6)]))
    .then({
      phase: "open",
      effects: [tell("partly-shipped", gone(6, track())), notice([line(6)])],
      closedCases: ["SHIPMENT_OVERDUE"],
    });
  given(...letGo, issued("PS-1", [line(6)]))
    .when(issued("PS-1", [line(6)]))
    .then({ phase: "open" });
  given(...letGo)
    .when(issued("PS-7", [line(3, { lots: lots(["L-1", 3]) })]))
    .then({
      phase: "open",
      effects: [
        tell("partly-shipped", gone(3, track("PS-7"))),
        ofLot("L-1", 3, "PS-7"),
        notice([line(3, { lots: lots(["L-1", 3]) })], { shipment: "PS-7" }),
        hold("a part of it is not in stock any more"),
        tell("at-risk", {
          ...gone(3, track("PS-7")),
          message: `${S1}: a part of it is not in stock any more`,
        }),
      ],
      cases: [aCase("SHIPMENT_HELD", "customer-service")],
      closedCases: ["SHIPMENT_OVERDUE"],
    });
});

test("a shipment that is confirmed twice has left once", () => {
  given(...letGo, shipped([first]))
    .when(shipped([first], { carrier: "Example Freight" }))
    .then({ phase: "open" });
});

test("what was picked short stays, and leaves with the next shipment", () => {
  const short = line(5, { lots: lots(["L-1", 5]) });
  given(...letGo)
    .when(shipped([short]))
    .then({
      phase: "open",
      effects: [
        issue([short]),
        tell("partly-shipped", gone(5, track())),
        ofLot("L-1", 5),
        notice([short]),
        release([line(1, { scheduleLine: 1, lots: lots(["L-1", 1]) })], `${KEY}.S2`),
        tell("ready-to-ship", gone(5, track())),
      ],
      derived: [
        ready([line(1, { scheduleLine: 1, lots: lots(["L-1", 1]) })], false, { shipment: `${KEY}.S2` }),
      ],
    });
});

test("another lot than the planned one may leave: what was set aside is there for the next", () => {
  const other = line(6, { lots: lots(["L-2", 6]) });
  given(ordered([pumps([6, 6])]), supply(), received(6, "L-1"), received(5, "L-2"))
    .when(shipped([other]))
    .then({
      phase: "open",
      effects: [issue([other]), tell("partly-shipped", gone(6, track())), ofLot("L-2", 6), notice([other])],
      closedCases: ["SHIPMENT_OVERDUE"],
    });
  given(
    ordered([pumps([6, 6])]),
    supply(),
    received(6, "L-1"),
    received(5, "L-2"),
    shipped([line(5, { lots: lots(["L-2", 5]) })]),
  )
    .when(shipped([line(1, { lots: lots(["L-1", 1]) })], {}, `${KEY}.S2`))
    .then({
      phase: "open",
      effects: [
        issue([line(1, { lots: lots(["L-1", 1]) })], `${KEY}.S2`),
        tell("partly-shipped", gone(6, track(), track(`${KEY}.S2`))),
        ofLot("L-1", 1, `${KEY}.S2`),
        notice([line(1, { lots: lots(["L-1", 1]) })], { shipment: `${KEY}.S2` }),
      ],
      closedCases: ["SHIPMENT_OVERDUE"],
    });
});

test("goods that nobody set aside may leave, and too much of them is a case", () => {
  given(ordered(), supply())
    .when(shipped([line(11)], {}, "W-1"))
    .then({
      phase: "shipped",
      effects: [
        issue([line(11)], "W-1"),
        tell("shipped", gone(11, track("W-1"))),
        notice([line(11)], { shipment: "W-1" }),
      ],
      cases: [aCase("SHIPPED_TOO_MUCH", "customer-service")],
    });
});

test("a goods issue that is not what left is finance's", () => {
  given(...letGo, shipped([first]))
    .when(issued("PS-1", [line(5)], { shipment: S1 }))
    .then({ phase: "open", cases: [aCase("GOODS_ISSUE_DIFFERS", "finance")] });
});

test("a hold stops a shipment that has not left, and its end lets it go again", () => {
  const message = `${S1}: L-1 is under quality hold`;
  given(...letGo)
    .when(holdRaised("H-1", { lot: "L-1" }))
    .then({
      phase: "open",
      effects: [hold("L-1 is under quality hold"), tell("at-risk", { message })],
      cases: [aCase("SHIPMENT_HELD", "customer-service")],
      closedCases: ["SHIPMENT_OVERDUE"],
      timers: { promise: "2026-03-21T00:00:00.000000Z" },
    });
  given(...letGo, holdRaised("H-1", { lot: "L-1" }))
    .when(holdRaised("H-2", { lot: "L-1" }))
    .then({ phase: "open" });
  given(
    ...letGo,
    holdRaised("H-1", { lot: "L-1" }),
    holdRaised("H-2", { lot: "L-1" }),
    holdReleased("H-1", { lot: "L-1" }),
  )
    .when({ ...holdReleased("H-2", { lot: "L-1" }), time: "2026-03-20T08:00:00Z" })
    .then({
      phase: "open",
      effects: [release([first]), tell("ready-to-ship")],
      closedCases: ["SHIPMENT_HELD"],
      timers: { promise: "2026-03-21T00:00:00.000000Z", shipping: "2026-03-21T00:00:00.000000Z" },
    });
  given(...letGo)
    .when(holdRaised("H-1", { lot: "L-9" }))
    .then({ phase: "open" });
});

test("stock that the ERP blocks, credit that goes bad and an order that shrinks stop it too", () => {
  const blocked = event("StockStatusChanged", {
    item: "PUMP-200",
    lot: "L-1",
    quantity: q(2),
    from: "unrestricted",
    to: "blocked",
  });
  for (const [news, reason] of [
    [blocked, "L-1 is not in free stock any more"],
    [story.customerHeld, "customer C-77 is on credit hold"],
    [event("CreditHoldPlaced", { customer: "C-77", salesOrder: KEY }), "the ERP holds the order on credit"],
    [story.changed([pumps([3])]), "less is ordered now than it would deliver"],
  ] as const)
    given(...letGo)
      .when(news)
      .then({
        phase: "open",
        effects: [hold(reason), tell("at-risk", { message: `${S1}: ${reason}` })],
        cases: [aCase("SHIPMENT_HELD", "customer-service")],
        closedCases: ["SHIPMENT_OVERDUE"],
      });
  given(...letGo, story.customerHeld)
    .when(story.customerFree)
    .then({
      phase: "open",
      effects: [release([first]), tell("ready-to-ship")],
      closedCases: ["SHIPMENT_HELD"],
    });
});

test("what is scrapped out of a shipment is replaced by what is free", () => {
  const scrapped = event("InventoryAdjusted", {
    item: "PUMP-200",
    lot: "L-1",
    quantity: q(-2),
    kind: "scrap",
  });
  given(...letGo, received(3, "L-2"))
    .when(scrapped)
    .then({ phase: "open" });
  given(...letGo)
    .when(scrapped)
    .then({
      phase: "open",
      effects: [
        hold("a part of it is not in stock any more"),
        tell("at-risk", { message: `${S1}: a part of it is not in stock any more` }),
      ],
      cases: [aCase("SHIPMENT_HELD", "customer-service")],
      closedCases: ["SHIPMENT_OVERDUE"],
    });
  given(...letGo, scrapped)
    .when(received(2, "L-2"))
    .then({
      phase: "open",
      effects: [release([first]), tell("ready-to-ship")],
      closedCases: ["SHIPMENT_HELD"],
    });
  given(...letGo)
    .when(event("InventoryAdjusted", { item: "PUMP-200", lot: "L-1", quantity: q(2), kind: "count" }))
    .then({ phase: "open" });
});

test("what is scrapped of blocked goods takes nothing from those that are free", () => {
  const moved = (from: string, to: string, quantity: number) =>
    event("StockStatusChanged", { item: "PUMP-200", lot: "L-1", quantity: q(quantity), from, to });
  const told = [
    ordered([pumps([10])]),
    supply(),
    holdRaised("H-1", { lot: "L-1", quantity: q(5) }),
    received(10, "L-1"),
    moved("unrestricted", "blocked", 5),
    event("DispositionDecided", {
      hold: "H-1",
      decisions: [
        { decision: "use-as-is", quantity: q(3) },
        { decision: "scrap", quantity: q(2) },
      ],
      last: true,
    }),
    moved("blocked", "unrestricted", 3),
    event("InventoryAdjusted", {
      item: "PUMP-200",
      lot: "L-1",
      quantity: q(-2),
      kind: "scrap",
      status: "blocked",
    }),
  ];
  const whole = [line(10, { scheduleLine: 1, lots: lots(["L-1", 8], ["L-2", 2]) })];
  given(...told)
    .when(received(2, "L-2"))
    .then({
      phase: "open",
      effects: [release(whole), tell("ready-to-ship")],
      derived: [ready(whole, true)],
    });
});

test("a warehouse that does not stop becomes quality's case, and what leaves under hold too", () => {
  given(...letGo, holdRaised("H-1", { lot: "L-1" }))
    .when(rejected("hold", "already loaded"))
    .then({ phase: "open", withdrawn: ["hold"], cases: [aCase("SHIPMENT_NOT_HELD", "quality")] });
  given(...letGo, holdRaised("H-1", { lot: "L-1" }))
    .when(shipped([first]))
    .then({
      phase: "open",
      effects: [issue([first]), tell("partly-shipped", gone(6, track())), ofLot("L-1", 6), notice([first])],
      cases: [aCase("SHIPPED_UNDER_HOLD", "quality")],
      closedCases: ["SHIPMENT_HELD"],
    });
});

test("a shipment that does not leave, and goods that are not billed, become cases", () => {
  given(...letGo)
    .when(fired("shipping"))
    .then({ phase: "open", cases: [aCase("SHIPMENT_OVERDUE", "plant-operations")] });
  given(...letGo, shipped([first]))
    .when({ ...fired("invoice"), time: "2026-03-20T16:00:00Z" })
    .then({
      phase: "open",
      derived: [
        {
          name: "InvoiceOverdue",
          data: {
            salesOrder: KEY,
            shipment: S1,
            shippedOn: "2026-03-20",
            dueAt: "2026-03-20T16:00:00.000000Z",
            waitingFor: "erp",
          },
        },
      ],
      cases: [aCase("INVOICE_OVERDUE", "finance")],
    });
  given(...bothLeft, fired("invoice"))
    .when(invoiced("I-1", { shipment: S1 }))
    .then({ phase: "shipped" });
});

test("a later shipment does not begin the time of an earlier one anew", () => {
  given(...letGo, received(4, "L-2"), { ...shipped([first]), time: "2026-03-20T08:00:00Z" })
    .when({ ...shipped([second], {}, `${KEY}.S2`), time: "2026-03-20T12:00:00Z" })
    .then({
      phase: "shipped",
      effects: [
        issue([second], `${KEY}.S2`),
        tell("shipped", gone(10, track(), track(`${KEY}.S2`))),
        ofLot("L-2", 4, `${KEY}.S2`),
        notice([second], { shipment: `${KEY}.S2` }),
      ],
      closedCases: ["SHIPMENT_OVERDUE"],
      timers: { invoice: "2026-03-20T16:00:00.000000Z" },
    });
});

test("an asset shows what is in it, as far as the plant knows", () => {
  const used = (more: object, quantity = 4) =>
    event("MaterialConsumed", {
      workOrder: "WO-1",
      confirmation: 1,
      item: "SEAL-9",
      quantity: q(quantity),
      precision: "lot",
      ...more,
    });
  const built = [
    used({ lot: "S-1", outputLot: "L-1" }),
    used({ lot: "S-1", outputLot: "L-1" }, 2),
    used({ lot: "S-2", outputLot: "L-9" }),
    used({ lot: "G-1", item: "GREASE", precision: "order" }, 1),
    used({ item: "BOLT-M8" }, 40),
    event("ConsumptionCorrected", { ...used({ lot: "S-1", outputLot: "L-1" }, -1).data, corrects: 1 }),
    event("ComponentReplaced", {
      lot: "L-1",
      removed: { item: "SEAL-9", lot: "S-1" },
      installed: { item: "SEAL-9", lot: "S-3" },
      quantity: q(1),
    }),
  ];
  given(ordered(), supply(), story.workReleased, ...built, received(6, "L-1"))
    .when(shipped([first]))
    .then({
      phase: "open",
      effects: [
        issue([first]),
        tell("partly-shipped", gone(6, track())),
        ofLot("L-1", 6, S1, {
          asBuilt: [
            { item: "SEAL-9", lot: "S-1", quantity: q(4), precision: "lot" },
            { item: "GREASE", lot: "G-1", quantity: q(1), precision: "order" },
            { item: "SEAL-9", lot: "S-3", quantity: q(1), precision: "lot" },
          ],
        }),
        notice([first]),
      ],
      closedCases: ["SHIPMENT_OVERDUE"],
    });
});

test("each serial number is an asset of its own", () => {
  const serials = ["P-1", "P-2"].map((serial) => ({ serial, quantity: q(1) }));
  const two = line(2, { scheduleLine: 1, lots: serials });
  const piece = (serial: string) =>
    asset({ asset: serial, serial, itemRevision: "B", productionOrders: ["PO-1"] });
  given(ordered([pumps([2])]), supply(), story.receipt(2, { lots: serials }))
    .when(shipped([two]))
    .then({
      phase: "shipped",
      effects: [issue([two]), tell("shipped", gone(2, track())), piece("P-1"), piece("P-2"), notice([two])],
      closedCases: ["SHIPMENT_OVERDUE"],
    });
});

test("an order that is cancelled stops what was let go, and tells a person", () => {
  const end = event("OrderCancelled", { salesOrder: KEY });
  given(...letGo)
    .when(end)
    .then({
      phase: "ended",
      effects: [hold("the order is cancelled")],
      cases: [aCase("SHIPMENT_OF_CANCELLED", "customer-service")],
      closedCases: ["SHIPMENT_HELD", "SHIPMENT_OVERDUE", "INVOICE_OVERDUE"],
      timers: {},
    });
  given(ordered(), supply())
    .when(end)
    .then({ phase: "ended", closedCases: ["SHIPMENT_HELD", "SHIPMENT_OVERDUE", "INVOICE_OVERDUE"] });
});

test("what the ERP refuses to post has a case of its own, and its echo tells what came of it", () => {
  given(...letGo, shipped([first]))
    .when(rejected("issue", "the period is closed"))
    .thenIgnored(/correct and send it again/);
  given(...letGo, shipped([first]))
    .when(cancelled("issue"))
    .thenIgnored(/the echo tells/);
});
