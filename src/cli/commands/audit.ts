import {
  defineCommand,
  type JsonOption,
  type PersonOption,
  type ProjectOption,
  teach,
  withJson,
  withPerson,
  withProject,
} from "../command.ts";
import { EXIT } from "../failure.ts";
import { connectHub, type HubOptions, withHub } from "../hub-client.ts";
import { printJson, printLine } from "../output.ts";

interface RedactOptions extends HubOptions, JsonOption, PersonOption {
  readonly pointer?: string[];
}

export default defineCommand((program) => {
  const audit = program
    .command("audit")
    .description("prove that the ledger is as it was written; erase personal values from it");

  const verify = audit
    .command("verify")
    .summary("walk the ledger, recompute every hash, compare every anchor")
    .description(
      "Walks the whole ledger, recomputes every hash and compares every signed anchor. Names the first row that is missing, changed, reordered or rewritten. Reads in short pieces, so a hub may work meanwhile; needs the database and the project's .interlock folder with the anchors, not a hub.",
    )
    .action(async ({ project, json }: ProjectOption & JsonOption) => {
      const { verifyProject } = await import("../verify-project.ts");
      const verdict = await verifyProject(project);
      if (!verdict.ok) process.exitCode = EXIT.failed;
      if (json) return printJson(verdict);
      const { verified, of, provenUpTo, finding, notes } = verdict;
      printLine(`${verified} of ${of} events are as they were written.`);
      if (finding) printLine(`${finding.kind} at ${finding.at}: ${finding.differs}`);
      else if (provenUpTo)
        printLine(
          `Any tampering up to position ${provenUpTo.seq} would have been found: it was anchored at ${provenUpTo.signedAt}.`,
        );
      for (const each of notes) printLine(`Note: ${each}`);
    });
  teach(withProject(withJson(verify)), {
    examples: [
      ["audit verify", "the ledger of the project in this folder"],
      ["audit verify --json", "{ ok, verified, of, provenUpTo, finding, notes }"],
    ],
    exit1: "the ledger is not as it was written: the finding names the first place; or it cannot be read",
  });

  const redact = audit
    .command("redact <object>")
    .summary("erase the personal values of an object's events, for good")
    .description(
      "Erases the personal values of all events about an object. The chain still verifies: the ledger holds only salted commitments to them. Who did it and why stays.",
    )
    .option("--pointer <pointer...>", "only these fields, as JSON pointers into data: /contact/email")
    .action(async (object: string, { reason, actor, pointer, ...options }: RedactOptions) => {
      const answer = await connectHub(options).post<{ events: number }>("/v1/redactions", {
        object,
        reason,
        actor,
        ...(pointer && { pointers: pointer }),
      });
      if (options.json) return printJson(answer);
      printLine(
        answer.events > 0
          ? `Personal values of ${answer.events} event${answer.events === 1 ? "" : "s"} were erased.`
          : `No event about ${object} holds personal values that are left to erase.`,
      );
    });
  teach(withHub(withJson(withPerson(redact))), {
    examples: [
      [
        'audit redact salesOrder/SO-1001 --reason "erasure request 2026-17"',
        "name, address and mail in that order's events",
      ],
    ],
    exit1: "the hub refused, or does not answer",
  });
});
