import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** A script of ours in a process of its own. */
export interface Child {
  readonly process: ChildProcess;
  /** The JSON of the first line it printed. */
  readonly ready: Readonly<Record<string, string>>;
  /** How it ended: the signal, or the exit code as text. */
  readonly ended: Promise<string>;
  /** The last lines of what it wrote, to be shown when a test fails. */
  readonly said: () => string;
  /** Ends it, whatever state it is in, and waits until it is gone. */
  readonly kill: () => Promise<void>;
}

const REMEMBERED_LINES = 60;

/**
 * Resolves when the script has printed its first line.
 * @throws Error with what it said when it ended before that
 */
export async function startChild(
  script: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Child> {
  const child = spawn(process.execPath, [script, ...args], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: string[] = [];
  const remember = (line: string) => {
    lines.push(line);
    if (lines.length > REMEMBERED_LINES) lines.shift();
  };
  const said = () => lines.join("\n");
  const ended = once(child, "close").then(([code, signal]) => String(signal ?? code));
  createInterface(child.stderr).on("line", remember);
  const output = createInterface(child.stdout).on("line", remember);
  const first = await Promise.race([
    once(output, "line").then(([line]) => String(line)),
    ended.then(() => null),
  ]);
  if (first === null) throw new Error(`${script} ended before it was ready (${await ended}):\n${said()}`);
  return {
    process: child,
    ready: JSON.parse(first) as Record<string, string>,
    ended,
    said,
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
