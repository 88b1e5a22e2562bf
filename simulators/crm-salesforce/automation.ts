import { Decimal } from "decimal.js";
import type { Who } from "./book.ts";
import { caseRules, tellOfCase } from "./case-flow.ts";
import { activationRules, tellOfOrder } from "./order-flow.ts";
import type { Records } from "./records.ts";
import { Refusal } from "./refusal.ts";
import type { Row } from "./store.ts";

/** What the org says to a record, and adds to it, before it is stored. */
export function beforeSave(records: Records, before: Row | null, after: Row, who: Who): void {
  switch (after.type) {
    case "Contact":
      after.fields["Name"] = [after.fields["FirstName"], after.fields["LastName"]].filter(Boolean).join(" ");
      return;
    case "QuoteLineItem":
      return lineRules(records, before, after, "QuoteId", who);
    case "OrderItem":
      return lineRules(records, before, after, "OrderId", who);
    case "Order":
      return activationRules(records, before, after);
    case "Case":
      return caseRules(records, before, after);
    case "Asset":
      return assetRules(after);
    default:
  }
}

/** What follows from a record that was stored, in the same transaction. */
export function afterSave(records: Records, before: Row | null, after: Row, who: Who): void {
  const system: Who = { ...who, actor: "system" };
  switch (after.type) {
    case "QuoteLineItem":
      return sumUp(records, after, "QuoteId", "TotalPrice", system);
    case "OrderItem":
      return sumUp(records, after, "OrderId", "TotalAmount", system);
    case "Order":
      return tellOfOrder(records, before, after, system);
    case "Case":
      return tellOfCase(records, before, after, system);
    default:
  }
}

/** A line's price book entry must be of its header's price book, and an order that is activated keeps its lines. */
function lineRules(
  records: Records,
  before: Row | null,
  { fields, type }: Row,
  header: string,
  who: Who,
): void {
  const owner = records.get(String(fields[header]));
  if (!owner) throw new Refusal(400, "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", [header]);
  const settled = owner.fields["Status"] === "Activated" || owner.fields["Status"] === "Accepted";
  if (settled && who.actor !== "hand")
    throw integrity(
      `the ${owner.type.toLowerCase()} is ${String(owner.fields["Status"])}: its lines cannot be changed`,
    );
  if (fields["IsDeleted"] === true) return;
  const entry = records.get(String(fields["PricebookEntryId"]));
  if (before === null) {
    if (!entry || entry.fields["IsActive"] !== true)
      throw integrity("the price book entry does not exist or is not active", "PricebookEntryId");
    if (entry.fields["Pricebook2Id"] !== owner.fields["Pricebook2Id"])
      throw integrity("the price book entry is in another price book than its header", "PricebookEntryId");
    fields["Product2Id"] = entry.fields["Product2Id"]!;
    if (type === "OrderItem") fields["Line_Number__c"] ??= nextLine(records, owner);
  }
  const quantity = new Decimal(String(fields["Quantity"] ?? "0"));
  if (quantity.lte(0)) throw integrity("the quantity must be more than zero", "Quantity");
  fields["TotalPrice"] = quantity.times(String(fields["UnitPrice"] ?? "0")).toFixed(2);
}

/** A number that was taken out is not given again: it would look like the old line, changed. */
function nextLine(records: Records, order: Row): string {
  const taken = records.store
    .withKey("OrderItem", "OrderId", order.id)
    .map(({ fields }) => Number(fields["Line_Number__c"] ?? 0));
  return String(Math.max(0, ...taken) + 10);
}

/** The header's total is a roll-up: its stamp moves whenever a line is written. */
function sumUp(records: Records, line: Row, header: string, total: string, who: Who): void {
  const owner = records.get(String(line.fields[header]))!;
  const sum = records
    .find(line.type, header, owner.id)
    .reduce((sum, { fields }) => sum.plus(String(fields["TotalPrice"] ?? "0")), new Decimal(0));
  records.update(owner, { [total]: sum.toFixed(2) }, who);
}

function assetRules({ fields }: Row): void {
  if (fields["SerialNumber"] || fields["Lot__c"] || fields["IsDeleted"] === true) return;
  throw new Refusal(400, "FIELD_CUSTOM_VALIDATION_EXCEPTION", "An asset needs a serial number or a lot.", [
    "SerialNumber",
  ]);
}

function integrity(message: string, field?: string): Refusal {
  return new Refusal(400, "FIELD_INTEGRITY_EXCEPTION", message, field === undefined ? [] : [field]);
}
