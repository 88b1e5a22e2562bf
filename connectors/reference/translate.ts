import type {
  NativeIdentity,
  NativeMessage,
  TranslatedEvent,
  Translation,
} from "../../src/connector/index.ts";
import { asOrder, type NativeChange, type NativeOrder } from "./native.ts";

/** What the order system says that is no news for anyone here, and why. */
const OF_NO_INTEREST: Readonly<Record<string, string>> = {
  "order.held": "an order on hold is not confirmed; the order system tells when it is released",
  "order.cancelled": "the outcome of the cancellation says so",
  "order.shipped": "shipments are told by the warehouse",
};

export function identify(message: NativeMessage): NativeIdentity | undefined {
  const change = asChange(message);
  return (
    change && { id: change.id, objectKey: subjectOf(change.data), version: String(change.data.revision) }
  );
}

export function translate(message: NativeMessage): Translation {
  const change = asChange(message);
  if (!change)
    return {
      ok: false,
      code: "REFERENCE_MESSAGE_INVALID",
      message: "the message is not {id, sequence, type, timestamp, data} with an order in data",
    };
  const { type, data: order } = change;
  if (type === "order.confirmed" || type === "order.changed")
    return { ok: true, event: orderConfirmed(change) };
  const skip = OF_NO_INTEREST[type];
  if (skip !== undefined) return { ok: true, skip };
  return {
    ok: false,
    code: "REFERENCE_MESSAGE_INVALID",
    message: `${type} of order ${order.number} is no event this connector knows`,
    pointer: "/type",
  };
}

/** A changed order is confirmed anew, with its new dates. */
function orderConfirmed({ id, timestamp, data: order }: NativeChange): TranslatedEvent {
  const reference = referenceOf(order);
  const days = order.lines.map(({ confirmedDate }) => confirmedDate).toSorted();
  return {
    id,
    type: "interlock.OrderConfirmed.v1",
    subject: subjectOf(order),
    time: timestamp,
    sourceversion: String(order.revision),
    data: {
      salesOrder: salesOrderOf(order),
      document: order.number,
      confirmedDate: days.at(-1),
      lines: order.lines.map(({ line, quantity, unit, confirmedDate }) => ({
        line,
        quantity: { value: quantity, unit },
        confirmedDate,
      })),
      ...(reference === undefined ? {} : { reference }),
    },
    ...(reference === undefined ? {} : { reference }),
  };
}

/** The order's last reference of ours. A clerk's change adds none, and a typed-in one does not look like ours. */
function referenceOf({ externalReference, changeReferences }: NativeOrder): string | undefined {
  const last = changeReferences.at(-1) ?? externalReference;
  return last !== null && /^[0-9A-HJKMNP-TV-Z]{16}$/.test(last) ? last : undefined;
}

/** An order taken by the order system itself goes by its own number. */
function salesOrderOf({ sourceOrder, number }: NativeOrder): string {
  return sourceOrder ?? number;
}

function subjectOf(order: NativeOrder): string {
  return `salesOrder/${salesOrderOf(order)}`;
}

function asChange({ raw }: NativeMessage): NativeChange | undefined {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(raw).toString("utf8"));
  } catch {
    return undefined;
  }
  const change = (value ?? {}) as Partial<NativeChange>;
  const complete =
    typeof change.id === "string" &&
    typeof change.type === "string" &&
    typeof change.timestamp === "string" &&
    asOrder(change.data) !== undefined;
  return complete ? (change as NativeChange) : undefined;
}
