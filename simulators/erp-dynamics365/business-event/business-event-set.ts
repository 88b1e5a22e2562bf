import { defineEntitySet } from "../odata/entity-set.ts";
import { alternatives, conjuncts, type Filter } from "../odata/filter.ts";
import type { Query } from "../odata/asked.ts";
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

/** The log of all events, pushed or not. */
export const BUSINESS_EVENT_SET = defineEntitySet({
  names: ["ILKBusinessEventLogs"],
  entity: "ILKBusinessEventLogEntity",
  table: BUSINESS_EVENTS,
  read(erp, query) {
    const { after, ids, limit } = query ? spanOf(query) : ALL;
    return erp.events.after(after, limit, ids).map(({ control, id, event, at, payload }) =>
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

interface Span {
  readonly after: number;
  /** Undefined: all. */
  readonly ids: readonly string[] | undefined;
  readonly limit: number;
}

const EVERY = Number.MAX_SAFE_INTEGER;
const ALL: Span = { after: 0, ids: undefined, limit: EVERY };

/**
 * The log is long, and read from a number on. Where a query asks for nothing else than some kinds of events behind a number, in
 * the log's own order, so many rows and one more are enough: then no others are looked at.
 */
function spanOf({ filter, orderBy, top, skip, count }: Query): Span {
  const parts = conjuncts(filter);
  const behind = parts.map(numberOf).find((number) => number !== undefined);
  const ids = parts.map(idsOf).find((named) => named !== undefined);
  const told = Number(behind !== undefined) + Number(ids !== undefined);
  const [first, ...others] = orderBy;
  const inOrder = first?.field === "ControlNumber" && !first.down && others.length === 0;
  const whole = told === parts.length && inOrder && top !== undefined && !count;
  return { after: behind ?? 0, ids, limit: whole ? skip + top + 1 : EVERY };
}

function numberOf(part: Filter): number | undefined {
  if (part.kind !== "compare") return undefined;
  const { field, operator, value } = part.comparison;
  return field === "ControlNumber" && operator === "gt" ? Math.floor(Number(value)) : undefined;
}

function idsOf(part: Filter): readonly string[] | undefined {
  return alternatives(part, "BusinessEventId");
}
