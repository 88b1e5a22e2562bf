import { addWorkdays, later, toWorkday } from "../clock.ts";
import { exact, plain, type Exact } from "../decimal.ts";
import type { Erp } from "../erp.ts";
import { availableToPromise } from "../planning/supply.ts";
import { isMade, type Product } from "../product/product.ts";

export type ShippingPromise = { date: string; basis: "ATP" | "LeadTime"; available: string };

/** The earliest day a quantity can leave: from stock, else after the item's lead time; never before it is wished. */
export function promiseFor(
  erp: Erp,
  product: Product,
  quantity: Exact,
  site: string,
  requested: string,
  line = "",
): ShippingPromise {
  const today = erp.clock.today();
  const toOrder = isMade(product) && product.ILKIsMakeToOrder === "Yes";
  const available = toOrder ? exact(0) : availableToPromise(erp, product.ItemNumber, site, line);
  const fromStock = !toOrder && available.gte(quantity);
  const earliest = fromStock ? toWorkday(today) : addWorkdays(today, product.ILKLeadTimeDays);
  return {
    date: toWorkday(later(requested, earliest)),
    basis: fromStock ? "ATP" : "LeadTime",
    available: plain(available.isNegative() ? exact(0) : available),
  };
}
