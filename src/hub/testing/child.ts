import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** A script of ours in a process of its own. */
export interface Child {
  readonly process: ChildProcess;
  /** What it said of itself when it was ready: the first line of JSON that begins with its `url`. */
  readonly ready: Readonly<Record<string, string>>;
  /** How it ended: the signal, or the exit code as text. */
  readonly ended: Promise<string>;
  /** The last lines of what it wrote, to be shown when a test fails. */
  readonly said: () => string;
  /** Ends it, whatever state it is in, and waits until it is gone. */
  readonly kill: () => Promise<void>;
}

const REMEMBERED_LINES = 60;

/** A run that ends before its test could clean up takes them with it. */
const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/**
 * Resolves when the script has said where it is.
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
  running.add(child);
  child.once("close", () => running.delete(child));
  const lines: string[] = [];
  const remember = (line: string) => {
    lines.push(line);
    if (lines.length > REMEMBERED_LINES) lines.shift();
  };
  const said = () => lines.join("\n");
  const ended = once(child, "close").then(([code, signal]) => String(signal ?? code));
  createInterface(child.stderr).on("line", remember);
  const ready = Promise.withResolvers<string>();
  createInterface(child.stdout).on("line", (line) => {
    remember(line);
    if (line.startsWith('{"url"')) ready.resolve(line);
  });
  const first = await Promise.race([ready.promise, ended.then(() => null)]);
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
