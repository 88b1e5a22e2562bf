import { readFileSync } from "node:fs";

import type { Command } from "commander";

import type { CaseAnswer, CaseRow } from "../../api/cases/case.ts";
import type { CaseRequest, CaseResult } from "../../api/cases/act.ts";
import {
  defineCommand,
  type JsonOption,
  type PersonOption,
  teach,
  withJson,
  withPerson,
} from "../command.ts";
import { Failure } from "../failure.ts";
import { connectHub, type HubOptions, withHub } from "../hub-client.ts";
import { printFields, printJson, printLine, printTable, showTime } from "../output.ts";

export default defineCommand((program) => {
  const cases = program.command("cases").description("what waits for a person: look, and act");
  addList(cases);
  addShow(cases);
  addAct(cases);
});

interface ListOptions extends HubOptions, JsonOption {
  readonly all?: boolean;
  readonly owner?: string;
  readonly object?: string;
  readonly limit: string;
}

function addList(cases: Command): void {
  const list = cases
    .command("list", { isDefault: true })
    .summary("list open cases, newest first")
    .description("Lists cases, newest first: what is wrong, about which object, and whose move it is.")
    .option("--all", "closed ones too")
    .option("--owner <team>", "only those of it, plant-operations, customer-service, finance or quality")
    .option("--object <object>", "only those about salesOrder/SO-1001")
    .option("--limit <n>", "how many at most", "50")
    .action(async ({ all, owner, object, limit, ...options }: ListOptions) => {
      const state = all ? undefined : "open";
      const rows = await connectHub(options).list<CaseRow>(
        "/v1/cases",
        { state, owner, object },
        Number(limit),
      );
      if (options.json) return printJson(rows);
      printTable(
        ["case", "owner", "due (UTC)", "about", "kind", "title"],
        rows.map((row) => [
          `#${row.id}${row.state === "closed" ? " closed" : ""}`,
          row.assignee ? `${row.owner}: ${row.assignee}` : row.owner,
          showTime(row.slaAt),
          row.subject,
          row.kind,
          row.title,
        ]),
      );
    });
  teach(withHub(withJson(list)), {
    examples: [
      ["cases", "everything that is open"],
      ["cases --owner finance --json", "one team's inbox, for a program"],
    ],
    exit1: "the hub does not answer",
  });
}

function addShow(cases: Command): void {
  const show = cases
    .command("show <case>")
    .summary("one case: what happened, and what can be done now")
    .description(
      "Shows one case: what happened, the evidence, what would fix it, what it is about, and which actions can be done now.",
    )
    .action(async (id: string, options: HubOptions & JsonOption) => {
      const found = await connectHub(options).get<CaseAnswer>(`/v1/cases/${encodeURIComponent(id)}`);
      if (options.json) return printJson(found);
      const { detail, members, effects, actions, ...fields } = found;
      printFields({ ...fields, ...(detail as object) });
      printLine();
      printTable(
        ["about", "", "since (UTC)", "", "content"],
        members.map(({ kind, ref, at, settled }) => {
          const effect = effects.find(({ reference }) => reference === ref);
          const state = settled ? "settled" : (effect?.state ?? "waits");
          return [kind, ref, showTime(at), state, effect ? JSON.stringify(effect.payload).slice(0, 80) : ""];
        }),
      );
      printLine("\nactions");
      for (const [action, why] of Object.entries(actions))
        printLine(`  ${action.padEnd(12)}  ${why ?? "can be done now"}`);
    });
  teach(withHub(withJson(show)), {
    examples: [["cases show 12", "everything a person needs to decide"]],
    exit1: "there is no such case, or the hub does not answer",
  });
}

interface ActOptions extends HubOptions, JsonOption, PersonOption {
  readonly effect?: string[];
  readonly payload?: string;
  readonly evidence?: string[];
  readonly owner?: string;
  readonly assignee?: string;
}

