/** From the moment goods leave: posted in the ERP, shown in the CRM, announced to the customer, billed. */
import type { EventData, IntendedCase, IntendedEffect } from "../../src/process/index.ts";
import { inUnit, isLess, minus, plus, sum } from "./amount.ts";
import { assetsOf } from "./assets.ts";
import { onward } from "./onward.ts";
import { isHeld, matching, takeByTurns } from "./pieces.ts";
import { hasLeft } from "./plan.ts";
import type { Handle, Order, Piece, Shipment, ShippedLine } from "./state.ts";
import { aCase, tell } from "./telling.ts";

type Confirmed = EventData["interlock.ShipmentConfirmed.v1"];
type Leaving = Pick<Confirmed, "shipment" | "lines" | "shippedOn"> &
  Partial<Pick<Confirmed, "packages" | "carrier" | "tracking">>;

const HAS_LEFT: readonly Shipment["stands"][] = ["left", "issued", "invoiced"];

export const confirmed: Handle = (context) => {
  const { key, state } = context;
  const leaving = context.event.data as Confirmed;
  const { shipment, lines, shippedOn } = leaving;
  const known = state.shipments[shipment];
  if (known && HAS_LEFT.includes(known.stands)) return onward(context, state);
  const { order, effects, cases } = leave(state, key, leaving, "left");
  const issue: IntendedEffect = {
    name: "issue",
    target: "erp",
    type: "PostGoodsIssue",
    payload: { shipment, salesOrder: key, document: state.document, lines, postingDate: shippedOn },
  };
  return onward(context, order, { effects: [issue, ...effects], cases });
};

/** The goods are gone from where they lay, whatever had been planned: what was really taken counts. */
function leave(
  state: Order,
  key: string,
  leaving: Leaving,
  stands: "left" | "issued",
): { order: Order; effects: IntendedEffect[]; cases: IntendedCase[] } {
  const { shipment, lines, shippedOn, carrier, tracking } = leaving;
  const way = { ...(carrier !== undefined && { carrier }), ...(tracking !== undefined && { tracking }) };
  const gone = lines.reduce((so, line) => takeLine(so, shipment, line), state);
  const order: Order = {
    ...gone,
    pieces: gone.pieces.flatMap((piece) => (piece.shipment === shipment ? setBack(gone, piece) : [piece])),
    shipments: { ...gone.shipments, [shipment]: { lines, stands, shippedOn, ...way } },
  };
  return {
    order,
    effects: [
      tell(order, key, hasLeft(order) ? "shipped" : "partly-shipped"),
      ...assetsOf(state, key, { shipment, lines, shippedOn }),
      notice(order, key, leaving),
    ],
    cases: casesOf(state, order, key, leaving),
  };
}

function takeLine(order: Order, shipment: string, { line, quantity, lots = [] }: ShippedLine): Order {
  const held = order.lines.find((each) => each.line === line);
  if (!held) return order;
  const amount = inUnit(quantity, held.quantity.unit);
  const ofLine = (piece: Piece) => piece.line === line;
  const ofShipment = (piece: Piece) => ofLine(piece) && piece.shipment === shipment;
  const named = (piece: Piece) => lots.some((lot) => matching(piece, lot));
  const tracked = lots.reduce((so, lot) => {
    const isLot = (piece: Piece) => matching(piece, lot);
    const turns = [
      (piece: Piece) => ofShipment(piece) && isLot(piece),
      (piece: Piece) => ofLine(piece) && isLot(piece),
    ];
    return takeByTurns(so, lot.quantity.value, turns);
  }, order);
  const found = minus(stockOf(order, ofLine), stockOf(tracked, ofLine));
  // lots that the ERP did not name: then any goods of the line are what has left
  const any = [ofShipment, (piece: Piece) => ofLine(piece) && !named(piece)];
  const taken = takeByTurns(tracked, minus(amount, found), any);
  const lines = taken.lines.map((each) =>
    each.line === line ? { ...each, shipped: plus(each.shipped, amount) } : each,
  );
  return { ...taken, lines };
}

