import { sameNumber, type NativeLine } from "./native.ts";
import type { LineChange } from "./payload.ts";

/** A line as the order system takes it. What the effect does not say is left out, so that it stays as it is. */
export function nativeLine({ line, item, quantity, unitPrice, requestedDate }: LineChange): object {
  return {
    line,
    item,
    quantity: quantity?.value,
    unit: quantity?.unit,
    price: unitPrice?.amount,
    requestedDate,
  };
}

/** The currency all prices agree on; undefined when there are none, `mixed` when they do not agree. */
export function currencyOf(lines: readonly LineChange[]): string | undefined {
  const currencies = new Set(lines.flatMap(({ unitPrice }) => unitPrice?.currency ?? []));
  return currencies.size > 1 ? "mixed" : [...currencies][0];
}

/** What a held line says otherwise than the wanted one, in words; undefined: nothing. What was not wanted may be anything. */
export function lineDifference(wanted: LineChange, held: NativeLine): string | undefined {
  const { item, quantity, unitPrice, requestedDate } = wanted;
  const differs = (field: string, want: string, has: string) =>
    `line ${wanted.line}: ${field} is ${has}, wanted ${want}`;
  if (item !== undefined && item !== held.item) return differs("item", item, held.item);
  if (quantity && !sameNumber(quantity.value, held.quantity))
    return differs("quantity", quantity.value, held.quantity);
  if (quantity && quantity.unit !== held.unit) return differs("unit", quantity.unit, held.unit);
  if (unitPrice && !sameNumber(unitPrice.amount, held.price))
    return differs("price", unitPrice.amount, held.price);
  if (requestedDate !== undefined && requestedDate !== held.requestedDate)
    return differs("requested date", requestedDate, held.requestedDate);
  return undefined;
}
