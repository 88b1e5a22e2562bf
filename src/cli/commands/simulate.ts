import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";

import { runScript } from "../child.ts";
import { defineCommand, readPort, teach } from "../command.ts";
import { Failure } from "../failure.ts";
import { HOME } from "../home.ts";

const SIMULATORS = join(HOME, "simulators");

interface Options {
  readonly port: string;
  readonly data?: string;
}

export default defineCommand((program) => {
  const command = program
    .command("simulate <product> [options...]")
    .summary("run a simulator: a real server that speaks a product's protocol")
    .description(
      "Runs a simulator: a real server that speaks a product's wire protocol, with faults to switch on. It keeps its own book of what really happened; the README in its folder says how to read it and how to make it misbehave. What stands behind -- is for the simulator itself.",
    )
    .option("--port <n>", "where it listens; 0: any free port", "0")
    .option(
      "--data <folder>",
      "its journal; the same folder again continues where it was (default: .interlock/simulators/<product>)",
    )
    .action(
      async (
        product: string,
        options: string[],
        { port, data = join(".interlock/simulators", product) }: Options,
      ) => {
        const script = join(SIMULATORS, product, "main.ts");
        if (!/^[a-z][a-z0-9-]*$/.test(product) || !existsSync(script)) {
          throw new Failure(
            "PRODUCT_UNKNOWN",
            `there is no simulator for ${product}`,
            `There are: ${products().join(", ")}.`,
          );
        }
        process.exitCode = await runScript(script, [
          "--port",
          String(readPort(port)),
          "--data",
          resolve(data),
          ...options,
        ]);
      },
    );
  teach(command, {
    examples: [
      ["simulate reference --port 4710", "an order system at http://127.0.0.1:4710"],
      ["simulate mes-rest -- --dialect brno", "a plant's MES that speaks the second of its two dialects"],
    ],
    exit1: "there is no such simulator, or it could not start",
  });
});

function products(): string[] {
  return readdirSync(SIMULATORS).filter((name) => existsSync(join(SIMULATORS, name, "main.ts")));
}
