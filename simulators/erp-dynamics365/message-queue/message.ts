import { defineTable, type RowOf } from "../store/table.ts";

/** As the product calls them. */
export type MessageState = "Queued" | "Processing" | "Processed" | "Failed" | "Canceled";

export const MESSAGES = defineTable(
  "message",
  {
    dataAreaId: "text",
    MessageId: "text",
    MessageQueue: "text",
    MessageType: "text",
    MessageState: "text",
    MessageContent: "text",
    CompanyId: "text",
    AttemptCount: "int",
    MessageInfolog: "text",
    CreatedDateTime: "time",
    ProcessedDateTime: "time",
    ILKProductionOrderNumber: "text",
    ILKReference: "text",
  },
  ["dataAreaId", "MessageId"],
  ["MessageState", "ILKReference", "ILKProductionOrderNumber"],
);
export type Message = RowOf<typeof MESSAGES.fields>;
