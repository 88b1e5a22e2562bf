import type { Row } from "./client.ts";
import { textOf } from "./content.ts";
import { dayOf } from "./odata.ts";
import type { Reader } from "./reader.ts";
import type { BusinessEvent, Told } from "./told.ts";

/** What an order's event is about, as it stands now: events say no more than that something changed. */
export async function tellOrder(event: BusinessEvent, reader: Reader): Promise<readonly Told[]> {
  const number = textOf(event["SalesOrderNumber"]);
  const order = await orderOf(reader, number);
  if (!order) return [];
  const tell = (part: string, more: object = {}): Told => ({
    part,
    object: `salesOrder/${number}`,
    ...order,
    ...more,
  });
  switch (event["ILKChange"]) {
    case "Confirmed":
      return [tell("created")];
    case "Changed":
      return [tell("changed")];
    case "PromiseChanged":
      return [tell("changed"), ...order.lines.filter(isMoved).map((line) => tell("promised", { line }))];
    case "CreditHeld":
      return [tell(order.lines.some(wasPromised) ? "changed" : "created"), tell("held")];
    case "CreditReleased":
      return [tell("released"), tell("changed")];
    case "Canceled":
      return [tell("cancelled")];
    default:
      // Deliveries and invoices have events of their own.
      return [];
  }
}

export async function tellPackingSlip(event: BusinessEvent, reader: Reader): Promise<readonly Told[]> {
  const number = textOf(event["SalesOrderNumber"]);
  const slip = await reader.find(
    "ILKPackingSlipLines",
    "PackingSlipNumber",
    textOf(event["PackingSlipNumber"]),
    { orderBy: "LineNumber" },
  );
  const order = await orderOf(reader, number);
  if (slip.length === 0 || !order) return [];
  return [{ part: "issued", object: `salesOrder/${number}`, slip, lines: order.lines }];
}

export async function tellInvoice(event: BusinessEvent, reader: Reader): Promise<readonly Told[]> {
  const [invoice] = await reader.find("SalesInvoiceHeadersV2", "InvoiceNumber", textOf(event["InvoiceId"]));
  return invoice ? [{ part: "invoiced", object: `salesOrder/${textOf(event["SalesId"])}`, invoice }] : [];
}

async function orderOf(
  reader: Reader,
  number: string,
): Promise<{ readonly order: Row; readonly lines: readonly Row[] } | undefined> {
  const [found] = await reader.find("SalesOrderHeadersV3", "SalesOrderNumber", number, {
    expand: "SalesOrderLines",
  });
  if (!found) return undefined;
  const { SalesOrderLines: lines, ...order } = found;
  return { order, lines: (lines ?? []) as Row[] };
}

function wasPromised(line: Row): boolean {
  return dayOf(line["ILKFirstConfirmedShippingDate"]) !== undefined;
}

function isMoved(line: Row): boolean {
  const promised = dayOf(line["ConfirmedShippingDate"]);
  return promised !== undefined && promised !== dayOf(line["ILKFirstConfirmedShippingDate"]);
}
