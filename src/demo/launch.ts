/** How the processes of a world are started: simulators and hubs, each with a log of its own and everything in one folder. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withLittleMemory } from "../../bin/bootstrap/memory.mjs";
import { settle } from "../db/embedded/launch.ts";
import { findPlace } from "../db/embedded/place.ts";
import { startEmbedded } from "../db/embedded.ts";
import { Actor } from "./process.ts";
import { until } from "./until.ts";

const HOME = join(import.meta.dirname, "../..");
const START_WITHIN_MS = 120_000;

export interface Launching {
  readonly signal: AbortSignal;
  /** Called when the process ends without having been told to. */
  readonly died: (how: string) => void;
  /** Called with the process before it is ready. */
  readonly started?: (actor: Actor) => void;
  /** How often it is looked whether it is ready. */
  readonly everyMs?: number;
}

export interface Hub {
  readonly url: string;
  /** The administrator's. */
  readonly token: string;
  readonly tokenFile: string;
  readonly pid: number;
  readonly actor: Actor;
}

/** @returns a new folder for all that is written. @param name `make-to-order` */
export function makeFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `interlock-${name}-`));
  // As root, PostgreSQL runs as an account that must be able to pass; what is secret below has rights of its own.
  if (process.getuid?.() === 0) chmodSync(folder, 0o711);
  return folder;
}

/** Starts one and waits until it takes requests. @param product a folder of `simulators/` */
export async function startSimulator(
  { name, product, args, log }: { name: string; product: string; args: readonly string[]; log: string },
  { signal, died, started, everyMs = 100 }: Launching,
): Promise<{ readonly url: string; readonly actor: Actor }> {
  const actor = new Actor({ name, script: join(HOME, `simulators/${product}/main.ts`), args, log }, died);
  started?.(actor);
  const { url } = await until(
    `${name} is ready`,
    () => readJson<{ url: string }>(actor.read().split("\n", 1)[0]!),
    { signal, withinMs: START_WITHIN_MS, everyMs },
  );
  return { url, actor };
}

/**
 * Starts a hub and waits until it takes events. It keeps its database in the project's folder, whatever DATABASE_URL says:
 * what is played writes into nobody's real database.
 */
export async function startHub(
  { project, port, env, log }: { project: string; port: string; env: NodeJS.ProcessEnv; log: string },
  { signal, died, started, everyMs = 100 }: Launching,
): Promise<Hub> {
  const file = join(project, ".interlock/hub.json");
  rmSync(file, { force: true });
  const { DATABASE_URL: _, INTERLOCK_ADMIN_TOKEN: __, ...rest } = { ...process.env, ...env };
  const script = join(HOME, "src/cli/main.ts");
  const args = ["run", "--project", project, "--port", port];
  const actor = new Actor({ name: "hub", script, args, env: withLittleMemory(rest), log }, died);
  started?.(actor);
  const { url, tokenFile } = await until(
    "the hub is ready",
    () => (existsSync(file) ? readJson<Hub>(readFileSync(file, "utf8")) : undefined),
    { signal, withinMs: START_WITHIN_MS, everyMs },
  );
  return { url, tokenFile, token: readFileSync(tokenFile, "utf8").trim(), pid: actor.pid!, actor };
}

/** A hub that was killed has left its database running for its successor: ends it. */
export async function endDatabase(project: string): Promise<void> {
  const dir = join(project, ".interlock/db");
  if (await settle(findPlace(dir))) await (await startEmbedded(dir)).close();
}

/** With the database, which as root lies elsewhere. */
export function removeProject(project: string): void {
  for (const folder of [findPlace(join(project, ".interlock/db")).folder, project])
    // What makes a database may still be writing for a moment when its hub was ended in the middle of that.
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

/** What is being written at this moment is not there yet. */
function readJson<Value>(text: string): Value | undefined {
  try {
    return JSON.parse(text) as Value;
  } catch {
    return undefined;
  }
}
