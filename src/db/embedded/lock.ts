import { DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";

import { StoreError } from "../errors.ts";

/**
 * Runs `work` while no other process runs it under the same lock file.
 *
 * The lock must be free at once when its holder is killed, and no one may ever have to judge whether a lock left behind
 * is stale. Only a lock of the operating system gives that; Node's one way to such a lock is SQLite, whose exclusive
 * transaction is a lock on the file and writes nothing.
 */
export async function withFileLock<T>(file: string, waitMs: number, work: () => Promise<T>): Promise<T> {
  const lock = open(file);
  try {
    const giveUpAt = Date.now() + waitMs;
    while (!take(lock)) {
      if (Date.now() > giveUpAt) {
        throw new StoreError(
          "EMBEDDED_START",
          `another process has held ${file} for ${waitMs / 1000} s; end it and start again`,
        );
      }
      await delay(20);
    }
    return await work();
  } finally {
    lock.close();
  }
}

function open(file: string): DatabaseSync {
  try {
    return new DatabaseSync(file);
  } catch (cause) {
    throw unusable(file, cause);
  }
}

const SQLITE_BUSY = 5;

function take(lock: DatabaseSync): boolean {
  try {
    lock.exec("begin exclusive");
    return true;
  } catch (error) {
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return false;
    throw unusable(lock.location() ?? "", error);
  }
}

function unusable(file: string, cause: unknown): StoreError {
  return new StoreError(
    "EMBEDDED_DATA",
    `cannot lock ${file}: ${(cause as Error).message}; run Interlock as the user that this folder belongs to, with a writable disk`,
    { cause },
  );
}
