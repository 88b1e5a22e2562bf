import type { LedgerEvent } from "../event/envelope.ts";
import type { Surroundings } from "./catalog.ts";
import { type CaseRow } from "./outcome.ts";

/** An event for a process whose folder is gone is kept, not lost: one case per process says so. */
export function unknownProcessCase(
  process: string,
  event: LedgerEvent,
  { caseDueAt }: Surroundings,
): CaseRow {
  return {
    fingerprint: `PROCESS_UNKNOWN:${process}`,
    kind: "PROCESS_UNKNOWN",
    owner: "it",
    plant: null,
    system: null,
    subject: event.subject,
    correlation: event.correlation,
    title: `events are kept for the process ${process}, which this project does not have`,
    detail: JSON.stringify({
      happened: `${event.type} of ${event.subject} came`,
      process,
      event: event.seq,
      remedy: `put the folder processes/${process} back`,
    }),
    sla_at: caseDueAt("it", undefined, event.recordedTime) ?? null,
    member_kind: "event",
    member_ref: String(event.seq),
  };
}
