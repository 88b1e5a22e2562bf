/**
 * The benchmarks: `npm run bench`, `interlock bench`. They print figures and assert nothing about time; they fail when what
 * was measured is wrong. Each `*.bench.ts` in this folder is one: a new file is a new benchmark. docs/benchmarks.md says what
 * each figure means.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startStolenMeter } from "./cpu.ts";
import { type Bench, figure, type Figure, LEAVINGS } from "./figure.ts";
import { formatTable } from "./report.ts";
import { Stage, type Size } from "./stage.ts";

const HELP = `Measures this machine: events per second, latency, memory.

  npm run bench -- [options]

  --only a,b     figures or their first part: intake,e2e.p99
  --seconds N    how long each rate is measured (20)
  --preload N    identities and events in the ledger beforehand (1000000)
  --backlog N    effects that wait while their target is away (100000)
  --events N     events of memory.million (1000000)
  --orders N     orders in the list of orders (100000)
  --json         an array of { name, value, unit, limit, ratio } on standard output
  --list         what there is, and why

Everything runs in a temporary folder with a PostgreSQL of its own; progress goes to standard error.
Exit code 1: something could not run, or what came out was wrong.`;

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    seconds: { type: "string", default: "20" },
    preload: { type: "string", default: "1000000" },
    backlog: { type: "string", default: "100000" },
    events: { type: "string", default: "1000000" },
    orders: { type: "string", default: "100000" },
    json: { type: "boolean", default: false },
    list: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

/** In the order in which they run. */
async function loadBenches(): Promise<Bench[]> {
  const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith(".bench.ts"));
  const modules = await Promise.all(
    files.toSorted().map((file) => import(join(import.meta.dirname, file)) as Promise<{ default: Bench }>),
  );
  const leaving = ({ leaves }: Bench) => LEAVINGS.indexOf(leaves);
  return modules.map((module) => module.default).toSorted((a, b) => leaving(a) - leaving(b));
}

/** Those that print a figure of this name, or one whose name begins with it. */
function choose(benches: readonly Bench[], only: string): Bench[] {
  const isMeant = (name: string, wanted: string) =>
    name === wanted || name.startsWith(`${wanted}.`) || wanted.startsWith(`${name}.`);
  const wanted = only.split(",").map((name) => name.trim());
  const unknown = wanted.filter((each) => !benches.some(({ names }) => names.some((n) => isMeant(n, each))));
  if (unknown.length > 0)
    throw new Error(
      `--only names ${unknown.join(", ")}; there are ${benches.flatMap(({ names }) => names).join(", ")}`,
    );
  return benches.filter(({ names }) => names.some((name) => wanted.some((each) => isMeant(name, each))));
}

function readCount(name: "seconds" | "preload" | "backlog" | "events" | "orders", least: number): number {
  const count = Number(values[name]);
  if (Number.isSafeInteger(count) && count >= least) return count;
  throw new Error(`--${name} ${values[name]} is no whole number of at least ${least}`);
}

async function measure(
  benches: readonly Bench[],
  size: Size,
): Promise<{ figures: Figure[]; wrong: boolean }> {
  const figures: Figure[] = [];
  let wrong = false;
  const stage = new Stage(size, (text) => void process.stderr.write(`${text}\n`));
  const end = () => stage.abort(new Error("ended before it was over"));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, end);
  try {
    await stage.open();
    for (const { names, purpose, run } of benches) {
      stage.say(`\n${names.join(", ")}: ${purpose}`);
      const stolen = startStolenMeter();
      try {
        figures.push(...(await run(stage)));
        const share = stolen();
        if (share !== undefined) figures.push(figure(`${names[0]}.stolen`, share, "%"));
      } catch (error) {
        wrong = true;
        stage.say(`FAILED ${names.join(", ")}: ${(error as Error).message}\n${stage.tails()}`);
        if (stage.signal.aborted) break;
      }
    }
  } finally {
    await stage.close();
  }
  return { figures, wrong };
}

async function main(): Promise<void> {
  if (values.help) return console.log(HELP);
  const all = await loadBenches();
  if (values.list)
    return all.forEach(({ names, purpose }) => console.log(`${names.join(", ")}\n  ${purpose}`));
  const benches = values.only === undefined ? all : choose(all, values.only);
  const { figures, wrong } = await measure(benches, {
    seconds: readCount("seconds", 1),
    preload: readCount("preload", 0),
    backlog: readCount("backlog", 1),
    events: readCount("events", 100),
    orders: readCount("orders", 5_000),
  });
  console.log(values.json ? JSON.stringify(figures, null, 2) : `\n${formatTable(figures)}`);
  if (wrong) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  process.stderr.write(`bench: ${(error as Error).message}\n`);
  process.exitCode = 1;
}
