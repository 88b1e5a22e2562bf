import { Decimal } from "decimal.js";
import type { Customer, Item } from "./catalogue.ts";
import { readLine, readText, type LineRequest } from "./order-request.ts";
import { Refusal } from "./refusal.ts";

export type Line = {
  line: number;
  item: string;
  quantity: string;
  unit: string;
  price: string;
  requestedDate: string;
  confirmedDate: string;
};

export const ORDER_STATUSES = ["confirmed", "on-hold", "cancelled", "shipped"] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** An order as the system keeps and shows it. Never changed in place: each change is a new object. */
export type Order = {
  number: string;
  /** The sender's own reference, in a field made for it. */
  externalReference: string | null;
  /** The sender's references of the changes and of the cancellation applied since. */
  changeReferences: string[];
  /** The number of the order in the system it was taken in. */
  sourceOrder: string | null;
  customer: string;
  customerPurchaseOrder: string | null;
  currency: string;
  status: OrderStatus;
  statusReason: string | null;
  lines: Line[];
  total: string;
  revision: number;
  createdAt: string;
  changedAt: string;
};

/** What the rules below need to know of the rest of the system. */
export type Surroundings = {
  item(id: string): Item | undefined;
  customer(id: string): Customer | undefined;
  /** The value of a customer's open orders, one order left out. */
  exposure(customer: string, except: string): Decimal;
  readonly now: string;
};

/** A new order out of a request body, confirmed or put on credit hold. */
export function createOrder(number: string, body: Record<string, unknown>, around: Surroundings): Order {
  const customer = readText(body, "customer");
  if (!around.customer(customer))
    throw new Refusal(422, "unknown-customer", `customer ${customer} is not known here`, {
      field: "customer",
    });
  const { now } = around;
  const lines = readLines(body).map((request) => newLine(request, around, now));
  return judgeCredit(
    {
      number,
      externalReference: optionalText(body, "externalReference"),
      changeReferences: [],
      sourceOrder: optionalText(body, "sourceOrder"),
      customer,
      customerPurchaseOrder: optionalText(body, "customerPurchaseOrder"),
      currency: optionalText(body, "currency") ?? "EUR",
      status: "confirmed",
      statusReason: null,
      lines,
      total: totalOf(lines),
      revision: 1,
      createdAt: now,
      changedAt: now,
    },
    around,
  );
}

/** The order with some lines changed, new ones added and those of quantity zero taken out; others stay as they are. */
export function changeOrder(order: Order, body: Record<string, unknown>, around: Surroundings): Order {
  refuseEnded(order, "changed");
  const { now } = around;
  const lines = [...order.lines];
  for (const request of readLines(body)) {
    const at = lines.findIndex((line) => line.line === request.line);
    const before = lines[at];
    if (before && isZero(request.quantity)) lines.splice(at, 1);
    else if (before) lines[at] = newLine({ ...before, ...definedOf(request) }, around, now);
    else lines.push(newLine(request, around, now));
  }
  if (lines.length === 0)
    throw new Refusal(422, "no-lines", "an order needs at least one line: cancel it instead", {
      field: "lines",
    });
  return judgeCredit(
    revise(order, now, { lines, total: totalOf(lines), status: "confirmed", statusReason: null }, body),
    around,
  );
}

/** The order cancelled. */
export function cancelOrder(order: Order, body: Record<string, unknown>, around: Surroundings): Order {
  refuseEnded(order, "cancelled");
  return revise(
    order,
    around.now,
    { status: "cancelled", statusReason: optionalText(body, "reason") ?? "cancelled on request" },
    body,
  );
}

/** The order after a person moved it on by hand: `confirmed` releases a hold, `shipped` ends it. */
export function moveOrder(order: Order, status: OrderStatus, now: string): Order {
  refuseEnded(order, status);
  return revise(order, now, { status, statusReason: null }, {});
}

