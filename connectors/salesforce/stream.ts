import type { Row } from "./client.ts";
import { instantOf } from "./soql.ts";

/** What one stream reads, and how its rows say what they are. */
export type Source = {
  readonly object: string;
  readonly fields: readonly string[];
  readonly children?: {
    readonly relation: string;
    readonly fields: readonly string[];
    readonly order: string;
  };
  /** A further condition on the rows. */
  readonly where?: string;
  /** `kind/id` of the object a row is about; undefined when the row does not say. */
  readonly objectKeyOf: (row: Row) => string | undefined;
  /**
   * log: rows are written once and never change, and carry a number of a series in `Name`. state: a row shows how its
   * object stands now, and is read again whenever it was changed.
   */
  readonly kind: "log" | "state";
};

const REQUEST_LINE = [
  "Line_Number__c",
  "Item_Number__c",
  "Quantity__c",
  "Unit__c",
  "Unit_Price__c",
  "Requested_Date__c",
  "Options__c",
];

export const SOURCES = {
  orders: {
    object: "Order_Request__c",
    kind: "log",
    fields: [
      "Name",
      "CreatedDate",
      "Type__c",
      "Revision__c",
      "Order_Number__c",
      "Quote_Number__c",
      "Customer_Number__c",
      "Po_Number__c",
      "Currency__c",
      "Service_Level__c",
      "Shipping_Policy__c",
      "Requested_Date__c",
      "Contact_Name__c",
      "Contact_Email__c",
      "Reason__c",
    ],
    children: { relation: "Lines__r", fields: REQUEST_LINE, order: "Line_Number__c" },
    objectKeyOf: (row) => keyOf("salesOrder", row["Order_Number__c"]),
  },
  cases: {
    object: "Case_Event__c",
    kind: "log",
    fields: [
      "Name",
      "CreatedDate",
      "Type__c",
      "Revision__c",
      "Case_Number__c",
      "Customer_Number__c",
      "Order_Number__c",
      "Item_Number__c",
      "Serial__c",
      "Lot__c",
      "Symptom__c",
      "Reason__c",
      "Status__c",
      "Priority__c",
    ],
    objectKeyOf: (row) => keyOf("serviceCase", row["Case_Number__c"]),
  },
  customers: {
    object: "Account",
    kind: "state",
    where: "ERP_Customer_Number__c != null",
    fields: ["ERP_Customer_Number__c", "Segment__c", "Service_Level__c"],
    children: { relation: "Contacts", fields: ["Name", "Email", "Phone"], order: "Id" },
    objectKeyOf: (row) => keyOf("customer", row["ERP_Customer_Number__c"]),
  },
} as const satisfies Record<string, Source>;

export function sourceOf(stream: string): Source | undefined {
  return Object.hasOwn(SOURCES, stream) ? SOURCES[stream as keyof typeof SOURCES] : undefined;
}

/** The highest number of a source as its newest row shows it: of the series, or of the clock. */
export function numberOf({ kind }: Source, row: Row): number {
  if (kind === "state") return instantOf(row["SystemModstamp"]);
  return Number(/(\d{1,15})$/.exec(String(row["Name"]))?.[1] ?? NaN);
}

function keyOf(kind: string, id: unknown): string | undefined {
  return typeof id === "string" && id !== "" ? `${kind}/${id}` : undefined;
}
