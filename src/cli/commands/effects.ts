import type { EffectAnswer, EffectRow } from "../../api/effects/effect.ts";
import { defineCommand, type JsonOption, teach, withJson } from "../command.ts";
import { connectHub, type HubOptions, withHub } from "../hub-client.ts";
import { printFields, printJson, printLine, printTable, showTime } from "../output.ts";

interface ListOptions extends HubOptions, JsonOption {
  readonly system?: string;
  readonly lane?: string;
  readonly state?: string;
  readonly limit: string;
}

export default defineCommand((program) => {
  const effects = program
    .command("effects")
    .description("what Interlock intends in other systems, and what came of it");

  const list = effects
    .command("list", { isDefault: true })
    .description(
      "Lists effects by system, lane and position: what is meant to happen in other systems, and how far it is.",
    )
    .option("--system <system>", "only those for this target")
    .option("--lane <object>", "only those on this object of the target: salesOrder/SO-1001")
    .option("--state <state>", "only heads of lanes that are ready, sending, accepted, unknown or parked")
    .option("--limit <n>", "how many at most", "50")
    .action(async ({ system, lane, state, limit, ...options }: ListOptions) => {
      const rows = await connectHub(options).list<EffectRow>(
        "/v1/effects",
        { system, lane, state },
        Number(limit),
      );
      if (options.json) return printJson(rows);
      printTable(
        ["reference", "system", "lane", "effect", "state", "calls", "why"],
        rows.map((row) => [row.reference, row.system, row.lane, row.type, row.state, row.attempt, row.why]),
      );
    });
  teach(withHub(withJson(list)), {
    examples: [
      ["effects --state parked", "what waits for a person"],
      ["effects --system d365 --lane salesOrder/SO-1001", "everything that goes to one object, in order"],
    ],
    exit1: "the hub does not answer",
  });

  const show = effects
    .command("show <reference>")
    .description("Shows one effect: its content, every call that was made for it, and its end.")
    .action(async (reference: string, options: HubOptions & JsonOption) => {
      const effect = await connectHub(options).get<EffectAnswer>(
        `/v1/effects/${encodeURIComponent(reference)}`,
      );
      if (options.json) return printJson(effect);
      const { attempts, payload, actions, ...fields } = effect;
      printFields(fields);
      printLine(`\npayload\n${JSON.stringify(payload, null, 2)}\n`);
      printTable(
        ["call", "", "began (UTC)", "answer", "status", "what it said"],
        attempts.map((each) => [
          each.n,
          each.kind,
          showTime(each.beganAt),
          each.class,
          each.status,
          each.detail,
        ]),
      );
      printLine("\nactions");
      for (const [action, why] of Object.entries(actions))
        printLine(`  ${action.padEnd(12)}  ${why ?? "can be done now"}`);
    });
  teach(withHub(withJson(show)), {
    examples: [["effects show 0ABCDEF123456789", "why an effect is where it is"]],
    exit1: "there is no such effect, or the hub does not answer",
  });
});
