import { join } from "node:path";

import { runScript } from "../child.ts";
import { defineCommand, teach } from "../command.ts";
import { HOME } from "../home.ts";

export default defineCommand((program) => {
  const command = program
    .command("bench [arguments...]")
    .summary("measure this machine: events per second, latency, memory")
    .description(
      "Runs the benchmarks on a database of their own in a temporary folder, and prints a table. All of them take tens of minutes.\n\nArguments are those of bench/run.ts: --only <a,b>, --seconds <n>, --preload <n>, --backlog <n>, --events <n>, --json, --list. docs/benchmarks.md says what each figure means.",
    )
    .allowUnknownOption()
    .action(async (args: string[]) => {
      process.exitCode = await runScript(join(HOME, "bench/run.ts"), args);
    });
  teach(command, {
    examples: [
      ["bench", "every benchmark, with progress"],
      ["bench --only intake --seconds 5 --preload 100000", "a quick look at one of them"],
      ["bench --json", "an array of { name, value, unit, limit, ratio }"],
    ],
    exit1: "a benchmark could not run, or what it measured came out wrong",
  });
});
