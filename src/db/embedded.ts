/**
 * The embedded database: a real PostgreSQL from npm, its data in the project's own folder.
 *
 * The server outlives any one hub. It runs in its own session, and whoever needs it adopts it when it runs and starts it
 * when it does not, one at a time under a lock of the operating system; the last one to leave stops it. So a hub that is
 * killed leaves a working database to its successor, and a server that is killed is started again and recovers by its own
 * log. Which server runs where is read from PostgreSQL's own pid file, never from notes of ours.
 */
import { mkdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import pg from "pg";

import { findAccount } from "./embedded/account.ts";
import { findBinaries } from "./embedded/binaries.ts";
import { halt, initialise, launch, NAME, settle, type Installation } from "./embedded/launch.ts";
import { withFileLock } from "./embedded/lock.ts";
import type { Postmaster } from "./embedded/pid-file.ts";
import { claimPlace, findPlace, reachBinaries } from "./embedded/place.ts";
import type { Settings } from "./embedded/settings.ts";
import { StoreError } from "./errors.ts";

export interface EmbeddedServer {
  /** The hub's database, with the password in it: not for logs. */
  readonly url: string;
  readonly pid: number;
  /** Whether this call started it, or found it running. */
  readonly started: boolean;
  /** What a person should know: an account that was made, data placed elsewhere. */
  readonly say: readonly string[];
  /** Lets go of the server, and stops it when nobody else is connected. */
  close(): Promise<void>;
}

const LOCK_WITHIN_MS = 330_000;

/**
 * Adopts the server of `dir`, or makes and starts it.
 * @param dir where data, password and log are kept, created when missing
 * @param own settings that differ from the embedded ones; they do not reach a server that is already running
 */
export async function startEmbedded(dir: string, own: Settings = {}): Promise<EmbeddedServer> {
  const root = resolve(dir);
  mkdirSync(root, { recursive: true });
  const lockFile = join(root, "start.lock");
  return withFileLock(lockFile, LOCK_WITHIN_MS, async () => {
    const say: string[] = [];
    const installation = install(root, (line) => say.push(line));
    let server = await settle(installation.place);
    const started = server === undefined;
    if (!server) {
      await initialise(installation);
      server = await launch(installation, own);
    }
    const password = readFileSync(installation.place.password, "utf8");
    // Held open as long as the server is in use here: it is what others count before they stop it.
    const presence = await connect(server, password);
    await createDatabase(presence);
    return {
      url: urlOf(server, password, NAME),
      pid: server.pid,
      started,
      say,
      close: () => withFileLock(lockFile, LOCK_WITHIN_MS, () => leave(installation, presence)),
    };
  });
}

function install(dir: string, say: (line: string) => void): Installation {
  const owned = statSync(findPlace(dir).data, { throwIfNoEntry: false })?.uid;
  const me = process.getuid?.();
  if (me !== undefined && me !== 0 && owned !== undefined && owned !== me) {
    throw new StoreError(
      "EMBEDDED_DATA",
      `the database in ${dir} belongs to another user (uid ${owned}, this process has ${me}); run Interlock as before, or set DATABASE_URL`,
    );
  }
  const account = findAccount(findPlace(dir).data, say);
  const place = claimPlace(dir, account, say);
  return { place, account, binaries: reachBinaries(findBinaries(), account, say) };
}

function urlOf({ host, port }: Postmaster, password: string, database: string): string {
  return `postgres://${NAME}:${password}@${encodeURIComponent(host)}:${port}/${database}`;
}

async function connect(server: Postmaster, password: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: urlOf(server, password, "postgres"),
    application_name: "interlock:presence",
    connectionTimeoutMillis: 10_000,
  });
  // The pool of the store reports a server that goes away.
  client.on("error", () => {});
  try {
    await client.connect();
    return client;
  } catch (cause) {
    throw new StoreError(
      "EMBEDDED_START",
      `the embedded database (process ${server.pid}) runs but refuses a connection: ${(cause as Error).message}`,
      { cause },
    );
  }
}

async function createDatabase(client: pg.Client): Promise<void> {
  const { rows } = await client.query("select from pg_database where datname = $1", [NAME]);
  if (rows.length === 0) await client.query(`create database ${NAME}`);
}

async function leave(installation: Installation, presence: pg.Client): Promise<void> {
  const alone = await isAlone(presence).catch(() => false);
  await presence.end().catch(() => {});
  if (alone) await halt(installation);
}

/** Sessions closed a moment ago are still listed, so it asks for a second before it believes that others are there. */
async function isAlone(presence: pg.Client): Promise<boolean> {
  for (let tries = 0; tries < 20; tries++) {
    const { rows } = await presence.query(
      "select from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()",
    );
    if (rows.length === 0) return true;
    await delay(50);
  }
  return false;
}
