/** What processes use, from /proc: a process with all its descendants, those that have ended too. Linux only. */
import { readdirSync, readFileSync } from "node:fs";

/** Of /proc/<pid>/stat, counted behind the name in brackets. */
const FIELD = { parent: 1, user: 11, system: 12, endedUser: 13, endedSystem: 14 };
/** USER_HZ: a hundred on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

function readStat(pid: number): number[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text
      .slice(text.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number);
  } catch {
    // It has ended since the folder was listed.
    return undefined;
  }
}

function readTree(root: number): number[][] {
  const stats = new Map<number, number[]>();
  for (const name of readdirSync("/proc")) {
    const stat = /^\d+$/.test(name) ? readStat(Number(name)) : undefined;
    if (stat) stats.set(Number(name), stat);
  }
  const isBelow = (pid: number): boolean =>
    pid === root || (stats.has(pid) && isBelow(stats.get(pid)![FIELD.parent]!));
  return [...stats].filter(([pid]) => isBelow(pid)).map(([, stat]) => stat);
}

/** Seconds of processor time of a process and everything it started. */
function cpuSeconds(root: number): number {
  const used = readTree(root).map(
    (stat) => stat[FIELD.user]! + stat[FIELD.system]! + stat[FIELD.endedUser]! + stat[FIELD.endedSystem]!,
  );
  return used.reduce((sum, ticks) => sum + ticks, 0) / TICKS_PER_SECOND;
}

/** Begins to count. @returns what to call for the seconds each of them has used since, and this process as `client` */
export function startCpuMeter(pids: Readonly<Record<string, number>>): () => Record<string, number> {
  if (process.platform !== "linux") return () => ({});
  const read = () =>
    Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, cpuSeconds(pid)] as const));
  const [before, client] = [read(), process.cpuUsage()];
  return () => {
    const after = read();
    const { user, system } = process.cpuUsage(client);
    const used = Object.keys(pids).map((name) => [name, after[name]! - before[name]!] as const);
    return { ...Object.fromEntries(used), client: (user + system) / 1e6 };
  };
}

/** Of the first line of /proc/stat, behind its name. */
const STOLEN = 7;

/**
 * Begins to count what the host of a virtual machine gave to others while processes here waited to run.
 * @returns what to call for its share of all processors' time since, in percent; undefined where nobody says
 */
export function startStolenMeter(): () => number | undefined {
  if (process.platform !== "linux") return () => undefined;
  const read = () =>
    readFileSync("/proc/stat", "utf8").split("\n", 1)[0]!.trim().split(/\s+/).slice(1).map(Number);
  const before = read();
  return () => {
    const passed = read().map((ticks, i) => ticks - before[i]!);
    return (100 * passed[STOLEN]!) / passed.reduce((sum, ticks) => sum + ticks, 0);
  };
}

/** Megabytes resident, now and at most so far. */
export function readMemory(pid: number): { readonly now: number; readonly peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const megabytes = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1]) / 1024;
  return { now: megabytes("VmRSS"), peak: megabytes("VmHWM") };
}
