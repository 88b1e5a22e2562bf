import {
  autoNumber,
  day,
  externalKey,
  longText,
  number,
  amount,
  ONCE,
  parent,
  picklist,
  text,
  field,
  type ObjectDefinition,
} from "./field.ts";

/**
 * Objects an integration package brings. An order or a case shows only how it stands now: what happened between two
 * polls would never be told. So a flow of the org writes each thing that another system must hear of as a row of its
 * own, in the same transaction, and never touches it again.
 */
export const INTEGRATION: readonly ObjectDefinition[] = [
  {
    name: "Order_Request__c",
    label: "Order Request",
    prefix: "a00",
    fields: [
      autoNumber("Name", "REQ-{0000000}"),
      parent("Order__c", "Order", { ...ONCE, children: "Requests__r" }),
      picklist("Type__c", ["New", "Change", "Cancel"], { ...ONCE, restricted: true }),
      number("Revision__c", 0, ONCE),
      text("Order_Number__c", 30, ONCE),
      text("Quote_Number__c", 30, ONCE),
      text("Customer_Number__c", 40, ONCE),
      text("Po_Number__c", 80, ONCE),
      text("Currency__c", 3, ONCE),
      text("Service_Level__c", 40, ONCE),
      text("Shipping_Policy__c", 40, ONCE),
      day("Requested_Date__c", ONCE),
      text("Contact_Name__c", 121, ONCE),
      field("Contact_Email__c", "email", { length: 80, ...ONCE }),
      text("Reason__c", 255, ONCE),
    ],
  },
  {
    name: "Order_Request_Line__c",
    label: "Order Request Line",
    prefix: "a01",
    fields: [
      autoNumber("Name", "REQL-{0000000}"),
      parent("Order_Request__c", "Order_Request__c", { ...ONCE, children: "Lines__r" }),
      number("Line_Number__c", 0, ONCE),
      text("Item_Number__c", 40, ONCE),
      number("Quantity__c", 3, ONCE),
      text("Unit__c", 40, ONCE),
      amount("Unit_Price__c", ONCE),
      day("Requested_Date__c", ONCE),
      text("Options__c", 1000, ONCE),
    ],
  },
  {
    name: "Case_Event__c",
    label: "Case Event",
    prefix: "a02",
    fields: [
      autoNumber("Name", "CEV-{0000000}"),
      parent("Case__c", "Case", { ...ONCE, children: "Events__r" }),
      picklist("Type__c", ["Opened", "Updated", "Closed"], { ...ONCE, restricted: true }),
      number("Revision__c", 0, ONCE),
      text("Case_Number__c", 30, ONCE),
      text("Customer_Number__c", 40, ONCE),
      text("Order_Number__c", 30, ONCE),
      text("Item_Number__c", 40, ONCE),
      text("Serial__c", 80, ONCE),
      text("Lot__c", 80, ONCE),
      text("Symptom__c", 255, ONCE),
      longText("Description__c"),
      text("Reason__c", 80, ONCE),
      text("Status__c", 40, ONCE),
      text("Priority__c", 40, ONCE),
    ],
  },
  {
    name: "Order_Comment__c",
    label: "Order Comment",
    prefix: "a03",
    fields: [
      autoNumber("Name", "COM-{0000000}"),
      parent("Order__c", "Order", { required: true, children: "Comments__r" }),
      longText("Text__c"),
      text("Kind__c", 40),
      externalKey("Interlock_Ref__c", 40),
    ],
  },
];