function revise(order: Order, now: string, changes: Partial<Order>, body: Record<string, unknown>): Order {
  const reference = optionalText(body, "externalReference");
  return {
    ...order,
    ...changes,
    changeReferences: reference ? [...order.changeReferences, reference] : order.changeReferences,
    revision: order.revision + 1,
    changedAt: now,
  };
}

function refuseEnded(order: Order, verb: string): void {
  if (order.status !== "cancelled" && order.status !== "shipped") return;
  throw new Refusal(
    409,
    "order-ended",
    `order ${order.number} is ${order.status} and can no longer be ${verb}`,
    {
      number: order.number,
    },
  );
}

function judgeCredit(order: Order, around: Surroundings): Order {
  const customer = around.customer(order.customer);
  if (customer?.onHold)
    return { ...order, status: "on-hold", statusReason: `credit hold: ${customer.holdReason}` };
  const limit = customer?.creditLimit ?? null;
  if (limit === null) return order;
  const exposure = around.exposure(order.customer, order.number).plus(order.total);
  if (exposure.lte(limit)) return order;
  const statusReason = `credit hold: open orders of ${order.customer} reach ${exposure.toFixed(2)}, the limit is ${limit}`;
  return { ...order, status: "on-hold", statusReason };
}

function newLine(request: LineRequest, around: Surroundings, now: string): Line {
  const item = request.item === undefined ? undefined : around.item(request.item);
  const field = `lines.${request.line}`;
  if (!item)
    throw new Refusal(422, "unknown-item", `item ${request.item ?? "(none)"} is not known here`, {
      field: `${field}.item`,
    });
  if (request.quantity === undefined || isZero(request.quantity))
    throw new Refusal(422, "invalid-quantity", "a new line needs a quantity above zero", {
      field: `${field}.quantity`,
    });
  if (request.unit !== undefined && request.unit !== item.unit)
    throw new Refusal(422, "wrong-unit", `${item.item} is sold in ${item.unit}, not in ${request.unit}`, {
      field: `${field}.unit`,
    });
  const requestedDate = request.requestedDate ?? now.slice(0, 10);
  return {
    line: request.line,
    item: item.item,
    quantity: request.quantity,
    unit: item.unit,
    price: request.price ?? item.price,
    requestedDate,
    confirmedDate: confirmDate(requestedDate, item.leadDays, now),
  };
}

/** The later of the wish and the lead time, moved on to a working day. */
function confirmDate(requested: string, leadDays: number, now: string): string {
  const earliest = new Date(Date.parse(now) + leadDays * 86_400_000).toISOString().slice(0, 10);
  const day = new Date(requested > earliest ? requested : earliest);
  while (day.getUTCDay() === 0 || day.getUTCDay() === 6) day.setUTCDate(day.getUTCDate() + 1);
  return day.toISOString().slice(0, 10);
}

export function totalOf(lines: readonly Line[]): string {
  return lines
    .reduce((sum, line) => sum.plus(new Decimal(line.quantity).times(line.price)), new Decimal(0))
    .toFixed(2);
}

function isZero(quantity: string | undefined): boolean {
  return quantity !== undefined && /^[0.]+$/.test(quantity);
}

function readLines(body: Record<string, unknown>): LineRequest[] {
  if (!Array.isArray(body["lines"]) || body["lines"].length === 0)
    throw new Refusal(422, "no-lines", "an order needs at least one line", { field: "lines" });
  if (body["lines"].length > 2000)
    throw new Refusal(422, "too-many-lines", "an order has at most 2000 lines", { field: "lines" });
  const lines = body["lines"].map((line, index) => readLine(line, index));
  if (new Set(lines.map((line) => line.line)).size !== lines.length)
    throw new Refusal(422, "repeated-line", "a line number appears twice", { field: "lines" });
  return lines;
}

function optionalText(body: Record<string, unknown>, field: string): string | null {
  return body[field] === undefined || body[field] === null ? null : readText(body, field);
}

function definedOf(request: LineRequest): LineRequest {
  return Object.fromEntries(
    Object.entries(request).filter(([, value]) => value !== undefined),
  ) as LineRequest;
}
