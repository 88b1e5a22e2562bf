import pg from "pg";
import { CommitUnknownError, isDataError, StoreError } from "../db/errors.ts";
import type { CaseRow } from "../case/open.ts";
import { cut } from "../effect/evidence.ts";
import type { LedgerEvent } from "../event/envelope.ts";

/**
 * Whom a failure speaks of. `event`: it could not be taken in, others can. `view`: it is wrong itself, a table is not there.
 * `store`: the database had no time, no room or no connection, and it is tried again.
 */
export function blameFor(error: unknown): "event" | "view" | "store" {
  if (error instanceof StoreError || error instanceof CommitUnknownError) return "store";
  if (!(error instanceof pg.DatabaseError)) return "event";
  const { code } = error;
  if (isDataError(error) || code === "21000") return "event";
  return code?.startsWith("42") ? "view" : "store";
}

/** A view that leaves out more than this of one batch is wrong itself. */
export const LEFT_OUT_LIMIT = 20;

export function refusedCase(view: string, event: LedgerEvent, error: unknown): CaseRow {
  return viewCase("VIEW_EVENT_REFUSED", view, event, {
    sameAs: `${view}:${event.type}`,
    title: `The view ${view} left out ${event.type}`,
    happened: `Event ${event.seq} could not be taken in: ${messageOf(error)}`,
  });
}

/** @param after the position it stands at */
export function stoppedCase(view: string, after: number, error: unknown): CaseRow {
  const at = { seq: after + 1, subject: `view/${view}`, correlation: `view/${view}` };
  return viewCase("VIEW_STOPPED", view, at, {
    sameAs: view,
    title: `The view ${view} takes in nothing more`,
    happened: `It stopped after event ${after}: ${messageOf(error)}`,
  });
}

export function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return cut(message.replaceAll("\0", "").toWellFormed(), 1_000);
}

function viewCase(
  kind: "VIEW_EVENT_REFUSED" | "VIEW_STOPPED",
  view: string,
  at: Pick<LedgerEvent, "seq" | "subject" | "correlation" | "plant">,
  told: { readonly sameAs: string; readonly title: string; readonly happened: string },
): CaseRow {
  return {
    fingerprint: `${kind}:${told.sameAs}`,
    kind,
    owner: "it",
    plant: at.plant ?? null,
    system: null,
    subject: at.subject,
    correlation: at.correlation,
    title: told.title,
    detail: JSON.stringify({
      happened: told.happened,
      remedy: `Nothing but what the view shows is concerned. Correct it, then fill it anew: interlock views rebuild ${view}.`,
    }),
    sla_at: null,
    member_kind: "event",
    member_ref: String(at.seq),
  };
}