function stockOf({ pieces }: Order, matches: (piece: Piece) => boolean): string {
  return sum(pieces.filter(matches).map(({ quantity }) => quantity));
}

/** What was set aside and did not leave is free again; what lies in stock anyway was only a number. */
function setBack(order: Order, piece: Piece): Piece[] {
  if (order.lines.find(({ line }) => line === piece.line)?.fromStock) return [];
  const { shipment: _, scheduleLine: __, ...rest } = piece;
  return [rest];
}

function notice(
  { customer, customerReference }: Order,
  salesOrder: string,
  leaving: Leaving,
): IntendedEffect {
  const { shipment, lines, packages, carrier, tracking, shippedOn } = leaving;
  return {
    name: "notice",
    target: "edi",
    type: "SendShipNotice",
    payload: {
      shipment,
      salesOrder,
      customer,
      customerReference,
      lines,
      packages,
      carrier,
      tracking,
      shippedOn,
    },
    optional: true,
  };
}

function casesOf(before: Order, after: Order, key: string, { shipment, lines }: Leaving): IntendedCase[] {
  const lots = lines.flatMap((line) => line.lots ?? []);
  const held = before.pieces.filter(
    (piece) =>
      isHeld(before, piece) &&
      lots.some(({ lot, serial }) => (serial === undefined ? lot === piece.lot : serial === piece.serial)),
  );
  const over = after.lines.filter(({ quantity, shipped }) => isLess(quantity.value, shipped));
  const cases: IntendedCase[] = [];
  if (held.length > 0 || before.shipments[shipment]?.stands === "held")
    cases.push(
      aCase(
        "SHIPPED_UNDER_HOLD",
        "quality",
        `shipment ${shipment} of order ${key} left although it was stopped${held.length > 0 ? `: ${held.map(({ lot, serial }) => serial ?? lot).join(", ")}` : ""}`,
        "call it back, or warn the customer and contain it; find out why the warehouse let it go",
      ),
    );
  if (over.length > 0)
    cases.push(
      aCase(
        "SHIPPED_TOO_MUCH",
        "customer-service",
        `more of order ${key} has left than is ordered: ${over.map(({ line, shipped, quantity }) => `line ${line}: ${shipped} of ${quantity.value}`).join("; ")}`,
        "agree with the customer to keep it, and change the order, or have it sent back",
      ),
    );
  return cases;
}

/** The ERP's own word that goods are gone: for our posting, or posted by hand without one. */
export const issued: Handle = (context) => {
  const { key, state, event } = context;
  const told = event.data as EventData["interlock.GoodsIssued.v1"];
  const { document, lines } = told;
  if (Object.values(state.shipments).some(({ goodsIssue }) => goodsIssue === document))
    return onward(context, state);
  const name = told.shipment ?? findUnposted(state, lines) ?? document;
  const shipment = state.shipments[name];
  const billed = state.billed.includes(document);
  const stands = billed || shipment?.stands === "invoiced" ? "invoiced" : "issued";
  if (shipment && HAS_LEFT.includes(shipment.stands)) {
    const shipments = { ...state.shipments, [name]: { ...shipment, stands, goodsIssue: document } as const };
    const cases = sameLines(shipment.lines, lines) ? [] : [differs(key, name, document)];
    const order = { ...state, shipments };
    return onward(context, order, { effects: billed ? tellBilled(order, key) : [], cases });
  }
  const shippedOn = told.postedOn ?? event.time.slice(0, 10);
  const { order, effects, cases } = leave(state, key, { shipment: name, lines, shippedOn }, "issued");
  const shipments = {
    ...order.shipments,
    [name]: { ...order.shipments[name]!, stands, goodsIssue: document } as const,
  };
  const gone = { ...order, shipments };
  return onward(context, gone, {
    effects: billed ? [...effects, ...tellBilled(gone, key)] : effects,
    cases,
  });
};

