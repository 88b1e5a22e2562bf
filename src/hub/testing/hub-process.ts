import { parseArgs } from "node:util";
import { loadProject } from "../../config/load.ts";
import { createLogger } from "../../telemetry/logger.ts";
import { startHub } from "../hub.ts";

// A hub as a process of its own, as `interlock run` starts it, with the terms of its leases open to the test. It prints where
// it is, and ends in order at SIGTERM. INTERLOCK_CRASH_AT is read by the hub itself.
const { values } = parseArgs({
  options: {
    project: { type: "string" },
    data: { type: "string" },
    token: { type: "string" },
    "lease-ms": { type: "string", default: "3000" },
  },
});

const hub = await startHub({
  project: await loadProject(values.project!),
  dataDir: values.data!,
  databaseUrl: process.env["DATABASE_URL"],
  adminToken: values.token!,
  leaseMs: Number(values["lease-ms"]),
  log: createLogger({ level: process.env["INTERLOCK_LOG"] ?? "warn" }),
});
process.stdout.write(`${JSON.stringify({ url: hub.url, id: hub.id })}\n`);
process.once("SIGTERM", () => void hub.stop());
