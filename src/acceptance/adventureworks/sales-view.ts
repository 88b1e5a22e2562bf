/** The sales orders as the ERP keeps them and as the CRM shows them to salespeople, each asked for its own. */
import type { Works } from "./works.ts";

// oxlint-disable-next-line typescript/no-explicit-any -- the side doors' answers, as their READMEs show them
type Seen = any;

export interface SalesView {
  readonly status: string;
  readonly promised: string;
  /** `1: 3 x 2024.99` */
  readonly lines: string;
}

export interface ErpSale extends SalesView {
  readonly reference: string;
  readonly shipped: number;
  /** Without tax, in cents. */
  readonly cents: number;
}

export async function readErpSales(works: Works): Promise<ReadonlyMap<string, ErpSale>> {
  const { orders } = (await works.ask("erp", "orders")) as { orders: Seen[] };
  return new Map(
    orders.map((order) => [
      order.SalesOrderNumber as string,
      {
        reference: order.CustomersOrderReference,
        status: order.SalesOrderStatus,
        promised: latest(order.lines.map((line: Seen) => line.ConfirmedShippingDate)),
        lines: shown(
          order.lines.map((line: Seen) => [
            line.LineCreationSequenceNumber,
            line.OrderedSalesQuantity,
            line.SalesPrice,
          ]),
        ),
        shipped: sum(order.lines.map((line: Seen) => line.ILKDeliveredQuantity)),
        cents: Math.round(sum(order.lines.map((line: Seen) => line.LineAmount)) * 100),
      },
    ]),
  );
}

/** One look for each order: the org shows a thousand records at most. */
export async function readCrmSale(works: Works, number: string): Promise<SalesView> {
  const [order] = (await works.ask("crm", `records/Order?OrderNumber=${number}`)) as Seen[];
  const lines = (await works.ask("crm", `records/OrderItem?OrderId=${order.Id}`)) as Seen[];
  return {
    status: order.Fulfilment_Status__c ?? "",
    promised: order.Promised_Date__c ?? "",
    lines: shown(lines.map((line) => [line.Line_Number__c, line.Quantity, line.UnitPrice])),
  };
}

function shown(lines: [string, string, string][]): string {
  return lines
    .toSorted(([a], [b]) => Number(a) - Number(b))
    .map(([line, quantity, price]) => `${Number(line)}: ${Number(quantity)} x ${Number(price).toFixed(2)}`)
    .join(", ");
}

function sum(amounts: string[]): number {
  return amounts.reduce((total, amount) => total + Number(amount), 0);
}

function latest(days: string[]): string {
  return days.toSorted().at(-1) ?? "";
}
