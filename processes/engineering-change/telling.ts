/** The words of this process. */
import type { DerivedEvent, IntendedCase } from "../../src/process/index.ts";
import type { Change, Design, Work } from "./state.ts";

export const HOUR_MS = 3_600_000;

export function aCase(
  kind: string,
  owner: IntendedCase["owner"],
  title: string,
  remedy: string,
): IntendedCase {
  return { kind, owner, title: title.slice(0, 900), remedy: remedy.slice(0, 900) };
}

const WORDS = {
  item: "item",
  bom: "the bill of materials of",
  routing: "the routing of",
  instruction: "instruction",
};

export function describe(
  { revised, of, revision }: Design,
  { revision: next, changeOrder, reason }: Change,
): string {
  const order = changeOrder === undefined ? "" : ` by ${changeOrder}`;
  const why = reason === undefined ? "" : `: ${reason}`;
  return `${WORDS[revised]} ${of} was revised from ${revision} to ${next}${order}${why}`.slice(0, 380);
}

/** Own name of the hold, so that its end finds it: each change holds for itself. */
function holdOf({ changeOrder, revision }: Change): string {
  return `engineeringChange.${changeOrder ?? revision}`;
}

const about = (workOrder: string, { productionOrder }: Work) => ({ workOrder, productionOrder });

export function hold(workOrder: string, work: Work, change: Change, reason: string): DerivedEvent {
  return {
    name: "WorkOrderHoldRequested",
    data: { ...about(workOrder, work), hold: holdOf(change), cause: "engineering-change", reason },
  };
}

export function holdEnded(workOrder: string, work: Work, change: Change, reason: string): DerivedEvent {
  return {
    name: "WorkOrderHoldEnded",
    data: { ...about(workOrder, work), hold: holdOf(change), reason },
  };
}

export function concession(
  workOrder: string,
  work: Work,
  { revised, revision }: Design,
  change: Change,
  actor: string | undefined,
): DerivedEvent {
  return {
    name: "ConcessionRecorded",
    data: {
      ...about(workOrder, work),
      item: work.item,
      revised,
      revision,
      newRevision: change.revision,
      changeOrder: change.changeOrder,
      reason: change.reason,
      actor,
    },
  };
}
