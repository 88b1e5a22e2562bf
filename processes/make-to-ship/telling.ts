import type { EffectPayload, IntendedCase, IntendedEffect } from "../../src/process/index.ts";
import { isPositive } from "./amount.ts";
import type { Context, Order, Shipment } from "./state.ts";

type Status = EffectPayload["UpdateOrderStatus.v1"]["status"];

/** What the customer's people see: how far it is, what of each line has left, and where it is on its way. */
export function tell(order: Order, salesOrder: string, status: Status, message?: string): IntendedEffect {
  const gone = order.lines.filter(({ shipped }) => isPositive(shipped));
  const onTheWay = Object.entries(order.shipments).filter(([, { shippedOn }]) => shippedOn !== undefined);
  return {
    name: "tell",
    target: "crm",
    type: "UpdateOrderStatus",
    payload: {
      salesOrder,
      status,
      document: order.document,
      ...(gone.length > 0 && {
        lines: gone.map(({ line, shipped, quantity: { unit } }) => ({
          line,
          shipped: { value: shipped, unit },
        })),
      }),
      ...(onTheWay.length > 0 && {
        tracking: onTheWay.slice(-200).map(([shipment, { carrier, tracking, shippedOn }]) => ({
          shipment,
          carrier,
          tracking,
          shippedOn,
        })),
      }),
      message: message?.slice(0, 1_000),
    },
  };
}

/** Whose warehouse has no system of its own sees ShipmentReady, and tells by hand what has left. */
export function release(
  order: Order,
  salesOrder: string,
  shipment: string,
  lines: Shipment["lines"],
): IntendedEffect {
  const { document, customer, customerReference } = order;
  return {
    name: "release",
    target: "wms",
    type: "ReleaseShipment",
    payload: { shipment, salesOrder, document, customer, customerReference, lines },
    optional: true,
  };
}

export function hold(salesOrder: string, shipment: string, reason: string): IntendedEffect {
  return {
    name: "hold",
    target: "wms",
    type: "HoldShipment",
    payload: { shipment, salesOrder, reason },
    optional: true,
  };
}

export function aCase(
  kind: string,
  owner: IntendedCase["owner"],
  title: string,
  remedy: string,
): IntendedCase {
  return { kind, owner, title: title.slice(0, 900), remedy: remedy.slice(0, 900) };
}

/** The words with which a target refused. */
export function reasonsOf({ data }: Context["event"]): string {
  const { reasons = [] } = data as { reasons?: readonly { message: string }[] };
  return reasons.map(({ message }) => message).join("; ") || "no reason given";
}
