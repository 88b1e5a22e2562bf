/** ERP -> CRM: where each order stands, and the day that was promised. */
import type { Endpoint } from "./endpoint.ts";
import type { Files } from "./files.ts";
import { log } from "./log.ts";

const STREAM = "status";
const API = "/services/data/v60.0";
const WORDS: Readonly<Record<string, string>> = {
  Backorder: "Confirmed",
  Delivered: "Shipped",
  Invoiced: "Invoiced",
  Canceled: "Cancelled",
};

interface SalesOrder {
  readonly SalesOrderNumber: string;
  readonly SalesOrderStatus: string;
  readonly ILKIsOnCreditHold: string;
  readonly SalesOrderLines: readonly { readonly ConfirmedShippingDate: string }[];
}

export async function statusToCrm(erp: Endpoint, crm: Endpoint, files: Files): Promise<void> {
  const last = files.readCursor(STREAM, 0);
  const filter = `ControlNumber gt ${last} and BusinessEventId eq 'ILKSalesOrderChangedBusinessEvent'`;
  const { body } = await erp.call(
    "GET",
    `/data/ILKBusinessEventLogs?$filter=${encodeURIComponent(filter)}&$orderby=ControlNumber&$top=100`,
  );
  for (const { ControlNumber, Payload } of body.value as { ControlNumber: number; Payload: string }[]) {
    const { SalesOrderNumber } = JSON.parse(Payload) as { SalesOrderNumber: string };
    await tell(erp, crm, SalesOrderNumber, files);
    files.saveCursor(STREAM, ControlNumber);
  }
}

/** The event says only that something changed: the order is read as it stands now. */
async function tell(erp: Endpoint, crm: Endpoint, number: string, files: Files): Promise<void> {
  const filter = encodeURIComponent(`SalesOrderNumber eq '${number}'`);
  const { body } = await erp.call(
    "GET",
    `/data/SalesOrderHeadersV3?$filter=${filter}&$expand=SalesOrderLines`,
  );
  const [order] = body.value as SalesOrder[];
  if (!order) return;
  const query = encodeURIComponent(`SELECT Id FROM Order WHERE OrderNumber = '${number}'`);
  const { body: found } = await crm.call("GET", `${API}/query?q=${query}`);
  const [record] = found.records as { Id: string }[];
  if (!record) return;
  const promised = order.SalesOrderLines.map((line) => line.ConfirmedShippingDate.slice(0, 10))
    .toSorted()
    .at(-1);
  const { status, body: refusal } = await crm.call("PATCH", `${API}/sobjects/Order/${record.Id}`, {
    Fulfilment_Status__c: order.ILKIsOnCreditHold === "Yes" ? "On hold" : WORDS[order.SalesOrderStatus],
    ERP_Order_Number__c: number,
    ...(promised !== undefined && promised !== "1900-01-01" && { Promised_Date__c: promised }),
  });
  if (status >= 300) files.putAside(STREAM, number, order, JSON.stringify(refusal).slice(0, 300));
  else log(`${STREAM}: the CRM was told of ${number}`);
}
