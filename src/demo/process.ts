import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

const END_WITHIN_MS = 20_000;
const TAIL_LINES = 12;

/**
 * One script of Interlock in a process of its own, everything it says in one file. It leads a group of its own: Ctrl-C at the
 * terminal reaches the demo only, which then ends each of its processes once and in order.
 */
export class Actor {
  readonly name: string;
  readonly log: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<string>;
  #expected = false;

  /** @param died called when it ends without having been told to */
  constructor(
    options: { name: string; script: string; args: readonly string[]; env?: NodeJS.ProcessEnv; log: string },
    died: (how: string) => void,
  ) {
    const { name, script, args, env = process.env, log } = options;
    this.name = name;
    this.log = log;
    const file = openSync(log, "a");
    this.#child = spawn(process.execPath, [script, ...args], {
      stdio: ["ignore", file, file],
      env,
      detached: true,
      windowsHide: true,
    });
    closeSync(file);
    this.#ended = new Promise((resolve) => {
      this.#child.once("error", (error) => resolve(error.message));
      this.#child.once("exit", (code, signal) => resolve(signal ?? `exit code ${code}`));
    });
    void this.#ended.then((how) => this.#expected || died(`${name} ended by itself (${how})`));
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** As the machine does it: no warning, nothing finished. */
  async kill(): Promise<void> {
    this.#expected = true;
    this.#child.kill("SIGKILL");
    await this.#ended;
  }

  async end(): Promise<void> {
    this.#expected = true;
    this.#child.kill("SIGTERM");
    const patience = new AbortController();
    const late = delay(END_WITHIN_MS, "late", { signal: patience.signal }).catch(() => "ended");
    if ((await Promise.race([this.#ended, late])) === "late") await this.kill();
    patience.abort();
  }

  read(): string {
    return readFileSync(this.log, "utf8");
  }

  tail(): string {
    const lines = this.read().trimEnd().split("\n").slice(-TAIL_LINES);
    return `${this.name} said last (${this.log}):\n${lines.map((line) => `  ${line.slice(0, 300)}`).join("\n")}`;
  }
}
