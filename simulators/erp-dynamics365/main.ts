import { parseArgs } from "node:util";
import { startErp } from "./server.ts";

const HELP = `A small ERP that speaks like Dynamics 365, in its own process.

  node simulators/erp-dynamics365/main.ts --data <dir> [--port 0] [--seed 1]

  --data  folder of its database; a restart with the same folder continues where it was
  --port  0 (the default) takes any free port
  --seed  of the faults that strike with a probability

Prints one line {"url": "http://127.0.0.1:..."} when it takes requests. SIGTERM ends it.`;

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "0" },
    data: { type: "string" },
    seed: { type: "string", default: "1" },
    help: { type: "boolean", default: false },
  },
});

if (values.help || values.data === undefined) {
  console.log(HELP);
  process.exitCode = values.help ? 0 : 2;
} else {
  try {
    const { url, close } = await startErp({
      port: Number(values.port),
      dataDir: values.data,
      seed: Number(values.seed),
    });
    console.log(JSON.stringify({ url }));
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void close());
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    console.error(`cannot start: ${(error as Error).message}; choose another --port or --data`);
    process.exitCode = 1;
  }
}
