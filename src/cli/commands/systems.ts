import type { Static } from "typebox";

import type { SYSTEM } from "../../api/systems/system.ts";
import { defineCommand, type JsonOption, teach, withJson } from "../command.ts";
import { connectHub, type HubOptions, withHub } from "../hub-client.ts";
import { printJson, printTable, showTime } from "../output.ts";

export default defineCommand((program) => {
  const systems = program
    .command("systems")
    .description("the systems of the project: what waits for them, what was read from them");

  const list = systems
    .command("list", { isDefault: true })
    .description("list every system with its lanes and cursors")
    .action(async (options: HubOptions & JsonOption) => {
      const { items } = await connectHub(options).get<{ items: Static<typeof SYSTEM>[] }>("/v1/systems");
      if (options.json) return printJson(items);
      printTable(
        ["system", "role", "plant", "lanes", "messages waiting", "read up to (UTC)", "paused"],
        items.map((each) => [
          each.system,
          each.role,
          each.plant,
          Object.entries(each.lanes)
            .map(([state, count]) => `${count} ${state}`)
            .join(", "),
          each.waitingMessages,
          each.cursors.map(({ stream, caughtUpTo }) => `${stream} ${showTime(caughtUpTo)}`).join(", "),
          each.paused && `${each.paused} (${each.pausedBy ?? "interlock"})`,
        ]),
      );
    });
  teach(withHub(withJson(list)), {
    examples: [["systems", "which system is behind, and why"]],
    exit1: "the hub does not answer",
  });
});
