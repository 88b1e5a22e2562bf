import { defineEntitySet } from "../odata/entity-set.ts";
import { defineTable, newRow } from "../store/table.ts";

const BUSINESS_EVENTS = defineTable(
  "businessEventLog",
  {
    dataAreaId: "text",
    ControlNumber: "int",
    BusinessEventId: "text",
    EventId: "text",
    EventTime: "time",
    LegalEntity: "text",
    Payload: "text",
  },
  ["dataAreaId", "ControlNumber"],
);

const ROWS_LIMIT = 10_000;

/** The log of all events, pushed or not. */
export const BUSINESS_EVENT_SET = defineEntitySet({
  names: ["ILKBusinessEventLogs"],
  entity: "ILKBusinessEventLogEntity",
  table: BUSINESS_EVENTS,
  read(erp, comparisons, limit) {
    const after = comparisons.find(({ field, operator }) => field === "ControlNumber" && operator === "gt");
    return erp.events
      .after(Math.floor(Number(after?.value ?? 0)), Math.min(limit, ROWS_LIMIT))
      .map(({ control, id, event, at, payload }) =>
        newRow(BUSINESS_EVENTS, {
          dataAreaId: erp.company,
          ControlNumber: control,
          BusinessEventId: event,
          EventId: id,
          EventTime: at,
          LegalEntity: erp.company,
          Payload: payload,
        }),
      );
  },
});
