import { type Customer } from "../customer/customer.ts";
import { cents, exact, sum, type Exact } from "../decimal.ts";
import type { Erp } from "../erp.ts";
import { defineTable } from "../store/table.ts";
import { chosenOptions } from "./configuration.ts";
import type { Product } from "./product.ts";

/** A price or a discount agreed for a customer, a group of customers, or all (both empty). */
export const PRICE_RULES = defineTable(
  "priceRule",
  {
    dataAreaId: "text",
    RuleId: "text",
    ItemNumber: "text",
    CustomerAccount: "text",
    CustomerGroupId: "text",
    FromQuantity: "decimal",
    /** Empty or zero: the item's own price. */
    Price: "decimal",
    DiscountPercentage: "decimal",
    ValidFromDate: "date",
    ValidToDate: "date",
  },
  ["dataAreaId", "RuleId"],
  ["ItemNumber"],
);

export const TAX_RATES = defineTable(
  "taxRate",
  { dataAreaId: "text", SalesTaxGroupCode: "text", SalesTaxItemGroupCode: "text", RatePercentage: "decimal" },
  ["dataAreaId", "SalesTaxGroupCode", "SalesTaxItemGroupCode"],
);

/** The ERP's own price of one piece: the narrowest rule first, then the larger quantity; options on top. */
export function priceOf(
  erp: Erp,
  product: Product,
  customer: Customer,
  quantity: Exact,
  configuration: string,
  date: string,
): Exact {
  const [rule] = erp.store
    .find(PRICE_RULES, { ItemNumber: product.ItemNumber })
    .filter(
      (each) =>
        each.dataAreaId === erp.company &&
        (each.CustomerAccount === "" || each.CustomerAccount === customer.CustomerAccount) &&
        (each.CustomerGroupId === "" || each.CustomerGroupId === customer.CustomerGroupId) &&
        quantity.gte(each.FromQuantity) &&
        each.ValidFromDate <= date &&
        (each.ValidToDate === "" || each.ValidToDate >= date),
    )
    .toSorted((a, b) => narrowness(b) - narrowness(a) || exact(b.FromQuantity).comparedTo(a.FromQuantity));
  const base = rule && !exact(rule.Price).isZero() ? exact(rule.Price) : exact(product.SalesPrice);
  const options = chosenOptions(erp, product.ItemNumber, configuration).map(({ SalesPrice }) => SalesPrice);
  const full = base.plus(sum(options));
  return cents(full.times(exact(100).minus(rule?.DiscountPercentage ?? 0)).div(100));
}

/** The tax rate in percent; undefined where no rule says one. */
export function taxRateOf(erp: Erp, product: Product, customer: Customer): Exact | undefined {
  const rate = erp.get(TAX_RATES, {
    SalesTaxGroupCode: customer.SalesTaxGroupCode,
    SalesTaxItemGroupCode: product.SalesTaxItemGroupCode,
  });
  return rate && exact(rate.RatePercentage);
}

function narrowness(rule: { CustomerAccount: string; CustomerGroupId: string }): number {
  return rule.CustomerAccount !== "" ? 2 : rule.CustomerGroupId !== "" ? 1 : 0;
}
