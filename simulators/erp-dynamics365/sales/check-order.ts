import { because, CUSTOMERS, type Customer } from "../customer/customer.ts";
import { cents, exact, plain, sum, type Exact } from "../decimal.ts";
import type { Erp } from "../erp.ts";
import { whyNotConfigurable } from "../product/configuration.ts";
import { priceOf, taxRateOf } from "../product/price.ts";
import { PRODUCTS, whyUnusable, type Product } from "../product/product.ts";
import { findBom } from "../product/bill-of-materials.ts";
import { isMade } from "../product/product.ts";
import type { RequestReader } from "../request-reader.ts";
import { firstSite, SITES } from "../stock/place.ts";
import { exposureOf } from "./credit.ts";
import { promiseFor } from "./promise.ts";

type Verdict = { Verdict: "Pass" | "Fail"; Reason: string } & Record<string, unknown>;
type Line = {
  number: number;
  item: string;
  quantity: Exact;
  unit: string;
  price: Exact | undefined;
  configuration: string;
  requested: string;
  product: Product | undefined;
};

/** Would this order be taken? Each question has its own verdict with a reason; nothing is written. */
export function checkOrder(erp: Erp, request: RequestReader): Record<string, unknown> {
  const account = request.text("CustomerAccount");
  const currency = request.text("CurrencyCode", "");
  const lines = request.list("Lines").map((line, index) => readLine(erp, line, index));
  const customer = erp.get(CUSTOMERS, { CustomerAccount: account });
  const site = request.text("SiteId", customer?.SiteId || firstSite(erp));
  const priced = lines.map((line) => ({ line, price: ownPrice(erp, customer, line) }));
  const amounts = priced.map(({ line, price }) => ({
    line,
    net: cents((line.price ?? price ?? exact(0)).times(line.quantity)),
    rate: customer && line.product ? taxRateOf(erp, line.product, customer) : undefined,
  }));
  const taxes = amounts.map(({ net, rate }) => cents(net.times(rate ?? 0).div(100)));
  const total = sum([...amounts.map(({ net }) => net), ...taxes]);
  return {
    Credit: checkCredit(erp, customer, account, currency, total),
    Items: overall(lines.map((line) => lineVerdict(line, whyNotOrderable(erp, line, site)))),
    Configuration: overall(
      lines.map((line) => lineVerdict(line, whyNotConfigurable(erp, line.item, line.configuration))),
    ),
    Price: overall(priced.map(({ line, price }) => checkPrice(erp, line, price))),
    Tax: overall(
      amounts.map(({ line, rate }, index) => ({
        ...lineVerdict(
          line,
          rate ? undefined : `No tax rate is set up for customer ${account} and item ${line.item}`,
        ),
        TaxRate: rate ?? exact(0),
        TaxAmount: taxes[index],
      })),
    ),
    Availability: overall(lines.map((line) => checkAvailability(erp, line, site))),
    OrderAmount: total,
    TaxAmount: sum(taxes),
  };
}

function readLine(erp: Erp, line: RequestReader, index: number): Line {
  const item = line.text("ItemNumber");
  return {
    number: line.int("LineNumber", index + 1),
    item,
    quantity: line.positive("Quantity"),
    unit: line.text("UnitSymbol", ""),
    price: line.has("SalesPrice") ? line.decimal("SalesPrice") : undefined,
    configuration: line.text("ProductConfigurationId", ""),
    requested: line.date("RequestedShippingDate", erp.clock.today()),
    product: erp.get(PRODUCTS, { ItemNumber: item }),
  };
}

function checkCredit(
  erp: Erp,
  customer: Customer | undefined,
  account: string,
  currency: string,
  total: Exact,
): Verdict {
  if (!customer) return { Verdict: "Fail", Reason: `Customer ${account} does not exist` };
  const limit = exact(customer.CreditLimit);
  const exposure = exposureOf(erp, account);
  const why =
    customer.OnHoldStatus === "All"
      ? `Customer ${account} is on hold${because(customer.ILKHoldReason)}`
      : currency !== "" && currency !== customer.SalesCurrencyCode
        ? `Customer ${account} buys in ${customer.SalesCurrencyCode}, not ${currency}`
        : !limit.isZero() && exposure.plus(total).gt(limit)
          ? `Credit exposure ${plain(exposure)} and this order of ${plain(total)} exceed the credit limit ${plain(limit)}`
          : undefined;
  return { ...verdict(why), CreditLimit: limit, Exposure: exposure, OrderAmount: total };
}

function whyNotOrderable(erp: Erp, line: Line, site: string): string | undefined {
  const { product, item, unit } = line;
  if (!product) return `Item ${item} does not exist`;
  if (!erp.get(SITES, { SiteId: site })) return `Site ${site} does not exist`;
  if (unit !== "" && unit !== product.InventoryUnitSymbol)
    return `Unit ${unit} is not a unit of item ${item}, which is kept in ${product.InventoryUnitSymbol}`;
  if (isMade(product) && !findBom(erp, item, site, erp.clock.today()))
    return `Item ${item} has no approved and active bill of materials at site ${site}`;
  return whyUnusable(product);
}

function ownPrice(erp: Erp, customer: Customer | undefined, line: Line): Exact | undefined {
  if (!customer || !line.product) return undefined;
  return priceOf(erp, line.product, customer, line.quantity, line.configuration, erp.clock.today());
}

function checkPrice(erp: Erp, line: Line, own: Exact | undefined): Verdict {
  if (!own) return { ...lineVerdict(line, `No price is known for item ${line.item}`), SalesPrice: exact(0) };
  const tolerance = own.times(erp.settings.priceTolerancePercent).div(100);
  const off = line.price !== undefined && line.price.minus(own).abs().gt(tolerance);
  const why = off
    ? `Price ${plain(line.price ?? own)} of item ${line.item} deviates more than ${erp.settings.priceTolerancePercent} % from ${plain(own)}`
    : undefined;
  return { ...lineVerdict(line, why), SalesPrice: own };
}

function checkAvailability(erp: Erp, line: Line, site: string): Verdict {
  if (!line.product) return lineVerdict(line, `Item ${line.item} does not exist`);
  const { date, basis, available } = promiseFor(erp, line.product, line.quantity, site, line.requested);
  const why =
    date > line.requested && line.requested > erp.clock.today()
      ? `Item ${line.item} cannot leave before ${date}, it is wished for ${line.requested}`
      : undefined;
  return {
    ...lineVerdict(line, why),
    PromisedDate: date,
    Basis: basis,
    AvailableQuantity: exact(available),
  };
}

function verdict(why: string | undefined): Verdict {
  return { Verdict: why === undefined ? "Pass" : "Fail", Reason: why ?? "" };
}

function lineVerdict(line: Line, why: string | undefined): Verdict {
  return { LineNumber: line.number, ...verdict(why) };
}

function overall(lines: Verdict[]): Verdict {
  return { ...verdict(lines.find(({ Verdict: each }) => each === "Fail")?.Reason), Lines: lines };
}
