import { readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";

import type { Place } from "./place.ts";

/** What a running server says of itself in postmaster.pid. */
export interface Postmaster {
  readonly pid: number;
  /** A socket folder or an IP address. */
  readonly host: string;
  readonly port: number;
  readonly ready: boolean;
}

/** The lines of postmaster.pid (PostgreSQL's src/include/utils/pidfile.h). */
const LINE = { pid: 0, port: 3, sockets: 4, listen: 5, status: 7 };

export function readPidFile(place: Place): Postmaster | undefined {
  let lines: string[];
  try {
    lines = readFileSync(join(place.data, "postmaster.pid"), "utf8").split("\n");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const pid = Number(lines[LINE.pid]);
  // The file is written line by line while the server comes up.
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return {
    pid,
    host: lines[LINE.sockets] || lines[LINE.listen] || "",
    port: Number(lines[LINE.port]),
    ready: lines[LINE.status]?.trim() === "ready",
  };
}

/**
 * Whether the process of the pid file can be the server of this data. After a crash of the machine the number may belong
 * to any other program by now.
 */
export function isServing(place: Place, pid: number): boolean {
  return isAlive(pid) && worksIn(place.data, pid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * PostgreSQL's processes work inside their data folder. On Linux, where that cannot be read the process is another user's
 * or has ended and waits for its parent to notice; elsewhere the doubt is left to PostgreSQL.
 */
function worksIn(data: string, pid: number): boolean {
  if (process.platform !== "linux") return true;
  try {
    return realpathSync(`/proc/${pid}/cwd`) === realpathSync(data);
  } catch {
    return false;
  }
}
