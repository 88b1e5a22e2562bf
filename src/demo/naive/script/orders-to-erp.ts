/** CRM -> ERP: orders that were accepted become sales orders. */
import type { Endpoint } from "./endpoint.ts";
import type { Files } from "./files.ts";
import { log } from "./log.ts";

const STREAM = "orders";
const API = "/services/data/v60.0";
const FIELDS =
  "Id, SystemModstamp, Order_Number__c, Quote_Number__c, Customer_Number__c, Po_Number__c, Currency__c";
const LINE =
  "Line_Number__c, Item_Number__c, Quantity__c, Unit__c, Unit_Price__c, Requested_Date__c, Options__c";
const UNITS: Readonly<Record<string, string>> = { Each: "ea", Kilogram: "kg", Liter: "L" };
const OPTIONS: Readonly<Record<string, string>> = { "motor=1kW": "M1", "motor=2kW": "M2" };

type Row = Readonly<Record<string, unknown>>;
/** The last stamp that was read, and which rows bore it: stamps are kept to the second. */
type Cursor = { readonly stamp: string; readonly ids: readonly string[] };

export async function ordersToErp(crm: Endpoint, erp: Endpoint, files: Files): Promise<void> {
  for (const order of files.takeAgain<Row>(STREAM)) await createOrder(erp, order, files);
  let cursor = files.readCursor<Cursor>(STREAM, { stamp: "2000-01-01T00:00:00.000+0000", ids: [] });
  const query = `SELECT ${FIELDS}, (SELECT ${LINE} FROM Lines__r) FROM Order_Request__c WHERE Type__c = 'New' AND SystemModstamp >= ${cursor.stamp.replace("+0000", "Z")} ORDER BY SystemModstamp, Id LIMIT 100`;
  const { body } = await crm.call("GET", `${API}/query?q=${encodeURIComponent(query)}`);
  for (const order of body.records as Row[]) {
    const stamp = String(order["SystemModstamp"]);
    const id = String(order["Id"]);
    if (stamp === cursor.stamp && cursor.ids.includes(id)) continue;
    await createOrder(erp, order, files);
    cursor = { stamp, ids: stamp === cursor.stamp ? [...cursor.ids, id] : [id] };
    files.saveCursor(STREAM, cursor);
  }
}

/** The header, then its lines, as the ERP's own connectors for office software do it. */
async function createOrder(erp: Endpoint, order: Row, files: Files): Promise<void> {
  const number = String(order["Order_Number__c"]);
  const header = await erp.call("POST", "/data/SalesOrderHeadersV3", {
    SalesOrderNumber: number,
    OrderingCustomerAccountNumber: order["Customer_Number__c"],
    CurrencyCode: order["Currency__c"],
    CustomersOrderReference: order["Po_Number__c"],
    QuotationNumber: order["Quote_Number__c"],
    ILKShippingPolicy: "Complete",
  });
  // An earlier try got through: its number is taken. The lines may still be missing.
  if (header.status !== 201 && !isThere(header.body))
    return files.putAside(STREAM, number, order, reasonOf(header.body));
  for (const line of (order["Lines__r"] as { records: Row[] }).records) {
    const { status, body } = await erp.call("POST", "/data/SalesOrderLines", {
      SalesOrderNumber: number,
      LineCreationSequenceNumber: line["Line_Number__c"],
      ItemNumber: line["Item_Number__c"],
      OrderedSalesQuantity: line["Quantity__c"],
      SalesUnitSymbol: UNITS[String(line["Unit__c"])],
      SalesPrice: line["Unit_Price__c"],
      RequestedShippingDate: line["Requested_Date__c"],
      ...(line["Options__c"] !== null && { ProductConfigurationId: OPTIONS[String(line["Options__c"])] }),
    });
    if (status !== 201) return files.putAside(STREAM, number, order, reasonOf(body));
  }
  log(`${STREAM}: ${number} is in the ERP`);
}

function isThere(body: unknown): boolean {
  return reasonOf(body).includes("already exists");
}

function reasonOf(body: unknown): string {
  const { error } = body as { error?: { innererror?: { message?: string } } };
  return error?.innererror?.message ?? JSON.stringify(body).slice(0, 300);
}
