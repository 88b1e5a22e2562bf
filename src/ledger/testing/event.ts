import { INTERLOCK_SOURCE } from "../../event/envelope.ts";
import { INTERLOCK_SOURCE_ID, type NewEvent } from "../row.ts";

/** An event for tests: everything that matters to a test is named by it. */
export function anEvent(id: string, given: Partial<NewEvent> = {}): NewEvent {
  return {
    sourceId: INTERLOCK_SOURCE_ID,
    source: INTERLOCK_SOURCE,
    id,
    type: "interlock.OrderRequested.v1",
    subject: "salesOrder/SO-1",
    time: "2026-03-01T09:15:00+01:00",
    body: `{"salesOrder":"SO-1","note":"${id}"}`,
    ...given,
  };
}
