import { execFile, spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  appendFileSync,
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";

import { StoreError } from "../errors.ts";
import type { Account } from "./account.ts";
import type { Binaries } from "./binaries.ts";
import { ServerLog } from "./log.ts";
import { isServing, readPidFile, type Postmaster } from "./pid-file.ts";
import { makeFolder, type Place } from "./place.ts";
import { settingsFile, type Settings } from "./settings.ts";

const run = promisify(execFile);

/** The superuser of embedded clusters, and the database of the hub. */
export const NAME = "interlock";

/** How long a server may take to come up: after a crash it first replays what its log holds. */
const READY_WITHIN_MS = 300_000;
/** How long processes of a killed server may take to notice that it is gone. */
const ORPHANS_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 20;

/** A server program that can be run: its files, where it works, and as whom. */
export interface Installation {
  readonly binaries: Binaries;
  readonly place: Place;
  readonly account: Account | undefined;
}

/** Waits until a server that is running, coming up or going down has come to rest. */
export async function settle(place: Place): Promise<Postmaster | undefined> {
  const giveUpAt = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const found = readPidFile(place);
    if (!found || !isServing(place, found.pid)) return undefined;
    if (found.ready) return found;
    if (Date.now() > giveUpAt) {
      throw new StoreError(
        "EMBEDDED_START",
        `the database server in ${place.data} (process ${found.pid}) has not become ready; see ${place.log}`,
      );
    }
    await delay(LOOK_EVERY_MS);
  }
}

/** Makes the cluster where there is none yet. It appears under its name only when it is whole. */
export async function initialise({ binaries, place, account }: Installation): Promise<void> {
  if (existsSync(place.data)) return;
  writeFileSync(place.password, randomBytes(24).toString("base64url"), { mode: 0o600 });
  if (account) chownSync(place.password, account.uid, account.gid);
  const fresh = `${place.data}.new`;
  rmSync(fresh, { recursive: true, force: true });
  makeFolder(fresh, account);
  // The order of the builtin locale is that of the code points and stays the same on every system and after every upgrade.
  const args = [
    `--pgdata=${fresh}`,
    `--username=${NAME}`,
    `--pwfile=${place.password}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
  ];
  try {
    await run(binaries.initdb, args, { ...account, cwd: "/", env: environment() });
  } catch (cause) {
    const { stderr, message } = cause as Error & { stderr?: string };
    throw new StoreError(
      "EMBEDDED_START",
      `the embedded database could not be created in ${place.data}:\n${stderr?.trim() || message}\nfree disk space or choose another folder, then start again`,
      { cause },
    );
  }
  appendFileSync(join(fresh, "postgresql.conf"), "\ninclude_if_exists 'interlock.conf'\n");
  renameSync(fresh, place.data);
  syncFolder(place.folder);
}

/** Starts the server in a session of its own, so that what ends the hub does not end its database. */
export async function launch(installation: Installation, own: Settings): Promise<Postmaster> {
  const { place, account } = installation;
  const conf = join(place.data, "interlock.conf");
  writeFileSync(conf, await settingsFile(place, own));
  if (account) chownSync(conf, account.uid, account.gid);
  // A pid file from before means a server that was killed, whose orphans may hold the shared memory for a moment.
  const retryUntil = readPidFile(place) ? Date.now() + ORPHANS_WITHIN_MS : 0;
  for (;;) {
    const log = new ServerLog(place.log, account);
    try {
      const started = await attempt(installation, log);
      if (started) return started;
      if (Date.now() > retryUntil) throw refused(log);
      await delay(LOOK_EVERY_MS * 10);
    } finally {
      log.close();
    }
  }
}

async function attempt(
  { binaries, place, account }: Installation,
  log: ServerLog,
): Promise<Postmaster | undefined> {
  const stale = readPidFile(place);
  const env = environment();
  // PostgreSQL takes its pid file for that of a living server when the number is in use again, by whatever program. Told
  // that the number is an ancestor's, it goes on to its other proof, the shared memory of the data folder, as it would
  // after any crash. The file itself is never touched: it is what keeps two servers off one data folder.
  if (stale && !isServing(place, stale.pid)) env["PG_GRANDPARENT_PID"] = String(stale.pid);
  const child = spawn(binaries.postgres, ["-D", place.data], {
    ...account,
    detached: true,
    stdio: ["ignore", log.fd, log.fd],
    cwd: "/",
    env,
    windowsHide: true,
  });
  child.unref();
  const ended = exit(child);
  const giveUpAt = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const found = readPidFile(place);
    if (found?.ready && found.pid === child.pid) return found;
    if (await Promise.race([ended, delay(LOOK_EVERY_MS, false)])) return undefined;
    if (Date.now() > giveUpAt) {
      throw new StoreError(
        "EMBEDDED_START",
        `the embedded database is not ready after ${READY_WITHIN_MS / 1000} s; it goes on in the background, see ${place.log}\n${log.tail()}`,
      );
    }
  }
}

function exit(child: ChildProcess): Promise<true> {
  return new Promise((resolve) => {
    child.once("exit", () => resolve(true));
    child.once("error", () => resolve(true));
  });
}

function refused(log: ServerLog): StoreError {
  return new StoreError(
    "EMBEDDED_START",
    `the embedded database did not start; its log ${log.file} ends with:\n${log.tail()}\nremove the cause (a full disk, missing rights, too little memory) and start again`,
  );
}

/** Asks the server to end its sessions and stop, and waits for it. One that takes longer goes on stopping by itself. */
export async function halt({ binaries, place, account }: Installation): Promise<void> {
  const args = ["stop", "-D", place.data, "-m", "fast", "-w", "-t", "120"];
  await run(binaries.pgCtl, args, { ...account, cwd: "/", env: environment() }).catch(() => {});
}

/** Nothing of the hub's own environment, which may hold secrets or settings meant for PostgreSQL's clients. */
function environment(): Record<string, string> {
  const kept = ["PATH", "SystemRoot", "TEMP", "TMP"].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return { ...(Object.fromEntries(kept) as Record<string, string>), LC_ALL: "C", TZ: "UTC" };
}

/** A rename is kept through a power failure once its folder is on disk. */
function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const fd = openSync(folder, "r");
  fsyncSync(fd);
  closeSync(fd);
}
