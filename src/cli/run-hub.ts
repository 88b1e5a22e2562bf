import { renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { ensureAdminToken } from "../api/token.ts";
import { loadProject } from "../config/load.ts";
import { startHub } from "../hub/hub.ts";
import { createLogger } from "../telemetry/logger.ts";
import type { HubFile } from "./hub-client.ts";
import { note } from "./output.ts";

export interface RunOptions {
  readonly folder: string;
  readonly host: string;
  readonly port: number;
}

/** Runs a hub until a signal ends it. `.interlock/hub.json` says meanwhile where it is. */
export async function runHub({ folder, host, port }: RunOptions): Promise<void> {
  const root = resolve(folder);
  const dataDir = join(root, ".interlock");
  const project = await loadProject(root);
  const { token, file } = ensureAdminToken(dataDir);
  const hub = await startHub({
    project,
    dataDir,
    databaseUrl: process.env["DATABASE_URL"],
    adminToken: token,
    host,
    port,
    log: createLogger({ level: process.env["INTERLOCK_LOG"] }),
  });
  for (const line of hub.store.say) note(line);
  const hubFile: HubFile = { url: hub.url, ...(file !== undefined && { tokenFile: file }) };
  const place = join(dataDir, "hub.json");
  // Whoever waits for the file finds it whole.
  writeFileSync(`${place}.${process.pid}`, `${JSON.stringify(hubFile)}\n`);
  renameSync(`${place}.${process.pid}`, place);
  note(`${project.name} runs at ${hub.url}${file ? `; its token is in ${file}` : ""}`);
  await ending();
  rmSync(place, { force: true });
  await hub.stop();
}

/** The first signal ends the hub in order; a second one ends the process at once, which costs the successor some probes. */
function ending(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const end = (signal: NodeJS.Signals) => {
      if (asked) process.exit(1);
      asked = true;
      note(`${signal}: finishing what is in hand`);
      resolve();
    };
    process.on("SIGINT", end).on("SIGTERM", end);
  });
}
