import type {
  EventData,
  NativeIdentity,
  NativeMessage,
  TranslatedEvent,
  Translation,
} from "../../src/connector/index.ts";
import { asChange, type CustomerChange, type NativeChange, type OrderChange } from "./native-change.ts";
import type { NativeOrder } from "./native.ts";

export function identify(message: NativeMessage): NativeIdentity | undefined {
  const change = asChange(message.raw);
  return change && { id: change.id, objectKey: subjectOf(change), version: String(change.data.revision) };
}

export function translate(message: NativeMessage): Translation {
  const change = asChange(message.raw);
  if (!change)
    return {
      ok: false,
      code: "REFERENCE_MESSAGE_INVALID",
      message:
        "the message is not {id, sequence, type, timestamp, reference, data} with an order or a customer",
    };
  switch (change.type) {
    case "order.confirmed":
    case "order.changed":
      return { ok: true, event: orderConfirmed(change) };
    case "order.held":
      return { ok: true, skip: "an order on hold is not confirmed; its release will be told" };
    case "order.cancelled":
      return isOurs(change.reference)
        ? { ok: true, skip: "the outcome of the cancellation says so" }
        : { ok: true, event: orderRejected(change) };
    case "order.shipped":
      return { ok: true, skip: "shipments are told by the warehouse" };
    case "customer.held":
      return { ok: true, event: creditHoldPlaced(change) };
    case "customer.released":
      return { ok: true, event: creditHoldReleased(change) };
  }
}

/** A changed order is confirmed anew, with its new dates. */
function orderConfirmed(change: OrderChange): TranslatedEvent {
  const order = change.data;
  const made = isOurs(order.externalReference) ? { reference: order.externalReference } : {};
  const data: EventData["interlock.OrderConfirmed.v1"] = {
    salesOrder: salesOrderOf(order),
    document: order.number,
    confirmedDate: order.lines
      .map(({ confirmedDate }) => confirmedDate)
      .toSorted()
      .at(-1)!,
    lines: order.lines.map(({ line, quantity, unit, confirmedDate }) => ({
      line,
      quantity: { value: quantity, unit },
      confirmedDate,
    })),
    ...made,
  };
  // A release from hold comes from a person, and still tells that the order we asked for is there.
  const released = change.type === "order.confirmed" ? made : {};
  return { ...envelopeOf(change, "OrderConfirmed"), data, ...released, ...causeOf(change) };
}

/** A person in the order system has ended the order: it will not be held any more, whatever was confirmed. */
function orderRejected(change: OrderChange): TranslatedEvent {
  const message = change.data.statusReason ?? "cancelled in the order system";
  const data: EventData["interlock.OrderRejected.v1"] = {
    salesOrder: salesOrderOf(change.data),
    reasons: [{ code: change.data.status, message }],
  };
  return { ...envelopeOf(change, "OrderRejected"), data };
}

function creditHoldPlaced(change: CustomerChange): TranslatedEvent {
  const { customer, holdReason } = change.data;
  const data: EventData["interlock.CreditHoldPlaced.v1"] = {
    customer,
    ...(holdReason === null ? {} : { reason: holdReason }),
  };
  return { ...envelopeOf(change, "CreditHoldPlaced"), data };
}

function creditHoldReleased(change: CustomerChange): TranslatedEvent {
  const data: EventData["interlock.CreditHoldReleased.v1"] = { customer: change.data.customer };
  return { ...envelopeOf(change, "CreditHoldReleased"), data };
}

function envelopeOf(change: NativeChange, name: string): Omit<TranslatedEvent, "data"> {
  return {
    id: change.id,
    type: `interlock.${name}.v1`,
    subject: subjectOf(change),
    time: change.timestamp,
    sourceversion: String(change.data.revision),
  };
}

/** The reference of the call that the change came from settles its effect. */
function causeOf({ reference }: NativeChange): { reference?: string } {
  return isOurs(reference) ? { reference } : {};
}

/** References of ours have 16 characters of Crockford base 32: what a person types in looks otherwise. */
function isOurs(reference: string | null): reference is string {
  return reference !== null && /^[0-9A-HJKMNP-TV-Z]{16}$/.test(reference);
}

/** An order taken by the order system itself goes by its own number. */
function salesOrderOf({ sourceOrder, number }: NativeOrder): string {
  return sourceOrder ?? number;
}

function subjectOf(change: NativeChange): string {
  return "customer" in change.data && "onHold" in change.data
    ? `customer/${change.data.customer}`
    : `salesOrder/${salesOrderOf(change.data as NativeOrder)}`;
}
