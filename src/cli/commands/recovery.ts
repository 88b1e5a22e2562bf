import type { Recovery } from "../../api/recovery/recovery.ts";
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
  const recovery = program
    .command("recovery")
    .description("after a restore: whether the hub still asks every target before it sends");

  const list = recovery
    .command("list", { isDefault: true })
    .summary("list recoveries, the last first")
    .description(
      "Lists recoveries, the last first. An open one ends by itself when every stream was read beyond the restored past.",
    )
    .action(async (options: HubOptions & JsonOption) => {
      const { items } = await connectHub(options).get<{ items: Recovery[] }>("/v1/recovery");
      if (options.json) return printJson(items);
      printTable(
        ["began (UTC)", "ended (UTC)", "by", "reason"],
        items.map((each) => [
          showTime(each.beganAt),
          each.endedAt ? showTime(each.endedAt) : "open",
          each.endedBy,
          each.reason,
        ]),
      );
    });
  teach(withHub(withJson(list)), {
    examples: [["recovery", "is the hub in recovery, since when, and why"]],
    exit1: "the hub does not answer",
  });

  const end = recovery
    .command("end")
    .summary("end the open recovery by a person's word")
    .description(
      "Ends the open recovery. Do so only when you know that the targets and the ledger agree: from then on first sends are not preceded by a probe.",
    )
    .action(async ({ reason, actor, ...options }: HubOptions & JsonOption & PersonOption) => {
      const ended = await connectHub(options).post<Recovery>("/v1/recovery/end", { reason, actor });
      if (options.json) return printJson(ended);
      printLine(`The recovery that began at ${showTime(ended.beganAt)} has ended.`);
    });
  teach(withHub(withJson(withPerson(end))), {
    examples: [
      [
        'recovery end --reason "compared all orders of the day with the ERP"',
        "first sends go out without a probe again",
      ],
    ],
    exit1: "no recovery is open, or the hub does not answer",
  });
});
