import { Decimal } from "decimal.js";
import type { Who } from "./book.ts";
import type { Fields, Records } from "./records.ts";
import { Refusal } from "./refusal.ts";
import type { Row } from "./store.ts";

/** What an activated order keeps, whoever asks. */
const KEPT_WHILE_ACTIVE = ["AccountId", "Pricebook2Id", "EffectiveDate", "CurrencyIsoCode"];
const STATUS_CODES: Readonly<Record<string, string>> = {
  Draft: "Draft",
  Activated: "Activated",
  Cancelled: "Canceled",
};

/** An order is born as a draft, activated with lines, set back to a draft for a change, and ends when it is cancelled. */
export function activationRules(records: Records, before: Row | null, { id, fields }: Row): void {
  const was = before?.fields["Status"] ?? null;
  const status = String(fields["Status"]);
  fields["StatusCode"] = STATUS_CODES[status]!;
  if (was === null && status !== "Draft")
    throw new Refusal(400, "FAILED_ACTIVATION", "An order is created as a draft.", ["Status"]);
  if (was === "Cancelled" && status !== "Cancelled")
    throw new Refusal(400, "FIELD_INTEGRITY_EXCEPTION", "A cancelled order stays cancelled.", ["Status"]);
  if (was === "Activated" && status === "Activated") {
    const changed = KEPT_WHILE_ACTIVE.filter((name) => before!.fields[name] !== fields[name]);
    if (changed.length > 0)
      throw new Refusal(400, "FIELD_INTEGRITY_EXCEPTION", "The order is activated.", changed);
  }
  if (was === "Draft" && status === "Activated") {
    if (records.find("OrderItem", "OrderId", id).length === 0)
      throw new Refusal(400, "FAILED_ACTIVATION", "An order must have at least one product.", []);
    fields["ActivatedDate"] = records.clock.stamp();
    fields["Revision__c"] = new Decimal(String(fields["Revision__c"] ?? "0")).plus(1).toFixed();
  }
  const { Promised_Date__c: promised, EffectiveDate: effective } = fields;
  if (typeof promised === "string" && typeof effective === "string" && promised < effective)
    throw new Refusal(
      400,
      "FIELD_CUSTOM_VALIDATION_EXCEPTION",
      "The promised date is before the order's date.",
      ["Promised_Date__c"],
    );
}

/** The flow that writes an order request each time an order is activated or an activated one cancelled. */
export function tellOfOrder(records: Records, before: Row | null, order: Row, who: Who): void {
  const [was, is] = [before?.fields["Status"], order.fields["Status"]];
  if (was === is || is === "Draft") return;
  const first = order.fields["Revision__c"] === "1";
  if (is === "Activated") writeRequest(records, order, first ? "New" : "Change", who);
  // A draft that was never activated is nobody's business but the salesperson's.
  else if (order.fields["Revision__c"] !== undefined) writeRequest(records, order, "Cancel", who);
}

function writeRequest(records: Records, order: Row, type: "New" | "Change" | "Cancel", who: Who): void {
  const lines = type === "Cancel" ? [] : changedLines(records, order);
  const row = records.create("Order_Request__c", { ...headOf(records, order), Type__c: type }, who);
  for (const line of lines)
    records.create("Order_Request_Line__c", { ...line, Order_Request__c: row.id }, who);
}

/** A copy of everything: what the account or the contact is called later does not change what was asked. */
function headOf(records: Records, { id, fields }: Row): Fields {
  const parent = (field: string) => records.get(String(fields[field]))?.fields ?? {};
  const [account, quote, contact] = [parent("AccountId"), parent("QuoteId"), parent("BillToContactId")];
  return given({
    Order__c: id,
    Revision__c: fields["Revision__c"],
    Order_Number__c: fields["OrderNumber"],
    Quote_Number__c: quote["QuoteNumber"],
    Customer_Number__c: account["ERP_Customer_Number__c"] ?? account["AccountNumber"],
    Po_Number__c: fields["PoNumber"],
    Currency__c: fields["CurrencyIsoCode"],
    Service_Level__c: fields["Service_Level__c"],
    Shipping_Policy__c: fields["Shipping_Policy__c"],
    Requested_Date__c: fields["Requested_Date__c"],
    Contact_Name__c: contact["Name"],
    Contact_Email__c: contact["Email"],
    Reason__c: fields["Change_Reason__c"],
  });
}

/** The order's lines that are not as they were told last; one that is gone has the quantity zero. */
function changedLines(records: Records, order: Row): Fields[] {
  const told = new Map<string, Fields>();
  const requests = records
    .find("Order_Request__c", "Order__c", order.id)
    .toSorted((a, b) => Number(a.fields["Revision__c"]) - Number(b.fields["Revision__c"]));
  for (const request of requests)
    for (const { fields } of records.find("Order_Request_Line__c", "Order_Request__c", request.id))
      told.set(String(fields["Line_Number__c"]), contentOf(fields));
  const now = new Map(
    records.find("OrderItem", "OrderId", order.id).map((item) => {
      const line = lineOf(records, item);
      return [String(line["Line_Number__c"]), line] as const;
    }),
  );
  const gone = [...told]
    .filter(([line, was]) => !now.has(line) && was["Quantity__c"] !== "0")
    .map(([, was]): Fields => ({ ...was, Quantity__c: "0" }));
  const other = [...now].filter(
    ([line, is]) => JSON.stringify(contentOf(is)) !== JSON.stringify(told.get(line)),
  );
  return [...other.map(([, is]) => is), ...gone].toSorted(
    (a, b) => Number(a["Line_Number__c"]) - Number(b["Line_Number__c"]),
  );
}

function lineOf(records: Records, { fields }: Row): Fields {
  const product = records.get(String(fields["Product2Id"]))?.fields ?? {};
  return given({
    Line_Number__c: fields["Line_Number__c"],
    Item_Number__c: product["Item_Number__c"] ?? product["ProductCode"],
    Quantity__c: fields["Quantity"],
    Unit__c: product["QuantityUnitOfMeasure"],
    Unit_Price__c: fields["UnitPrice"],
    Requested_Date__c: fields["ServiceDate"],
    Options__c: fields["Options__c"],
  });
}

const CONTENT = [
  "Line_Number__c",
  "Item_Number__c",
  "Quantity__c",
  "Unit__c",
  "Unit_Price__c",
  "Requested_Date__c",
  "Options__c",
];

function contentOf(fields: Fields): Fields {
  return given(Object.fromEntries(CONTENT.map((name) => [name, fields[name]])));
}

function given(values: Record<string, Fields[string] | undefined>): Fields {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Fields;
}