function addAct(cases: Command): void {
  const act = cases
    .command("act <case> <action>")
    .summary("act on a case: retry, resubmit, mark-applied, cancel, reassign, ...")
    .description(
      `Acts on a case, on what is seen at this moment; what moves in between is not acted on.

  retry          send again; what may have been applied is asked for first
  resubmit       send corrected content instead: --payload <file>, one --effect
  mark-applied   the target has it: --evidence order=4711
  cancel         give it up; its process hears of it
  readmit        try its quarantined messages again
  discard        give its messages up; what waits behind them goes on
  release        let an instance go on that a failed handler holds
  reassign       --owner <team> or --assignee <person>
  comment        the reason is the comment
  close          when nothing of it waits any more`,
    )
    .option("--effect <reference...>", "only these effects of the case; all that wait unless told")
    .option("--payload <file>", "resubmit: a file with the corrected content, JSON")
    .option("--evidence <name=value...>", "mark-applied: what you saw in the target")
    .option("--owner <team>", "reassign: the team")
    .option("--assignee <person>", "reassign: the person")
    .action(async (id: string, action: string, options: ActOptions) => {
      const hub = connectHub(options);
      const path = `/v1/cases/${encodeURIComponent(id)}`;
      const result = await hub.post<CaseResult>(
        `${path}/actions`,
        requestFor(await hub.get<CaseAnswer>(path), action, options),
      );
      if (options.json) return printJson(result);
      printLine(
        `${action} of case ${id}: done for ${result.affected}${result.replacement ? `; the new effect is ${result.replacement}` : ""}.`,
      );
      for (const { member, detail } of result.refused) printLine(`not for ${member}: ${detail}`);
    });
  teach(withHub(withJson(withPerson(act))), {
    examples: [
      ['cases act 12 retry --reason "item is in the ERP now"', "sends every effect of the case again"],
      [
        'cases act 12 resubmit --payload order.json --reason "price agreed by phone"',
        "sends corrected content under a new reference",
      ],
      ['cases act 12 mark-applied --evidence order=4711 --reason "entered by hand"', "the lane goes on"],
    ],
    exit1: "the action is not possible now (the message says why), or the hub does not answer",
  });
}

const ON_EFFECTS = new Set(["retry", "resubmit", "mark-applied", "cancel"]);

function requestFor(
  found: CaseAnswer,
  action: string,
  options: ActOptions,
): Omit<CaseRequest, "action" | "owner"> & { action: string; owner?: string } {
  const { effect: only, payload, evidence, owner, assignee, reason, actor } = options;
  const effects = found.effects
    .filter(({ reference, actions }) => only?.includes(reference) ?? actions[action] === null)
    .map(({ reference, state, attempt }) => ({ reference, state, attempt }));
  if (ON_EFFECTS.has(action) && effects.length === 0) {
    throw new Failure(
      "CASE_ACTION_REFUSED",
      `${action} of case ${found.id} is not possible: ${found.actions[action] ?? "no such effect waits in it"}`,
      `interlock cases show ${found.id} says what can be done.`,
    );
  }
  return {
    action,
    reason,
    actor,
    version: found.version,
    ...(ON_EFFECTS.has(action) && { effects }),
    ...(payload !== undefined && { payload: readPayload(payload) }),
    ...(evidence !== undefined && { evidence: Object.fromEntries(evidence.map(pairOf)) }),
    ...(owner !== undefined && { owner }),
    ...(assignee !== undefined && { assignee }),
  };
}

function readPayload(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new Failure("USAGE", `${file} cannot be read as JSON: ${(cause as Error).message}`, undefined, {
      cause,
    });
  }
}

function pairOf(text: string): [string, string] {
  const at = text.indexOf("=");
  if (at < 1) throw new Failure("USAGE", `--evidence ${text} is not name=value`);
  return [text.slice(0, at), text.slice(at + 1)];
}
