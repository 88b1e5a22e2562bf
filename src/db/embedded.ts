/**
 * The embedded database: a real PostgreSQL from npm, its data in the project's own folder.
 *
 * The server outlives any one hub. It runs in its own session, and whoever needs it adopts it when it runs and starts it
 * when it does not, one at a time under a lock of the operating system; the last one to leave stops it. So a hub that is
 * killed leaves a working database to its successor. Each keeps one connection open, its presence: it is what others
 * count before they stop the server, and its end tells that the server died, which is then started again and recovers by
 * its own log. Which server runs where is read from PostgreSQL's own pid file, never from notes of ours.
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

export interface EmbeddedOptions {
  /** Settings that differ from the embedded ones. They do not reach a server that is already running. */
  readonly settings?: Settings;
  /** Told when the server died and when it is back; nobody needs to do anything. */
  readonly report?: (line: string) => void;
}

export interface EmbeddedServer {
  /** The hub's database, with the password in it: not for logs. It stays the same when the server is started again. */
  readonly url: string;
  readonly pid: number;
  /** Whether this call started it, or found it running. */
  readonly started: boolean;
  /** What a person should know: an account that was made, data placed elsewhere. */
  readonly say: readonly string[];
  /** Lets go of the server, and stops it when nobody else is connected. */
  close(): Promise<void>;
}

/** A server that runs, and our connection to it. */
interface Hold {
  readonly server: Postmaster;
  readonly presence: pg.Client;
  readonly password: string;
  readonly started: boolean;
}

const LOCK_WITHIN_MS = 330_000;
const ANSWER_WITHIN_MS = 60_000;
const REVIVE_AGAIN_MS = { first: 250, most: 15_000 };

/**
 * Adopts the server of `dir`, or makes and starts it, and keeps it alive until `close`.
 * @param dir where data, password and log are kept, created when missing
 */
export async function startEmbedded(dir: string, options: EmbeddedOptions = {}): Promise<EmbeddedServer> {
  const root = resolve(dir);
  mkdirSync(root, { recursive: true });
  const locked = <T>(work: () => Promise<T>) => withFileLock(join(root, "start.lock"), LOCK_WITHIN_MS, work);
  const say: string[] = [];
  const report = options.report ?? (() => {});
  const closing = new AbortController();

  const [installation, first] = await locked(async () => {
    const installation = install(root, (line) => say.push(line));
    return [installation, await takeHold(installation, options.settings ?? {})] as const;
  });
  let hold = first;
  let revival = Promise.resolve();
  watch();

  function watch(): void {
    hold.presence.once("end", () => {
      if (!closing.signal.aborted) revival = revive();
    });
  }

  async function revive(): Promise<void> {
    report(`the embedded database (process ${hold.server.pid}) does not answer any more; bringing it back`);
    // Pools know the address.
    const settings = { ...options.settings, port: hold.server.port };
    for (
      let wait = REVIVE_AGAIN_MS.first;
      !closing.signal.aborted;
      wait = Math.min(2 * wait, REVIVE_AGAIN_MS.most)
    ) {
      try {
        hold = await locked(() => takeHold(installation, settings));
        watch();
        return report(`the embedded database is back (process ${hold.server.pid})`);
      } catch (error) {
        report((error as Error).message);
        await delay(wait, undefined, { signal: closing.signal }).catch(() => {});
      }
    }
  }

  return {
    url: urlOf(first.server, first.password, NAME),
    get pid() {
      return hold.server.pid;
    },
    started: first.started,
    say,
    async close() {
      closing.abort();
      await revival;
      await locked(() => leave(installation, hold.presence));
    },
  };
}

async function takeHold(installation: Installation, settings: Settings): Promise<Hold> {
  let started = false;
  const giveUpAt = Date.now() + ANSWER_WITHIN_MS;
  for (;;) {
    let server = await settle(installation.place);
    if (!server) {
      await initialise(installation);
      server = await launch(installation, settings);
      started = true;
    }
    const password = readFileSync(installation.place.password, "utf8");
    try {
      const presence = await connect(server, password);
      return { server, presence, password, started };
    } catch (cause) {
      // A server that refuses for good says so itself; one that dies, or restarts after a crash, is asked again.
      if (Date.now() < giveUpAt && !isRefusal(cause)) {
        await delay(50);
        continue;
      }
      throw new StoreError(
        "EMBEDDED_START",
        `the embedded database (process ${server.pid}) runs but cannot be used: ${(cause as Error).message}`,
        { cause },
      );
    }
  }
}

const COMES_UP = "57P03";

function isRefusal(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code !== COMES_UP;
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
  // Its end is what counts; why it ended, the pool of the store reports.
  client.on("error", () => {});
  try {
    await client.connect();
    await createDatabase(client);
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
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
