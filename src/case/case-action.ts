import type { Pool } from "../db/pool.ts";
import { transaction } from "../db/pool.ts";
import { appendEvents } from "../ledger/queries.ts";
import { appendRow, engineEvent } from "../ledger/row.ts";
import type { CaseOwner } from "../process/contract.ts";
import { allowedOnCase, type CaseAction } from "./allowed.ts";
import { CaseError } from "./errors.ts";
import { closeCase, selectCase, updateCase, type CaseHead } from "./queries.ts";
import { checkWord, type Word } from "./word.ts";

export interface CaseRequest extends Word {
  readonly id: number;
  readonly action: CaseAction;
  /** The version the person saw. */
  readonly version: number;
  /** reassign: the new team, or within it the person; null gives it back to the team. */
  readonly owner?: CaseOwner;
  readonly assignee?: string | null;
}

/**
 * Reassigns, comments on or closes a case; the reason is the comment.
 * @throws CaseError CASE_UNKNOWN, CASE_MOVED, CASE_ACTION_REFUSED or CASE_WORD_MISSING
 */
export async function takeCaseAction(pool: Pool, request: CaseRequest): Promise<void> {
  checkWord(request);
  const { id, action, version, actor, reason, now, owner, assignee } = request;
  await transaction(pool, async (client) => {
    const one = await selectCase(client, id);
    if (!one) throw new CaseError("CASE_UNKNOWN", `there is no case ${id}`);
    if (one.version !== version) throw moved(one, version);
    const refused = allowedOnCase(one)[action];
    if (refused !== null) {
      throw new CaseError("CASE_ACTION_REFUSED", `${action} of case ${id} is not possible: ${refused}`);
    }
    const done =
      action === "close"
        ? await closeCase(client, id, version, actor, reason)
        : await updateCase(client, id, version, action === "reassign" ? { owner, assignee } : {});
    if (!done) throw moved(one, version);
    const event = engineEvent({
      name: "CaseActionTaken",
      id: `case/${id}/${action}/${version}`,
      subject: one.subject,
      time: now,
      data: { case: id, action, ...(action === "reassign" && owner && { owner }), actor, reason },
      correlation: one.correlation ?? undefined,
      plant: one.plant ?? undefined,
      actor,
      reason,
    });
    await appendEvents(client, JSON.stringify([appendRow(event, 0)]));
  });
}

function moved({ id, version }: CaseHead, seen: number): CaseError {
  return new CaseError(
    "CASE_MOVED",
    `case ${id} had version ${seen} when you looked and has ${version} now; look again`,
  );
}
