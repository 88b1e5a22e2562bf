// One setup at a time in one checkout. The lock is a folder, made under another name with its owner written inside and
// then renamed into place: it never exists without an owner. A holder that died is noticed by its process id; one whose
// id was taken over by another process (a restarted container), by the missing heartbeat.

import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";

import { say } from "./npm.mjs";

const HEARTBEAT_MS = 2_000;
const SILENT_MS = 30_000;
const RETRY_MS = 250;

export async function withLock(lock, work) {
  await acquire(lock);
  const heartbeat = setInterval(() => touch(lock), HEARTBEAT_MS);
  const release = () => remove(lock, (owner) => owner.pid === process.pid && owner.host === hostname());
  const interrupted = (signal) => {
    release();
    process.exit(signal === "SIGINT" ? 130 : 143);
  };
  process.once("SIGINT", interrupted);
  process.once("SIGTERM", interrupted);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    process.off("SIGINT", interrupted);
    process.off("SIGTERM", interrupted);
    release();
  }
}

async function acquire(lock) {
  mkdirSync(dirname(lock), { recursive: true });
  let seen;
  for (;;) {
    if (tryTake(lock)) return;

    const current = inspect(lock);
    if (current === undefined) continue;
    if (seen?.mark !== current.mark) {
      if (seen === undefined && !isDead(current)) {
        say(`waiting for another start of Interlock (process ${current.pid}) ...`);
      }
      seen = { mark: current.mark, since: performance.now() };
    }
    // Silence is measured by our own watching, so that a holder that slept with its machine is not robbed.
    if (isDead(current) || performance.now() - seen.since > SILENT_MS) {
      remove(lock, (owner) => owner.mark === current.mark);
    } else {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

function tryTake(lock) {
  const mine = `${lock}.${process.pid}`;
  rmSync(mine, { recursive: true, force: true });
  mkdirSync(mine);
  writeFileSync(join(mine, "owner"), JSON.stringify({ pid: process.pid, host: hostname() }));
  try {
    renameSync(mine, lock);
    return true;
  } catch (error) {
    rmSync(mine, { recursive: true, force: true });
    // Renaming onto a folder that holds something: ENOTEMPTY or EEXIST on POSIX, EPERM on Windows.
    if (["ENOTEMPTY", "EEXIST", "EPERM"].includes(error.code)) return false;
    throw error;
  }
}

/** Who holds the lock, and a mark that changes with each heartbeat; undefined when it was released meanwhile. */
function inspect(lock) {
  try {
    const owner = JSON.parse(readFileSync(join(lock, "owner"), "utf8"));
    return { ...owner, mark: `${owner.host}/${owner.pid}/${statSync(lock).mtimeMs}` };
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** Whether the owner is certainly gone. Our own id in a lock we do not hold is a leftover of an earlier life. */
export function isDead(owner) {
  if (owner.host !== hostname()) return false;
  if (owner.pid === process.pid) return true;
  try {
    process.kill(owner.pid, 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
}

/**
 * Removes the lock if it still is the one that was looked at. It is moved aside first and looked at again there: of two
 * that break a dead lock, the slower would otherwise remove the new lock of the faster.
 */
function remove(lock, isTheOne) {
  const aside = `${lock}.old.${process.pid}`;
  try {
    renameSync(lock, aside);
  } catch (error) {
    if (error.code === "ENOENT") return;
    throw error;
  }
  const moved = inspect(aside);
  if (moved !== undefined && !isTheOne(moved)) {
    try {
      renameSync(aside, lock);
      return;
    } catch {
      // A third start took the lock in between. Both go on; each setup step replaces its result as a whole.
    }
  }
  rmSync(aside, { recursive: true, force: true });
}

function touch(lock) {
  try {
    const now = new Date();
    utimesSync(lock, now, now);
  } catch {
    // The folder was removed under us; the work itself is what matters now.
  }
}
