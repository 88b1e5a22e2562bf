import type { Pool } from "../db/pool.ts";
import { toUtc } from "../event/time.ts";
import type { Bell } from "../ledger/bell.ts";
import { appendRow, engineEvent } from "../ledger/row.ts";
import { actOnInbound, selectCaseMessages, selectCaseOfMessage } from "./queries.ts";

export interface PersonsWord {
  readonly actor: string;
  readonly reason: string;
  /** RFC 3339; the present unless told. */
  readonly now?: string;
}

/**
 * Messages that were quarantined are tried again as they were sent, with today's mapping and rules, before what waits behind
 * them. Discarding is final: the message stays kept and shown, and what waits behind it goes on.
 * @returns how many were still waiting for a person; 0 when somebody was quicker
 */
export async function actOnMessage(
  parts: { readonly pool: Pool; readonly bell: Bell },
  id: number,
  action: "readmit" | "discard",
  word: PersonsWord,
): Promise<number> {
  const about = await selectCaseOfMessage(parts.pool, id);
  return about === undefined ? 0 : act(parts, about, [id], action, word);
}

/** The same for every message of a case that still waits. */
export async function actOnCase(
  parts: { readonly pool: Pool; readonly bell: Bell },
  caseId: number,
  action: "readmit" | "discard",
  word: PersonsWord,
): Promise<number> {
  const messages = await selectCaseMessages(parts.pool, caseId);
  const [first] = messages;
  if (first === undefined) return 0;
  const ids = messages.map(({ id }) => id);
  return act(parts, { id: caseId, subject: first.subject, version: first.version }, ids, action, word);
}

async function act(
  { pool, bell }: { readonly pool: Pool; readonly bell: Bell },
  about: { id: number; subject: string; version: number },
  ids: readonly number[],
  action: "readmit" | "discard",
  { actor, reason, now = toUtc(new Date().toISOString())! }: PersonsWord,
): Promise<number> {
  const event = engineEvent({
    name: "CaseActionTaken",
    // A message can be tried more than once: the moment is part of what was done.
    id: `case/${about.id}/${action}/${ids[0]}/${now}`,
    subject: about.subject,
    time: now,
    data: { case: about.id, action, messages: ids, actor, reason },
    actor,
    reason,
  });
  const problem =
    action === "discard"
      ? JSON.stringify({ code: "DISCARDED", message: `discarded by ${actor}: ${reason}` })
      : null;
  const moved = await actOnInbound(pool, { ids, action, actor, problem, event: appendRow(event, 0) });
  if (moved.length > 0) bell.ring();
  return moved.length;
}
