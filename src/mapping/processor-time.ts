/*
 * What a mapping may take is counted in the processor's time: on a machine that is busy with something else, or stopped for a
 * while, the clock goes on and an innocent mapping does not.
 */
import { readFileSync } from "node:fs";

/** Linux counts the times of a process in this many parts of a second, on every machine that Node runs on. */
const TICKS_PER_SECOND = 100;

/**
 * Processor time a process has used since it began, milliseconds, all its threads together. Undefined where the operating system has
 * no file that says so (only Linux has), or the process is gone.
 */
export function processorMsOf(pid: number): number | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch {
    return undefined;
  }
  // "pid (name) state ...": a name may hold blanks and brackets. utime and stime are the 14th and 15th field.
  const [user, system] = text
    .slice(text.lastIndexOf(")") + 2)
    .split(" ")
    .slice(11, 13);
  const ticks = Number(user) + Number(system);
  return Number.isFinite(ticks) ? (ticks * 1000) / TICKS_PER_SECOND : undefined;
}

/** Counts what this thread uses for one piece of work after another. */
export class ThreadBudget {
  readonly #limitMs: number;
  #began = 0;
  /** No thread uses more than the clock shows: before this nobody has to look. */
  #lookAt = 0;

  /** @param limitMs processor time for each piece, milliseconds */
  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  begin(): void {
    this.#began = threadMs();
    this.#lookAt = performance.now() + this.#limitMs;
  }

  isOver(): boolean {
    const now = performance.now();
    if (now < this.#lookAt) return false;
    const left = this.#limitMs - (threadMs() - this.#began);
    this.#lookAt = now + left;
    return left <= 0;
  }
}

function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
