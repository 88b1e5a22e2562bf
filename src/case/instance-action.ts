import { transaction, type Pool } from "../db/pool.ts";
import { appendEvents } from "../ledger/queries.ts";
import { appendRow, engineEvent } from "../ledger/row.ts";
import { RELEASE_EVENT } from "../event/engine-event.ts";
import { CaseError } from "./errors.ts";
import { selectHeldInstance } from "./queries.ts";
import { checkWord, type Word } from "./word.ts";

/**
 * Lets an instance go on that a failed handler holds: what was kept behind the failure is decided on again, in order. Where the
 * cause is still there it is held again, with the same case.
 * @throws CaseError CASE_MOVED when nothing holds it, CASE_WORD_MISSING
 */
export async function releaseInstance(
  pool: Pool,
  { process, key }: { readonly process: string; readonly key: string },
  word: Word,
): Promise<void> {
  checkWord(word);
  const { actor, reason, now } = word;
  await transaction(pool, async (client) => {
    const held = await selectHeldInstance(client, process, key);
    if (!held) {
      throw new CaseError("CASE_MOVED", `nothing holds ${process} of ${key}; look again`);
    }
    const event = engineEvent({
      name: RELEASE_EVENT,
      // Asking twice before the process has heard of it is asking once.
      id: `released/${process}/${key}/${held.version}`,
      subject: held.correlation,
      time: now,
      data: { process, key, actor, reason },
      correlation: held.correlation,
      plant: held.plant ?? undefined,
      actor,
      reason,
    });
    await appendEvents(client, JSON.stringify([appendRow(event, 0)]));
  });
}
