import type { Static } from "typebox";

import type { SYSTEM } from "../../api/systems/system.ts";
import {
  defineCommand,
  type JsonOption,
  type PersonOption,
  teach,
  withJson,
  withPerson,
} from "../command.ts";
import { connectHub, type HubOptions, withHub } from "../hub-client.ts";
import { printJson, printLine, printTable, showTime } from "../output.ts";

export default defineCommand((program) => {
  const systems = program
    .command("systems")
    .description("the systems of the project: what waits for them, what was read from them");

  const list = systems
    .command("list", { isDefault: true })
    .description(
      "Lists every system of interlock.yaml: what waits for it, how far it was read, whether it is paused.",
    )
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

  for (const [action, done, does] of [
    ["pause", "paused", "send nothing more to a system; what is under way still ends"],
    ["resume", "resumed", "send to a system again"],
  ] as const) {
    const command = systems
      .command(`${action} <system>`)
      .summary(does)
      .description(
        `${does[0]!.toUpperCase()}${does.slice(1)}. Effects wait in their lanes meanwhile; nothing is lost.`,
      )
      .action(
        async (system: string, { reason, actor, ...options }: HubOptions & JsonOption & PersonOption) => {
          const answer = await connectHub(options).post(
            `/v1/systems/${encodeURIComponent(system)}/${action}`,
            { reason, actor },
          );
          if (options.json) return printJson(answer);
          printLine(`${system} is ${done}.`);
        },
      );
    teach(withHub(withJson(withPerson(command))), {
      examples: [
        [
          `systems ${action} d365 --reason "upgrade on Saturday"`,
          `the reason is shown with the system and kept in the ledger`,
        ],
      ],
      exit1: `there is no such system, it is ${done} already, or the hub does not answer`,
    });
  }
});
