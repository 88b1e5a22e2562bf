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
    .summary("see it at work, in a minute")
    .description(
      "Plays a working day between a portal and an ERP, with everything that goes wrong: lost answers, half-stored orders, 429s, and the hub killed in the middle. It ends in a table read back from both systems. It starts simulators, a hub and a database of its own in a temporary folder, touches nothing else, and ends them all.",
    )
    .option("--once", "end when the table was shown, instead of keeping everything running")
    .option("--seed <n>", "another day: other customers, items and quantities", wholeNumber, 1)
    .action(async ({ once = false, seed, json = false }: Options) => {
      const { playDemo } = await import("../../demo/demo.ts");
      process.exitCode = (await playDemo({ once, seed, json })) ? EXIT.ok : EXIT.failed;
    });
  teach(withJson(command), {
    examples: [
      ["demo", "play it, then look around; Ctrl-C ends it"],
      ["demo --once", "play it and end: 0 when everything agrees"],
      ["demo --once --json --seed 7", "the table of another day, for a program"],
    ],
    exit1: "the two systems and the ledger do not agree, or the demo could not be played",
  });
});

function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It is a whole number of at most 9 digits.");
}
