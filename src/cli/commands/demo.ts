import { InvalidArgumentError } from "commander";

import { defineCommand, type JsonOption, teach, withJson } from "../command.ts";
import { EXIT } from "../failure.ts";

interface Options extends JsonOption {
  readonly factory?: boolean;
  readonly once?: boolean;
  readonly seed: number;
}

export default defineCommand((program) => {
  const command = program
    .command("demo")
    .summary("see it at work: two order systems and a hub between them")
    .description(
      "Plays orders between a portal and an ERP, each a real server in a process of its own, with a hub between them: answers get lost, the hub is killed. Then it reads the books of both systems and compares. Keeps running for you to look around until Ctrl-C; everything it wrote is then removed.",
    )
    .option("--factory", "a machine builder instead: a CRM, an ERP, two plants")
    .option("--once", "end when the comparison was shown")
    .option("--seed <n>", "another seed, another run of the same kind", wholeNumber, 1)
    .action(async ({ factory = false, once = false, seed, json = false }: Options) => {
      const play = factory
        ? (await import("../../demo/factory/play.ts")).playFactory
        : (await import("../../demo/demo.ts")).playDemo;
      if (!(await play({ once, seed, json }))) process.exitCode = EXIT.failed;
    });
  teach(withJson(command), {
    examples: [
      ["demo", "two minutes, then look around"],
      ["demo --once --json", "for a pipeline: the comparison in JSON"],
    ],
    exit1: "the systems and the ledger do not agree, or the demo could not be played",
  });
});

function wholeNumber(text: string): number {
  if (/^[0-9]{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It is a whole number.");
}
