import { InvalidArgumentError } from "commander";

import { defineCommand, type JsonOption, teach, withJson } from "../command.ts";
import { EXIT } from "../failure.ts";

interface Options extends JsonOption {
  readonly small?: boolean;
  readonly chaos?: boolean;
  readonly naive?: boolean;
  readonly once?: boolean;
  readonly seed: number;
}

export default defineCommand((program) => {
  const command = program
    .command("demo")
    .summary("see it at work: a machine builder from quote to invoice")
    .description(
      "Plays four orders of a machine builder through a CRM, an ERP and the plants of two vendors, each a real server in a process of its own, with a hub between them: a credit hold, scrap, a quality hold, a late date, a new bill of materials. Days pass in seconds. Then it reads all systems back and compares. Keeps running for you to look around until Ctrl-C; everything it wrote is then removed.",
    )
    .option("--small", "two order systems instead: answers get lost, the hub is killed")
    .option("--chaos", "every fault on, a plant cut off for a while, the hub killed six times; some minutes")
    .option("--naive", "the same faults once more with plain scripts instead of the hub, and what they did")
    .option("--once", "end when the comparison was shown")
    .option("--seed <n>", "another seed, another run of the same kind", wholeNumber, 1)
    .action(async ({ once = false, seed, json = false, ...kind }: Options) => {
      if (!(await play(kind, { once, seed, json }))) process.exitCode = EXIT.failed;
    });
  teach(withJson(command), {
    examples: [
      ["demo", "a minute and a half, then look around"],
      ["demo --naive", "what the scripts would have done that Interlock replaces"],
      ["demo --once --json", "for a pipeline: the comparison in JSON"],
    ],
    exit1: "the systems do not agree, or the demo could not be played",
  });
});

/** @returns whether the systems agreed */
async function play(
  { small = false, chaos = false, naive = false }: Pick<Options, "small" | "chaos" | "naive">,
  options: { readonly once: boolean; readonly seed: number; readonly json: boolean },
): Promise<boolean> {
  if (small) return (await import("../../demo/demo.ts")).playDemo(options);
  if (naive) return (await import("../../demo/naive/play.ts")).playNaive(options);
  return (await import("../../demo/factory/play.ts")).playFactory({ ...options, chaos });
}

function wholeNumber(text: string): number {
  if (/^[0-9]{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It is a whole number.");
}
