import { type ChildProcess, fork } from "node:child_process";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import type { CrosswalkRow } from "../crosswalk/crosswalk.ts";
import type { MappingLimits, MappingSource, MapResult } from "./compile.ts";
import type { MappingContext } from "./functions.ts";
import type { MappingProblem } from "./problem.ts";

export interface MapItem {
  file: string;
  input: unknown;
  context: MappingContext;
}

export interface MappingSetup {
  mappings: readonly MappingSource[];
  crosswalk: readonly CrosswalkRow[];
  zones: Readonly<Record<string, string>>;
  limits: MappingLimits;
}

export type ChildRequest = ({ kind: "load" } & MappingSetup) | { kind: "map"; items: readonly MapItem[] };
export type ChildReply =
  { kind: "loaded"; problems: MappingProblem[] } | { kind: "mapped"; results: MapResult[] };

/** The process did not answer: it was stopped because its time was over, or it ended by itself (out of memory). */
export class MappingProcessEnded extends Error {
  override readonly name = "MappingProcessEnded";
  readonly why: "time" | "exit" | "start";

  constructor(why: "time" | "exit" | "start", message: string) {
    super(message);
    this.why = why;
  }
}

const CHILD = fileURLToPath(new URL("child.ts", import.meta.url));
const START_MS = 60_000;

/** One child process that maps; it starts when first used and again after it ended. One call at a time. */
export class MappingProcess {
  #setup: MappingSetup;
  #child: ChildProcess | undefined;
  #closed = false;

  constructor(setup: MappingSetup) {
    this.#setup = setup;
  }

  /** @returns the mappings that do not compile */
  async start(): Promise<MappingProblem[]> {
    if (this.#closed) throw new MappingProcessEnded("start", "the mappings were closed");
    this.#stop();
    const child = fork(CHILD, {
      execArgv: [
        `--max-old-space-size=${this.#setup.limits.memoryMb}`,
        "--max-semi-space-size=8", // messages are small: less to hold for little more collecting
        "--permission",
        "--allow-fs-read=*", // its own modules; it may write nothing and start nothing
        "--disable-warning=ExperimentalWarning",
      ],
      env: {},
      cwd: tmpdir(), // where a core file would go
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    this.#child = child;
    child.on("error", () => {}); // a message that comes too late must not become an uncaught error
    child.on("exit", () => {
      if (this.#child === child) this.#child = undefined; // ended while idle: nobody's fault
    });
    const reply = await this.#ask({ kind: "load", ...this.#setup }, START_MS, "start");
    return reply.kind === "loaded" ? reply.problems : [];
  }

  /** @throws MappingProcessEnded when it ran out of time or memory: which item did it is not known */
  async map(items: readonly MapItem[]): Promise<MapResult[]> {
    if (!this.#child) await this.start();
    const reply = await this.#ask({ kind: "map", items }, this.#setup.limits.timeMs, "time");
    return reply.kind === "mapped" ? reply.results : [];
  }

  /** With other tables from the next call on. Not to be called while one is under way. */
  use(crosswalk: readonly CrosswalkRow[]): void {
    this.#setup = { ...this.#setup, crosswalk };
    this.#stop();
  }

  close(): void {
    this.#closed = true;
    this.#stop();
  }

  #stop(): void {
    this.#child?.kill("SIGKILL");
    this.#child = undefined;
  }

  #ask(request: ChildRequest, deadlineMs: number, late: "time" | "start"): Promise<ChildReply> {
    const child = this.#child!;
    const { promise, resolve, reject } = Promise.withResolvers<ChildReply>();
    const end = (why: "time" | "exit" | "start", message: string) => {
      if (this.#child === child) this.#stop();
      reject(new MappingProcessEnded(why, message));
    };
    const onExit = () => end(late === "start" ? "start" : "exit", "the mapping process ended by itself");
    const onError = (error: Error) => end(late === "start" ? "start" : "exit", error.message);
    const timer = setTimeout(() => end(late, `no answer within ${deadlineMs} ms`), deadlineMs);
    child.once("exit", onExit).once("error", onError).once("message", resolve);
    child.send(request, (error) => error && onError(error));
    return promise.finally(() => {
      clearTimeout(timer);
      child.off("exit", onExit).off("error", onError).off("message", resolve);
    });
  }
}
