/** What the customer has after a shipment: each serial number or lot, as it was built. */
import type { IntendedEffect } from "../../src/process/index.ts";
import { isPositive, plus } from "./amount.ts";
import type { Built, Order, ShippedLine } from "./state.ts";

const LONGEST_ID = 80;
const MOST_PARTS = 500;

type Lot = NonNullable<ShippedLine["lots"]>[number];

/** @param order as it was before the goods left: where they were made stands on its pieces */
export function assetsOf(
  order: Order,
  salesOrder: string,
  { shipment, lines, shippedOn }: { shipment: string; lines: readonly ShippedLine[]; shippedOn: string },
): IntendedEffect[] {
  return lines.flatMap((line) =>
    (line.lots ?? []).map((lot) => assetOf(order, salesOrder, shipment, line, lot, shippedOn)),
  );
}

function assetOf(
  order: Order,
  salesOrder: string,
  shipment: string,
  { line, item }: ShippedLine,
  { lot, serial, quantity }: Lot,
  shippedOn: string,
): IntendedEffect {
  const made = order.pieces.filter((piece) =>
    serial === undefined ? piece.lot === lot : piece.serial === serial,
  );
  const productionOrders = [...new Set(made.flatMap((piece) => piece.productionOrder ?? []))].slice(0, 100);
  const itemRevision = productionOrders
    .map((name) => order.supplies[name]?.itemRevision)
    .find((each) => each);
  const asBuilt = partsOf(order.built, { lot, serial, productionOrders });
  return {
    name: "asset",
    target: "crm",
    type: "UpsertAsset",
    payload: {
      asset: serial ?? shortId(lot!, shipment),
      serial,
      lot,
      ...(serial === undefined && { quantity }),
      item,
      itemRevision,
      customer: order.customer,
      salesOrder,
      line,
      shippedOn,
      warrantyStart: shippedOn,
      ...(productionOrders.length > 0 && { productionOrders }),
      ...(asBuilt.length > 0 && { asBuilt }),
    },
  };
}

/** A lot goes to several customers: its asset is named by the shipment too. */
function shortId(lot: string, shipment: string): string {
  const name = `${lot}.${shipment}`;
  return name.length <= LONGEST_ID ? name : lot;
}

interface Product {
  readonly lot: string | undefined;
  readonly serial: string | undefined;
  readonly productionOrders: readonly string[];
}

function partsOf(built: readonly Built[], product: Product): object[] {
  const parts = new Map<string, Pick<Built, "item" | "lot" | "serial" | "quantity" | "precision">>();
  for (const entry of built.filter((each) => isPartOf(each, product))) {
    const { item, lot, serial, quantity, precision } = entry;
    const name = JSON.stringify([item, lot, serial, quantity.unit, precision]);
    const known = parts.get(name);
    const whole = known ? { ...quantity, value: plus(known.quantity.value, quantity.value) } : quantity;
    parts.set(name, {
      item,
      ...(lot !== undefined && { lot }),
      ...(serial !== undefined && { serial }),
      quantity: whole,
      precision,
    });
  }
  return [...parts.values()].filter(({ quantity }) => isPositive(quantity.value)).slice(0, MOST_PARTS);
}

/** Where the plant knows only the work order, its material is in all that came out of it, and its precision says so. */
function isPartOf({ outputLot, outputSerial, productionOrder }: Built, product: Product): boolean {
  if (outputSerial !== undefined) return outputSerial === product.serial;
  if (outputLot !== undefined) return outputLot === product.lot;
  return productionOrder !== undefined && product.productionOrders.includes(productionOrder);
}
