/**
 * A system is set back to its backup of a moment ago. What a person had entered there since is gone, and the hub, which knew
 * of it, sends nothing more until somebody has looked: so a person enters it again, and lets the hub go on.
 */
import type { Narrator } from "../narrate.ts";
import { until } from "../until.ts";
import { pausedSystems, resume } from "./duty.ts";
import { atScreen } from "./people.ts";
import type { SystemName, World } from "./world.ts";

interface Entry {
  readonly words: string;
  readonly actions: readonly object[];
}

/** What somebody enters after the backup, and once more after the restore. */
const ENTRIES: Readonly<Record<SystemName, Entry>> = {
  crm: {
    words: "a customer's call",
    actions: [{ action: "open-case", account: "C-200", subject: "asks for the data sheet of the pump" }],
  },
  erp: {
    words: "a change of an item",
    actions: [{ action: "unblock-item", ItemNumber: "SCREW" }],
  },
  "mes-lyon": { words: "a short stop of the saw", actions: downtime("CUT") },
  "mes-brno": { words: "a short stop of the lathe", actions: downtime("DREH-1") },
};

function downtime(workCenter: string): object[] {
  return [
    { action: "down", workCenter },
    { action: "up", workCenter },
  ];
}

/** @param calm resolves when nothing is under way: what the hub itself wrote since the backup would be gone too */
export async function setBack(
  world: World,
  system: SystemName,
  narrator: Narrator,
  calm: () => Promise<void>,
): Promise<void> {
  const { words, actions } = ENTRIES[system];
  const enter = async () => {
    for (const action of actions) await atScreen(world, system, action);
  };
  await world.ask(system, "commits", { method: "POST" });
  await calm();
  await world.ask(system, "snapshots/backup", { method: "PUT" });
  await enter();
  await calm();
  await world.ask(system, "restore/backup", { method: "POST" });
  narrator.say(`${system} is restored from a backup: ${words}, entered since, is gone.`);
  const why = await until(
    `the hub notices that ${system} was restored`,
    async () => (await pausedSystems(world)).get(system),
    { signal: world.signal },
  );
  narrator.say(`The hub stops sending: ${why}.`);
  await enter();
  await resume(world, system, "restored from backup; what was missing is entered again");
  narrator.say(`It is entered again, and IT lets the hub go on.`);
  await calm();
}
