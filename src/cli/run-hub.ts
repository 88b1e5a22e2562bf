import { renameSync, rmSync, writeFileSync } from "node:fs";
import { flushCompileCache } from "node:module";
import { join, resolve } from "node:path";

import { ensureAdminToken } from "../api/token.ts";
import { withKeptSecrets } from "../config/kept-secrets.ts";
import { loadProject } from "../config/load.ts";
import { startHub } from "../hub/hub.ts";
import { createLogger } from "../telemetry/logger.ts";
import { Failure } from "./failure.ts";
import { offerFirstSignIn } from "./first-sign-in.ts";
import { type HubFile, readHubFile } from "./hub-client.ts";
import { note } from "./output.ts";

export interface RunOptions {
  readonly folder: string;
  readonly host: string;
  readonly port: number;
}

/** Runs a hub until a signal ends it. `.interlock/hub.json` says meanwhile where it is. */
export async function runHub({ folder, host, port }: RunOptions): Promise<void> {
  // From here on, or who ends a hub that has just come up would leave its leases to run out.
  const ended = ending();
  const root = resolve(folder);
  const dataDir = join(root, ".interlock");
  const project = await loadProject(root, withKeptSecrets(root, process.env));
  const { token, file } = ensureAdminToken(dataDir);
  const starting = startHub({
    project,
    dataDir,
    databaseUrl: process.env["DATABASE_URL"],
    adminToken: token,
    host,
    port,
    log: createLogger({ level: process.env["INTERLOCK_LOG"] }),
  });
  const hub = await starting.catch((error: unknown) => {
    throw notListening(error, `${host}:${port}`) ?? error;
  });
  for (const line of hub.store.say) note(line);
  const place = join(dataDir, "hub.json");
  const other = await runningHub(place, hub.url);
  if (other === undefined)
    writeHubFile(place, { url: hub.url, ...(file !== undefined && { tokenFile: file }) });
  else note(`commands of this project go on calling the hub at ${other}; name this one with --url`);
  note(`${project.name} runs at ${hub.url}${file ? `; its token is in ${file}` : ""}`);
  await offerFirstSignIn(hub.url, token);
  // A hub that is killed later leaves the next one the code that it made.
  flushCompileCache();
  await ended;
  if (other === undefined) rmSync(place, { force: true });
  await hub.stop();
}

/** Whoever waits for the file finds it whole. */
function writeHubFile(place: string, content: HubFile): void {
  writeFileSync(`${place}.${process.pid}`, `${JSON.stringify(content)}\n`);
  renameSync(`${place}.${process.pid}`, place);
}

/** Another hub of this project that the file names and that answers: its file is left alone. One that was killed left its own. */
async function runningHub(place: string, ownUrl: string): Promise<string | undefined> {
  const url = readHubFile(place)?.url;
  if (url === undefined || url === ownUrl) return undefined;
  const answers = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(2_000) }).then(
    ({ ok }) => ok,
    () => false,
  );
  return answers ? url : undefined;
}

function notListening(error: unknown, address: string): Failure | undefined {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (syscall !== "listen" && syscall !== "getaddrinfo") return undefined;
  return new Failure(
    "ADDRESS_UNUSABLE",
    `the API cannot listen at ${address}: ${code === "EADDRINUSE" ? "another program does (EADDRINUSE)" : code}`,
    "Choose another address with --port or --host; --port 0 takes any free one.",
    { cause: error },
  );
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
