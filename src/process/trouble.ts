/** Cases of the process engine itself: a decision that could not be made, an event that nothing says anything about. */
import { type LedgerEvent, subjectOf } from "../event/envelope.ts";
import type { Surroundings } from "./catalog.ts";
import type { ProcessDefinition } from "./contract.ts";
import type { Instance } from "./instance.ts";
import { type CaseRow, instanceMember } from "./outcome.ts";

/** Where it happened. */
export interface Scene {
  readonly definition: ProcessDefinition;
  readonly key: string;
  readonly phase: string;
  readonly rowKey: string;
  readonly stored: Instance | undefined;
  /** Absent when no event was the occasion: a migration. */
  readonly event: LedgerEvent | undefined;
}

type Due = Pick<Surroundings, "caseDueAt">;

export function heldCase(scene: Scene, happened: string, due: Due): CaseRow {
  const { definition, key, phase, rowKey } = scene;
  return {
    ...caseOf("PROCESS_HELD", scene, due),
    title: `${definition.name} could not decide on ${rowKey} in phase ${phase}`,
    detail: detailOf(scene, happened, "correct the process or the data it needs, then release the instance"),
    member_kind: "instance",
    member_ref: instanceMember(definition.name, key, "PROCESS_HELD"),
  };
}

export function unexpectedCase(scene: Scene & { readonly event: LedgerEvent }, due: Due): CaseRow {
  const { definition, phase, rowKey, event } = scene;
  return {
    ...caseOf("PROCESS_EVENT_UNEXPECTED", scene, due),
    title: `${definition.name} has no row for ${rowKey} in phase ${phase}`,
    detail: detailOf(
      scene,
      `${event.type} of ${event.subject} came in phase ${phase}`,
      "add the row to the process; what should have followed is to be done by hand",
    ),
    member_kind: "event",
    member_ref: String(event.seq),
  };
}

/** An event for a process whose folder is gone is kept, not lost: one case per process says so. */
export function unknownProcessCase(process: string, event: LedgerEvent, { caseDueAt }: Due): CaseRow {
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
      remedy: `put the folder processes/${process} back`,
      process,
      event: event.seq,
    }),
    sla_at: caseDueAt("it", undefined, event.recordedTime) ?? null,
    member_kind: "event",
    member_ref: String(event.seq),
  };
}

/** The same bug meets many instances: one case, as many members. */
function caseOf(kind: string, { definition, key, phase, rowKey, stored, event }: Scene, { caseDueAt }: Due) {
  const plant = stored?.plant ?? event?.plant;
  const from = event?.recordedTime ?? stored?.beganAt;
  return {
    fingerprint: `${kind}:${definition.name}:${phase}:${rowKey}`,
    kind,
    owner: "it",
    plant: plant ?? null,
    system: null,
    subject: subjectOf({ kind: definition.subjectKind, id: key }),
    correlation: stored?.correlation ?? event?.correlation ?? null,
    sla_at: from === undefined ? null : (caseDueAt("it", plant, from) ?? null),
  } as const;
}

function detailOf({ definition, key, phase, event }: Scene, happened: string, remedy: string): string {
  return JSON.stringify({ happened, remedy, process: definition.name, key, phase, event: event?.seq });
}
