/** Reads what V8's sampling profiler wrote (`--cpu-prof`), and tells for which step of the line the time was spent. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

interface Node {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  readonly children?: readonly number[];
}

interface Profile {
  readonly nodes: readonly Node[];
  readonly samples: readonly number[];
  /** Of the machine's monotonic clock, like the times of all processes; microseconds. */
  readonly startTime: number;
  readonly timeDeltas: readonly number[];
}

export interface Spent {
  /** Share of the busy time by step, most first. */
  readonly steps: readonly (readonly [step: string, share: number])[];
  /** Functions in which most of it passed by themselves, with their share. */
  readonly hottest: readonly (readonly [place: string, share: number])[];
}

/**
 * A frame belongs to the first pattern that its file matches, and its time to the innermost frame that belongs anywhere:
 * libraries are told by themselves, because beyond an `await` nobody knows on whose behalf they work.
 */
const STEPS: readonly (readonly [step: string, files: RegExp])[] = [
  ["postgresql client", /node_modules\/(pg|pg-[a-z]+|postgres-[a-z]+)\/|src\/db\//],
  ["http out", /node_modules\/undici\/|node:internal\/deps\/undici/],
  ["http in", /node_modules\/(fastify|find-my-way|light-my-request|avvio|@fastify)\/|node:_http|src\/api\//],
  ["append", /src\/(intake|ledger|contract|event|authority)\//],
  ["route", /src\/route\//],
  ["decide", /src\/process\/|\/processes\/|src\/hub\/effect-catalog/],
  ["dispatch and settle", /src\/dispatch\/|\/connectors\/|src\/connector\//],
  ["hub", /\/src\//],
];
const HOTTEST = 15;

/** A stretch of the monotonic clock, microseconds. */
export interface Stretch {
  readonly from: number;
  readonly until: number;
}

export function monotonicMicros(): number {
  return Number(process.hrtime.bigint() / 1_000n);
}

/** What the process with this pid did in that stretch, from the folder that the profiler wrote to. */
export function readProfile(folder: string, pid: number, stretch: Stretch): Spent {
  const file = readdirSync(folder).find((name) => name.includes(`.${pid}.`));
  if (file === undefined) throw new Error(`process ${pid} left no profile in ${folder}`);
  return analyse(JSON.parse(readFileSync(join(folder, file), "utf8")) as Profile, stretch);
}

function analyse({ nodes, samples, startTime, timeDeltas }: Profile, { from, until }: Stretch): Spent {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const stepOf = (id: number | undefined): string => {
    if (id === undefined) return "node itself";
    const { url, functionName } = byId.get(id)!.callFrame;
    if (functionName === "(garbage collector)") return "garbage collector";
    return STEPS.find(([, files]) => files.test(url))?.[0] ?? stepOf(parents.get(id));
  };
  const steps = new Map<string, number>();
  const places = new Map<string, number>();
  let busy = 0;
  let at = startTime;
  for (const [i, id] of samples.entries()) {
    const delta = timeDeltas[i] ?? 0;
    at += delta;
    if (at < from || at > until) continue;
    const { functionName, url, lineNumber } = byId.get(id)!.callFrame;
    if (functionName === "(idle)") continue;
    busy += delta;
    add(steps, stepOf(id), delta);
    const file = url.replace(/^.*\/(?=(src|node_modules|processes|connectors)\/)/, "");
    add(places, `${functionName || "(anonymous)"} ${file}${url === "" ? "" : `:${lineNumber + 1}`}`, delta);
  }
  const ranked = (sums: Map<string, number>) =>
    [...sums].toSorted(([, a], [, b]) => b - a).map(([name, sum]) => [name, sum / busy] as const);
  return { steps: ranked(steps), hottest: ranked(places).slice(0, HOTTEST) };
}

function add(sums: Map<string, number>, name: string, more: number): void {
  sums.set(name, (sums.get(name) ?? 0) + more);
}
