import { parseArgs } from "node:util";
import { loadProject } from "../../config/load.ts";
import { createLogger } from "../../telemetry/logger.ts";
import { startHub } from "../hub.ts";

// A hub as a process of its own, as `interlock run` starts it, with the terms of its leases open to the test. It prints where
// it is, and ends in order at SIGTERM. At SIGUSR2 its host's clock is set ten minutes forward, at SIGHUP ten minutes back.
// INTERLOCK_CRASH_AT is read by the hub itself.
const STEP_MS = 600_000;
const { values } = parseArgs({
  options: {
    project: { type: "string" },
    data: { type: "string" },
    token: { type: "string" },
    "lease-ms": { type: "string", default: "3000" },
  },
});

/** The wall clock as this process sees it. */
let steppedMs = 0;
const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...given: [] | [number]) {
    super(...((given.length === 0 ? [RealDate.now() + steppedMs] : given) as [number]));
  }
  static override now(): number {
    return RealDate.now() + steppedMs;
  }
} as DateConstructor;
process.on("SIGUSR2", () => void (steppedMs += STEP_MS));
process.on("SIGHUP", () => void (steppedMs -= STEP_MS));

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
