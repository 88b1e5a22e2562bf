/*
 * Mappings run outside the hub, in processes that may be killed.
 *
 * JSONata is a language in which a mapping can loop for ever or ask for gigabytes in one call, and V8 answers some of
 * those by ending the whole process, worker threads included (a large `$pad` does it). So a child process maps, under
 * a heap limit and a limit of processor time, and its end costs nobody but the guilty:
 *
 * - The common process takes what is waiting, up to a batch at a time, whatever its mapping.
 * - When a batch ends it, it starts anew and goes on with the others; the items of that batch go to the suspects.
 * - The suspects' process takes one item at a time. The one that ends it has a problem; its mapping stays suspect until
 *   the hub starts again, so a hostile mapping slows down only itself and its like.
 */
import { createCrosswalk, type CrosswalkRow } from "../crosswalk/crosswalk.ts";
import { MAPPING_LIMITS, type MappingLimits, type MappingSource, type MapResult } from "./compile.ts";
import type { MappingContext } from "./functions.ts";
import {
  type EndedWhy,
  type MapItem,
  MappingProcess,
  MappingProcessEnded,
  type MappingSetup,
} from "./mapping-process.ts";
import type { MappingProblem } from "./problem.ts";

export interface Mappings {
  /** The mappings that are no valid JSONata. */
  readonly problems: readonly MappingProblem[];
  has(file: string): boolean;
  /** Never throws; never holds up the hub. After `close` every message has the problem MAPPING_UNAVAILABLE. */
  map(file: string, input: unknown, context: MappingContext): Promise<MapResult>;
  /** Maps by this crosswalk from now on; what is under way still ends by the one before. */
  use(crosswalk: readonly CrosswalkRow[]): void;
  close(): void;
}

interface Waiting {
  item: MapItem;
  settle: (result: MapResult) => void;
}

const BATCH = 16;

/**
 * Starts the mapping process and compiles all mappings in it.
 * @throws MappingProcessEnded when no process can be started
 */
export async function openMappings(given: {
  mappings: readonly MappingSource[];
  crosswalk: readonly CrosswalkRow[];
  /** IANA time zone of each plant. */
  zones: Readonly<Record<string, string>>;
  limits?: Partial<MappingLimits>;
}): Promise<Mappings> {
  const setup: MappingSetup = { ...given, limits: { ...MAPPING_LIMITS, ...given.limits } };
  createCrosswalk(setup.crosswalk); // a bad table is found here, not in the child
  const files = new Set(given.mappings.map(({ file }) => file));
  const suspects = new Set<string>();
  const suspectLine = new Line(setup, 1, ({ item, settle }, why) => {
    if (why !== "start") suspects.add(item.file);
    settle({ ok: false, problem: endedProblem(item, why, setup.limits) });
  });
  const commonLine = new Line(setup, BATCH, (waiting) => suspectLine.add(waiting));
  const problems = await commonLine.start();
  return {
    problems,
    has: (file) => files.has(file),
    map: (file, input, context) => {
      if (!files.has(file)) {
        const message = `there is no mapping ${file}`;
        return Promise.resolve({ ok: false, problem: { code: "MAPPING_UNKNOWN", message, file } });
      }
      const { promise, resolve } = Promise.withResolvers<MapResult>();
      const line = suspects.has(file) ? suspectLine : commonLine;
      line.add({ item: { file, input, context }, settle: resolve });
      return promise;
    },
    use: (crosswalk) => {
      createCrosswalk(crosswalk);
      commonLine.use(crosswalk);
      suspectLine.use(crosswalk);
    },
    close: () => {
      commonLine.close();
      suspectLine.close();
    },
  };
}

/** A queue in front of one process. What waits while a batch is mapped goes next, together. */
class Line {
  readonly #process: MappingProcess;
  readonly #batch: number;
  readonly #onEnded: (waiting: Waiting, why: EndedWhy) => void;
  readonly #queue: Waiting[] = [];
  #busy = false;
  #crosswalk: readonly CrosswalkRow[] | undefined;

  constructor(setup: MappingSetup, batch: number, onEnded: (waiting: Waiting, why: EndedWhy) => void) {
    this.#process = new MappingProcess(setup);
    this.#batch = batch;
    this.#onEnded = onEnded;
  }

  start(): Promise<MappingProblem[]> {
    return this.#process.start();
  }

  add(waiting: Waiting): void {
    this.#queue.push(waiting);
    if (this.#busy) return;
    this.#busy = true;
    queueMicrotask(() => void this.#run());
  }

  use(crosswalk: readonly CrosswalkRow[]): void {
    this.#crosswalk = crosswalk;
    if (!this.#busy) this.#change();
  }

  /** Between calls: a process that is ended while it maps would make suspects of what it maps. */
  #change(): void {
    if (this.#crosswalk) this.#process.use(this.#crosswalk);
    this.#crosswalk = undefined;
  }

  close(): void {
    this.#process.close();
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0) {
      this.#change();
      const batch = this.#queue.splice(0, this.#batch);
      try {
        const results = await this.#process.map(batch.map(({ item }) => item));
        for (const [n, { settle }] of batch.entries()) settle(results[n]!);
      } catch (error) {
        const why = error instanceof MappingProcessEnded ? error.why : "exit";
        for (const waiting of batch) this.#onEnded(waiting, why);
      }
    }
    this.#busy = false;
  }
}

function endedProblem(item: MapItem, why: EndedWhy, limits: MappingLimits): MappingProblem {
  const [code, message] = {
    time: ["MAPPING_TIME_LIMIT", `did not end within ${limits.timeMs} ms of processor time`],
    exit: ["MAPPING_SIZE_LIMIT", `needed more than ${limits.memoryMb} MB of memory`],
    start: ["MAPPING_UNAVAILABLE", "the process that runs mappings could not be started"],
    stalled: ["MAPPING_UNAVAILABLE", "the process that runs mappings did not come to work"],
  }[why] as [string, string];
  const { messageId } = item.context;
  return {
    code,
    message: `${item.file}: ${message}`,
    file: item.file,
    ...(messageId === undefined ? {} : { messageId }),
  };
}
