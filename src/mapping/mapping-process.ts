import { type ChildProcess, fork } from "node:child_process";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import type { CrosswalkRow } from "../crosswalk/crosswalk.ts";
import type { MappingLimits, MappingSource, MapResult } from "./compile.ts";
import type { MappingContext } from "./functions.ts";
import type { MappingProblem } from "./problem.ts";
import { processorMsOf } from "./processor-time.ts";

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
/** `usedMs`: processor time the child has used since it began. */
export type ChildReply = { usedMs: number } & (
  | { kind: "loaded"; problems: MappingProblem[] }
  | { kind: "mapped"; results: MapResult[] }
);

/**
 * The process did not answer. time: it had used all the processor time of its call. exit: it ended by itself (out of memory).
 * start: it could not be started. stalled: it did not come to work at all for some time.
 */
export type EndedWhy = "time" | "exit" | "start" | "stalled";

export class MappingProcessEnded extends Error {
  override readonly name = "MappingProcessEnded";
  readonly why: EndedWhy;

  constructor(why: EndedWhy, message: string) {
    super(message);
    this.why = why;
  }
}

interface Allowance {
  /** Of the child's own processor time. */
  processorMs: number;
  /** By the clock, without any work of the child. */
  stalledMs: number;
  /** What it is when the processor's time is over. */
  over: "time" | "start";
}

const CHILD = fileURLToPath(new URL("child.ts", import.meta.url));
const START_MS = 60_000;

/** One child process that maps; it starts when first used and again after it ended. One call at a time. */
export class MappingProcess {
  #setup: MappingSetup;
  #child: ChildProcess | undefined;
  /** Processor time the child had used when it last answered. */
  #usedMs = 0;
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
    this.#usedMs = 0;
    child.on("error", () => {}); // a message that comes too late must not become an uncaught error
    child.on("exit", () => {
      if (this.#child === child) this.#child = undefined; // ended while idle: nobody's fault
    });
    const allowance: Allowance = { processorMs: START_MS, stalledMs: START_MS, over: "start" };
    const reply = await this.#ask({ kind: "load", ...this.#setup }, allowance);
    return reply.kind === "loaded" ? reply.problems : [];
  }

  /**
   * A call that stalls is made again in a new process: nothing is known against what it maps.
   * @throws MappingProcessEnded when it ran out of time or memory: which item did it is not known
   */
  async map(items: readonly MapItem[]): Promise<MapResult[]> {
    const { timeMs, stalledMs } = this.#setup.limits;
    for (;;) {
      try {
        if (!this.#child) await this.start();
        const allowance: Allowance = { processorMs: timeMs, stalledMs, over: "time" };
        const reply = await this.#ask({ kind: "map", items }, allowance);
        return reply.kind === "mapped" ? reply.results : [];
      } catch (error) {
        if (!(error instanceof MappingProcessEnded && error.why === "stalled")) throw error;
      }
    }
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

  #ask(request: ChildRequest, allowance: Allowance): Promise<ChildReply> {
    const child = this.#child!;
    const { promise, resolve, reject } = Promise.withResolvers<ChildReply>();
    const end = (why: EndedWhy, message: string) => {
      if (this.#child === child) this.#stop();
      reject(new MappingProcessEnded(why, message));
    };
    const itself = allowance.over === "start" ? "start" : "exit";
    const onExit = () => end(itself, "the mapping process ended by itself");
    const onError = (error: Error) => end(itself, error.message);
    const onReply = (reply: ChildReply) => {
      this.#usedMs = reply.usedMs;
      resolve(reply);
    };
    const unwatch = watch(child.pid, this.#usedMs, allowance, end);
    child.once("exit", onExit).once("error", onError).once("message", onReply);
    child.send(request, (error) => error && onError(error));
    return promise.finally(() => {
      unwatch();
      child.off("exit", onExit).off("error", onError).off("message", onReply);
    });
  }
}

/**
 * Looks when the processor's time could be over at the earliest, and again for what was left of it then. However slowly it
 * works on a busy machine, in the end it answers or has used its time; only one that does not work at all is given up by the
 * clock. Where nobody says how much a process has used, the clock stands for it.
 * @param beforeMs processor time it had used before
 * @returns ends the watch
 */
function watch(
  pid: number | undefined,
  beforeMs: number,
  { processorMs, stalledMs, over }: Allowance,
  end: (why: EndedWhy, message: string) => void,
): () => void {
  let workedAt = performance.now();
  let known = beforeMs;
  const look = () => {
    const now = performance.now();
    const used = pid === undefined ? undefined : processorMsOf(pid);
    if (used !== undefined && used > known) [known, workedAt] = [used, now];
    const left = processorMs - (known - beforeMs);
    const patienceMs = stalledMs - (now - workedAt);
    if (left <= 0) end(over, `no answer within ${processorMs} ms of processor time`);
    else if (patienceMs <= 0) end(used === undefined ? over : "stalled", `no work for ${stalledMs} ms`);
    else timer = setTimeout(look, Math.max(10, Math.min(left, patienceMs)));
  };
  let timer = setTimeout(look, Math.min(processorMs, stalledMs));
  return () => clearTimeout(timer);
}
