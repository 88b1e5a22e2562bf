import { InvalidArgumentError } from "commander";

import { defineCommand, type JsonOption, teach, withJson } from "../command.ts";
import { EXIT } from "../failure.ts";

interface Options extends JsonOption {
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
    .option("--once", "end when the comparison was shown")
    .option("--seed <n>", "another seed, another run of the same kind", wholeNumber, 1)
    .action(async ({ once = false, seed, json = false }: Options) => {
      const { playDemo } = await import("../../demo/demo.ts");
      if (!(await playDemo({ once, seed, json }))) process.exitCode = EXIT.failed;
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
