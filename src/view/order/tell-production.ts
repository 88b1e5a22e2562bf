/** What the ERP tells of a production order, and Interlock of its release. */
import type { EventData } from "../../contract/generated.ts";
import { type LedgerEvent, systemOf } from "../../event/envelope.ts";
import { isNewer } from "../../event/version.ts";
import { plus } from "./amount.ts";
import { momentOf, utc } from "./moment.ts";
import type { Pieces, ProductionPart } from "./part.ts";
import { type Tellings, telling } from "./telling.ts";

type Planned = EventData["interlock.ProductionOrderPlanned.v1"];

function about<Data extends { productionOrder: string }>(
  tell: (part: ProductionPart, data: Data, event: LedgerEvent) => void,
) {
  return (event: LedgerEvent) => {
    const data = event.data as Data;
    return [
      telling<ProductionPart>("productionOrder", data.productionOrder, (part) => {
        if (event.plant !== undefined) part.plant = event.plant;
        tell(part, data, event);
      }),
    ];
  };
}

function content(of?: "planned" | "released") {
  return about<Planned>((part, data, event) => {
    if (of !== undefined) part[of] ??= momentOf(event);
    if (part.pegging && !isNewer(event.sourceVersion, part.version)) return;
    if (event.sourceVersion !== undefined) part.version = event.sourceVersion;
    part.item = data.item;
    part.quantity = data.quantity.value;
    part.unit = data.quantity.unit;
    part.pegging = data.pegging.map(({ salesOrder, quantity }) => ({
      salesOrder,
      ...(quantity && { quantity: quantity.value }),
    }));
    if (data.operations)
      part.reporting = data.operations.filter(({ reporting }) => reporting).map(({ operation }) => operation);
  });
}

export function addPieces(
  to: Pieces | undefined,
  told: { good?: { value: string }; scrap?: { value: string }; rework?: { value: string } },
): Pieces {
  return {
    good: plus(to?.good, told.good?.value),
    scrap: plus(to?.scrap, told.scrap?.value),
    rework: plus(to?.rework, told.rework?.value),
  };
}

export const productionTellings: Tellings = {
  ProductionOrderPlanned: content("planned"),
  ProductionOrderReleased: content("released"),
  ProductionOrderChanged: content(),
  ProductionOrderCancelled: about((part, _data, event) => {
    part.cancelled ??= momentOf(event);
  }),
  ProductionOrderClosed: about((part, _data, event) => {
    part.closed ??= momentOf(event);
  }),
  ProductionOrderHeld: about<EventData["interlock.ProductionOrderHeld.v1"]>((part, { reason }, event) => {
    part.held ??= { ...momentOf(event), ...(reason !== undefined && { reason }) };
  }),
  ProductionOrderResumed: about((part) => {
    delete part.held;
  }),
  OrderReleaseDelayed: about<EventData["interlock.OrderReleaseDelayed.v1"]>((part, data, event) => {
    part.delayed = { at: utc(data.since ?? event.time), seq: event.seq, gates: data.gates };
  }),
  ProductionConfirmed: about<EventData["interlock.ProductionConfirmed.v1"]>((part, data, event) => {
    const operation = data.operation ?? "";
    part.confirmed ??= {};
    part.confirmed[operation] = addPieces(part.confirmed[operation], data);
    part.confirmedBy = { ...momentOf(event), system: systemOf(event.source) ?? event.source };
  }),
  ProductionReceiptPosted: about<EventData["interlock.ProductionReceiptPosted.v1"]>((part, data, event) => {
    const { quantity, status, pegging } = data;
    const of = { ...part.receipts?.of };
    if (pegging)
      for (const { salesOrder, quantity: own } of pegging)
        of[salesOrder] = plus(of[salesOrder], own?.value ?? (pegging.length === 1 ? quantity.value : "0"));
    // What it says of nobody is divided as the production order is pegged.
    else of[""] = plus(of[""], quantity.value);
    part.receipts = {
      ...momentOf(event),
      first: part.receipts?.first ?? event.time,
      quantity: plus(part.receipts?.quantity, quantity.value),
      stopped: plus(part.receipts?.stopped, status === "unrestricted" ? "0" : quantity.value),
      of,
    };
  }),
};
