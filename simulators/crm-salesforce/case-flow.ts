import { Decimal } from "decimal.js";
import type { Who } from "./book.ts";
import type { Records } from "./records.ts";
import type { Row } from "./store.ts";

/** What people say of a case. What an integration answers stands in fields of its own and is told to nobody. */
const TOLD = [
  "Status",
  "Priority",
  "Subject",
  "Description",
  "Reason",
  "Serial__c",
  "Lot__c",
  "AssetId",
  "AccountId",
];

export function caseRules(records: Records, before: Row | null, { fields }: Row): void {
  const closed = fields["Status"] === "Closed";
  if (closed && fields["IsClosed"] !== true) fields["ClosedDate"] = records.clock.stamp();
  if (!closed) delete fields["ClosedDate"];
  fields["IsClosed"] = closed;
  if (before === null || isNews(before, fields))
    fields["Revision__c"] = new Decimal(String(fields["Revision__c"] ?? "0")).plus(1).toFixed();
}

/** The flow that writes a case event each time a person says something of a case. */
export function tellOfCase(records: Records, before: Row | null, { id, fields }: Row, who: Who): void {
  if (before !== null && !isNews(before, fields)) return;
  const account = records.get(String(fields["AccountId"]))?.fields ?? {};
  const asset = records.get(String(fields["AssetId"]))?.fields ?? {};
  const product = records.get(String(asset["Product2Id"]))?.fields ?? {};
  const closed = fields["IsClosed"] === true && before?.fields["IsClosed"] !== true;
  const values = {
    Case__c: id,
    Type__c: before === null ? "Opened" : closed ? "Closed" : "Updated",
    Revision__c: fields["Revision__c"],
    Case_Number__c: fields["CaseNumber"],
    Customer_Number__c: account["ERP_Customer_Number__c"] ?? account["AccountNumber"],
    Order_Number__c: asset["Order_Number__c"],
    Item_Number__c: product["Item_Number__c"] ?? product["ProductCode"],
    Serial__c: fields["Serial__c"] ?? asset["SerialNumber"],
    Lot__c: fields["Lot__c"] ?? asset["Lot__c"],
    Symptom__c: fields["Subject"],
    Description__c: fields["Description"],
    Reason__c: fields["Reason"],
    Status__c: fields["Status"],
    Priority__c: fields["Priority"],
  };
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  records.create("Case_Event__c", Object.fromEntries(given) as Row["fields"], who);
}

function isNews(before: Row, fields: Row["fields"]): boolean {
  return TOLD.some((name) => (before.fields[name] ?? null) !== (fields[name] ?? null));
}
