/** What events tell of a sales order and of its customer. */
import type { EventData } from "../../contract/generated.ts";
import { type LedgerEvent, systemOf } from "../../event/envelope.ts";
import { isNewer } from "../../event/version.ts";
import { isPositive, plus } from "./amount.ts";
import { momentOf, utc } from "./moment.ts";
import type { CustomerPart, Line, OrderPart, Shipment } from "./part.ts";
import { forgetLine, forgetLines, say, sayLines } from "./say.ts";
import { type Tellings, telling } from "./telling.ts";

type Confirmed = EventData["interlock.OrderCreated.v1"];
type Asked = EventData["interlock.OrderRequested.v1"] | EventData["interlock.QuoteAccepted.v1"];

function about<Data extends { salesOrder: string }>(
  tell: (part: OrderPart, data: Data, event: LedgerEvent) => void,
) {
  return (event: LedgerEvent) => {
    const data = event.data as Data;
    return [
      telling<OrderPart>("salesOrder", data.salesOrder, (part) => {
        if (event.businessUnit !== undefined) part.businessUnit ??= event.businessUnit;
        if (event.plant !== undefined) part.plant ??= event.plant;
        tell(part, data, event);
      }),
    ];
  };
}

const asked = about<Asked>((part, data, event) => {
  const { quote, customer, customerReference, shippingPolicy } = data;
  const system = systemOf(event.source);
  if (quote !== undefined) part.quote = quote;
  part.customer ??= customer;
  if (customerReference !== undefined) part.reference ??= customerReference;
  if (shippingPolicy !== undefined) part.shippingPolicy ??= shippingPolicy;
  part.asked = {
    ...(part.asked ?? momentOf(event)),
    ...(system !== undefined && { system }),
    lines: data.lines.map(askedLine),
  };
  forgetLines(part, event);
  say(part, event, { customer, customerReference, shippingPolicy });
  sayLines(part, event, data.lines);
});

function askedLine({ line, item, quantity, requestedDate }: Asked["lines"][number]): Line {
  return {
    line,
    item,
    quantity: quantity.value,
    unit: quantity.unit,
    ...(requestedDate !== undefined && { requestedDate }),
  };
}

const confirmed = about<Confirmed>((part, data, event) => {
  if (part.created && !isNewer(event.sourceVersion, part.created.version)) return;
  const { quote, document, customer, customerReference, shippingPolicy, creditHold } = data;
  const system = systemOf(event.source);
  if (quote !== undefined) part.quote ??= quote;
  if (customerReference !== undefined) part.reference = customerReference;
  if (shippingPolicy !== undefined) part.shippingPolicy = shippingPolicy;
  part.document = document;
  part.customer = customer;
  part.created = {
    at: part.created?.at ?? event.time,
    seq: part.created?.seq ?? event.seq,
    ...(system !== undefined && { system }),
    ...(event.sourceVersion !== undefined && { version: event.sourceVersion }),
    lines: data.lines.map(confirmedLine),
  };
  delete part.promised;
  delete part.change;
  if (creditHold === true) part.creditHold ??= momentOf(event);
  if (creditHold === false) delete part.creditHold;
  forgetLines(part, event);
  say(part, event, {
    customer,
    customerReference,
    shippingPolicy,
    ...(data.netAmount && { netAmount: data.netAmount }),
  });
  sayLines(
    part,
    event,
    data.lines.map((line) => ({ ...line, promisedDate: promisedDate(line) })),
  );
});

function promisedDate({ schedule }: Confirmed["lines"][number]): string | undefined {
  return (
    schedule.map(({ confirmedDate }) => confirmedDate).reduce((a, b) => (a > b ? a : b), "") || undefined
  );
}

function confirmedLine(line: Confirmed["lines"][number]): Line {
  const promised = promisedDate(line);
  return {
    ...askedLine(line),
    ...(line.supply !== undefined && { supply: line.supply }),
    ...(promised !== undefined && { promisedDate: promised }),
  };
}

type Change = EventData["interlock.OrderChangeRequested.v1"];

/** Lines that are not named stay as they are; zero takes one out. */
function changedLines(lines: readonly Line[], changes: Change["lines"]): Line[] {
  const changed = new Map(lines.map((line) => [line.line, line]));
  for (const { line, item, quantity, requestedDate } of changes) {
    const known = changed.get(line);
    const whole = {
      ...(known ?? { line, item: item ?? "", quantity: "0", unit: quantity?.unit ?? "" }),
      ...(item !== undefined && { item }),
      ...(quantity && { quantity: quantity.value, unit: quantity.unit }),
      ...(requestedDate !== undefined && { requestedDate }),
    };
    if (isPositive(whole.quantity)) changed.set(line, whole);
    else changed.delete(line);
  }
  return [...changed.values()].toSorted((a, b) => a.line - b.line);
}

/** Of a customer as such, or of one order. */
function creditHold(placed: boolean) {
  return (event: LedgerEvent) => {
    const { customer, salesOrder } = event.data as EventData["interlock.CreditHoldPlaced.v1"];
    const [kind, id] = salesOrder === undefined ? ["customer", customer] : ["salesOrder", salesOrder];
    return [
      telling<CustomerPart>(kind!, id!, (part) => {
        if (placed) part.creditHold ??= momentOf(event);
        else delete part.creditHold;
      }),
    ];
  };
}