/** A shipment that the ERP has not posted yet and that would have these lines: first one that has left. */
function findUnposted({ shipments }: Order, lines: readonly ShippedLine[]): string | undefined {
  const open = Object.entries(shipments).filter(
    ([, shipment]) => shipment.goodsIssue === undefined && sameLines(shipment.lines, lines),
  );
  const [name] = open.find(([, { stands }]) => stands === "left") ?? open[0] ?? [];
  return name;
}

function sameLines(a: readonly ShippedLine[], b: readonly ShippedLine[]): boolean {
  const total = (lines: readonly ShippedLine[], line: number) =>
    sum(lines.filter((each) => each.line === line).map(({ quantity }) => quantity.value));
  return [...a, ...b].every(({ line }) => total(a, line) === total(b, line));
}

function differs(key: string, shipment: string, document: string): IntendedCase {
  return aCase(
    "GOODS_ISSUE_DIFFERS",
    "finance",
    `goods issue ${document} of order ${key} is not what left with ${shipment}`,
    "correct the goods issue in the ERP by what the warehouse confirmed",
  );
}

export const invoiced: Handle = (context) => {
  const { key, state, event } = context;
  const { shipment, goodsIssue } = event.data as EventData["interlock.InvoicePosted.v1"];
  const unnamed = shipment === undefined && goodsIssue === undefined;
  const shipments = Object.fromEntries(
    Object.entries(state.shipments).map(([name, each]) => {
      const meant =
        unnamed || name === shipment || (goodsIssue !== undefined && each.goodsIssue === goodsIssue);
      return [
        name,
        meant && HAS_LEFT.includes(each.stands) ? { ...each, stands: "invoiced" as const } : each,
      ];
    }),
  );
  const known = Object.values(shipments).some(({ goodsIssue: document }) => document === goodsIssue);
  const billed =
    goodsIssue !== undefined && !known ? [...state.billed, goodsIssue].slice(-100) : state.billed;
  const order = { ...state, shipments, billed };
  return onward(context, order, { effects: tellBilled(order, key) });
};

/** Told when the last of it is billed: by its invoice, or by its goods issue where the invoice was read before that. */
function tellBilled(order: Order, key: string): IntendedEffect[] {
  const all = hasLeft(order) && Object.values(order.shipments).every(({ stands }) => stands === "invoiced");
  return all ? [tell(order, key, "invoiced")] : [];
}

export const shipmentOverdue: Handle = ({ key, state }) => {
  const names = named(state, ["ready"]);
  return {
    phase: "open",
    state: { ...state, running: state.running.filter((name) => name !== "shipping") },
    cases: [
      aCase(
        "SHIPMENT_OVERDUE",
        "plant-operations",
        `${names.join(", ")} of order ${key} may leave since two working days, and has not`,
        "ship it, or tell what keeps it; the case closes when it has left",
      ),
    ],
  };
};

export const invoiceOverdue: Handle = ({ key, state, event }) => {
  const names = named(state, ["left", "issued"]);
  return {
    phase: hasLeft(state) ? "shipped" : "open",
    state: { ...state, running: state.running.filter((name) => name !== "invoice") },
    derive: names.map((shipment) => ({
      name: "InvoiceOverdue",
      data: {
        salesOrder: key,
        shipment,
        shippedOn: state.shipments[shipment]!.shippedOn,
        dueAt: event.time,
        waitingFor: "erp",
      },
    })),
    cases: [
      aCase(
        "INVOICE_OVERDUE",
        "finance",
        `${names.join(", ")} of order ${key} has left and is not billed`,
        "see in the ERP what keeps the goods issue or the invoice; the case closes when it is billed",
      ),
    ],
  };
};

function named({ shipments }: Order, stands: readonly Shipment["stands"][]): string[] {
  return Object.entries(shipments)
    .filter(([, shipment]) => stands.includes(shipment.stands))
    .map(([name]) => name);
}
