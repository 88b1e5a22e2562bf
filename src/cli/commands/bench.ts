import { join } from "node:path";

import { runScript } from "../child.ts";
import { defineCommand, teach } from "../command.ts";
import { HOME } from "../home.ts";

export default defineCommand((program) => {
  const command = program
    .command("bench [arguments...]")
    .summary("measure this machine: events per second, latency, memory")
    .description(
      "Runs the benchmarks on an embedded database of their own and prints a table. Arguments are handed on to bench/run.ts.",
    )
    .allowUnknownOption()
    .action(async (args: string[]) => {
      process.exitCode = await runScript(join(HOME, "bench/run.ts"), args);
    });
  teach(command, {
    examples: [
      ["bench", "every benchmark, with progress"],
      ["bench --json", "an array of { name, value, unit, limit, ratio }"],
    ],
    exit1: "a benchmark could not run",
  });
});
