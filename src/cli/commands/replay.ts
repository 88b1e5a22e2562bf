import { InvalidArgumentError } from "commander";

import {
  defineCommand,
  type JsonOption,
  type PersonOption,
  teach,
  withJson,
  withPerson,
} from "../command.ts";
import { connectHub, type HubClient, type HubOptions, withHub } from "../hub-client.ts";
import { note, printJson, printLine } from "../output.ts";

interface Options extends HubOptions, JsonOption, PersonOption {
  readonly inbound?: string;
  readonly case?: string;
  readonly discard?: boolean;
}

export default defineCommand((program) => {
  const command = program
    .command("replay")
    .summary("try quarantined messages again, as they were sent")
    .description(
      "Tries quarantined native messages again as they were sent, with today's mapping, crosswalk and rules, before what waits behind them. Correct the mapping first, restart the hub with it, then replay. Nothing can be told twice by this: an event that is in the ledger already is found.",
    )
    .option("--inbound <n>", "one message, by its number", wholeNumber)
    .option("--case <n>", "every message of a case that still waits", wholeNumber)
    .option("--discard", "give them up instead: they stay shown, and what waits behind them goes on")
    .action(async ({ inbound, case: caseId, discard, reason, actor, ...options }: Options, self) => {
      if ((inbound === undefined) === (caseId === undefined))
        self.error("error: name either --inbound <n> or --case <n>");
      const action = discard ? "discard" : "readmit";
      const hub = connectHub(options);
      const messages = await (inbound === undefined ? actOnCase : actOnMessage)(hub, (inbound ?? caseId)!, {
        action,
        reason,
        actor,
      });
      if (options.json) return printJson({ messages });
      printLine(
        `${messages} ${messages === 1 ? "message was" : "messages were"} ${discard ? "discarded" : "put back in line"}.`,
      );
      if (!discard) note("interlock cases shows what could not be admitted again.");
    });
  teach(withHub(withJson(withPerson(command))), {
    examples: [
      [
        'replay --case 12 --reason "unit PCE is in the crosswalk now"',
        "everything that failed for the same cause",
      ],
      ['replay --inbound 4711 --discard --reason "test message of the vendor"', "give one message up"],
    ],
    exit1: "nothing of it waits for a person any more, or the hub does not answer",
  });
});

interface Word {
  readonly action: "readmit" | "discard";
  readonly reason: string;
  readonly actor: string;
}

async function actOnMessage(hub: HubClient, id: string, word: Word): Promise<number> {
  return (await hub.post<{ messages: number }>(`/v1/inbound/${id}/readmit`, word)).messages;
}

async function actOnCase(hub: HubClient, id: string, word: Word): Promise<number> {
  return (await hub.post<{ affected: number }>(`/v1/cases/${id}/actions`, word)).affected;
}

function wholeNumber(text: string): string {
  if (/^[1-9][0-9]{0,14}$/.test(text)) return text;
  throw new InvalidArgumentError("It is a whole number from 1.");
}