function shipmentOf(part: OrderPart, id: string): Shipment {
  part.shipments ??= {};
  return (part.shipments[id] ??= {});
}

function linesOf(lines: readonly { line: number; quantity: { value: string } }[]): Record<string, string> {
  const sums: Record<string, string> = {};
  for (const { line, quantity } of lines) sums[line] = plus(sums[line], quantity.value);
  return sums;
}

function sayShipped(
  part: OrderPart,
  event: LedgerEvent,
  which: "confirmed" | "issued",
  lines: readonly { line: number; quantity: { unit: string } }[],
): void {
  for (const { line, quantity } of lines) {
    const told = Object.values(part.shipments ?? {}).map((shipment) => shipment[which]?.lines[line]);
    say(part, event, { [`shipped ${line}`]: { value: told.reduce<string>(plus, "0"), unit: quantity.unit } });
  }
}

export const orderTellings: Tellings = {
  QuoteAccepted: asked,
  OrderRequested: asked,
  OrderChecked: about<EventData["interlock.OrderChecked.v1"]>((part, { verdicts }, event) => {
    part.check = {
      ...momentOf(event),
      // Availability alone stops no order.
      failed: verdicts
        .filter(({ verdict, subject }) => verdict === "fail" && subject !== "availability")
        .map(({ subject }) => subject),
      unavailable: verdicts.some(({ verdict }) => verdict === "unavailable"),
    };
  }),
  OrderCreated: confirmed,
  OrderChanged: confirmed,
  OrderChangeRequested: about<Change>((part, data, event) => {
    part.change = { ...momentOf(event), kind: "change" };
    if (data.shippingPolicy !== undefined) say(part, event, { shippingPolicy: data.shippingPolicy });
    for (const line of data.lines) {
      if (line.quantity && !isPositive(line.quantity.value)) forgetLine(part, event, line.line);
      else sayLines(part, event, [line]);
    }
    if (part.asked && !part.created) part.asked.lines = changedLines(part.asked.lines, data.lines);
  }),
  OrderCancelRequested: about((part, _data, event) => {
    part.change = { ...momentOf(event), kind: "cancel" };
  }),
  OrderCancelled: about((part, _data, event) => {
    part.cancelled ??= momentOf(event);
    delete part.change;
  }),
  OrderRejected: about((part, _data, event) => {
    part.rejected ??= momentOf(event);
  }),
  PromiseDateChanged: about<EventData["interlock.PromiseDateChanged.v1"]>(
    (part, { line, newDate }, event) => {
      part.promised ??= {};
      part.promised[line] = newDate;
      say(part, event, { [`promisedDate ${line}`]: newDate });
    },
  ),
  ProjectedDateChanged: about<EventData["interlock.ProjectedDateChanged.v1"]>((part, { line, newDate }) => {
    part.projected ??= {};
    part.projected[line] = newDate;
  }),
  OrderAtRisk: about<EventData["interlock.OrderAtRisk.v1"]>((part, { because, since }, event) => {
    part.atRisk = { at: utc(since ?? event.time), seq: event.seq, because };
  }),
  CreditHoldPlaced: creditHold(true),
  CreditHoldReleased: creditHold(false),
  PurchaseReceiptPosted: (event) => {
    const { pegging = [], quantity } = event.data as EventData["interlock.PurchaseReceiptPosted.v1"];
    const [first] = pegging;
    return pegging.map(({ salesOrder, quantity: pegged }) =>
      telling<OrderPart>("salesOrder", salesOrder, (part) => {
        const received = pegged?.value ?? (pegging.length === 1 && first ? quantity.value : "0");
        part.bought = {
          ...momentOf(event),
          first: part.bought?.first ?? event.time,
          quantity: plus(part.bought?.quantity, received),
        };
      }),
    );
  },
  ShipmentReady: about<EventData["interlock.ShipmentReady.v1"]>((part, { shipment }, event) => {
    shipmentOf(part, shipment).ready ??= momentOf(event);
  }),
  ShipmentPicked: about<EventData["interlock.ShipmentPicked.v1"]>((part, { shipment }, event) => {
    shipmentOf(part, shipment).picked ??= momentOf(event);
  }),
  ShipmentConfirmed: about<EventData["interlock.ShipmentConfirmed.v1"]>((part, data, event) => {
    const shipment = shipmentOf(part, data.shipment);
    shipment.confirmed = { ...momentOf(event), lines: linesOf(data.lines) };
    const packages = [...new Set([...(data.packages ?? []).map((each) => each.tracking), data.tracking])];
    const numbers = packages.filter((each) => each !== undefined);
    if (numbers.length > 0) shipment.packages = numbers;
    sayShipped(part, event, "confirmed", data.lines);
  }),
  GoodsIssued: about<EventData["interlock.GoodsIssued.v1"]>((part, data, event) => {
    const shipment = shipmentOf(part, data.shipment ?? data.document);
    shipment.issued = { ...momentOf(event), lines: linesOf(data.lines) };
    sayShipped(part, event, "issued", data.lines);
  }),
  InvoicePosted: about<EventData["interlock.InvoicePosted.v1"]>((part, data, event) => {
    part.invoices ??= {};
    part.invoices[data.invoice] = {
      ...momentOf(event),
      ...(data.shipment !== undefined && { shipment: data.shipment }),
      ...(data.netAmount && { amount: data.netAmount.amount, currency: data.netAmount.currency }),
    };
  }),
};
