import { transaction, type Pool } from "../db/pool.ts";
import { appendEvents } from "../ledger/queries.ts";
import { appendRow, engineEvent } from "../ledger/row.ts";
import { CaseError } from "./errors.ts";
import { pauseSystem, resumeSystem } from "./queries.ts";
import { checkWord, type Word } from "./word.ts";

/**
 * Stops sending to a system, or goes on. What is under way when it pauses still ends and is settled.
 * @throws CaseError CASE_MOVED when it is in that state already, CASE_WORD_MISSING
 */
export async function setSystemPaused(
  pool: Pool,
  system: string,
  paused: boolean,
  word: Word,
): Promise<void> {
  checkWord(word);
  const { actor, reason, now } = word;
  await transaction(pool, async (client) => {
    const done = paused
      ? await pauseSystem(client, system, reason, actor)
      : await resumeSystem(client, system, actor, reason);
    if (!done) {
      throw new CaseError(
        "CASE_MOVED",
        `${system} is ${paused ? "paused already" : "not paused"}; look again`,
      );
    }
    const event = engineEvent({
      name: paused ? "SystemPaused" : "SystemResumed",
      // The same person may do it again another time: the moment is part of what was done.
      id: `system-${paused ? "paused" : "resumed"}/${system}/${now}`,
      subject: `system/${system}`,
      time: now,
      data: { system, why: reason, actor },
      actor,
      reason,
    });
    await appendEvents(client, JSON.stringify([appendRow(event, 0)]));
  });
}
