import { parseArgs } from "node:util";
import { DIALECTS, startPlant, type Vendor } from "./server.ts";

const HELP = `A plant's MES, in its own process, in the dialect of one of two vendors.

  node simulators/mes-rest/main.ts --data <dir> [--port 0] [--seed 1] [--dialect lyon]

  --data     folder of the database; a restart with the same folder continues where it was
  --port     0 (the default) takes any free port
  --seed     of what happens by chance: scrap, and faults that strike with a probability
  --dialect  lyon (the default): nested JSON, numbers, times with offset, Standard Webhooks
             brno: flat texts, decimal comma, local times without zone, short codes, a signature of its own

Prints one line {"url": "http://127.0.0.1:..."} when it takes requests. SIGTERM ends it.`;

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "0" },
    data: { type: "string" },
    seed: { type: "string", default: "1" },
    dialect: { type: "string", default: "lyon" },
    help: { type: "boolean", default: false },
  },
});

if (values.help || values.data === undefined || !Object.hasOwn(DIALECTS, values.dialect)) {
  console.log(HELP);
  process.exitCode = values.help ? 0 : 2;
} else {
  try {
    const { url, close } = await startPlant({
      port: Number(values.port),
      dataDir: values.data,
      seed: Number(values.seed),
      dialect: values.dialect as Vendor,
    });
    console.log(JSON.stringify({ url }));
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void close());
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    console.error(`cannot start: ${(error as Error).message}; choose another --port or --data`);
    process.exitCode = 1;
  }
}
