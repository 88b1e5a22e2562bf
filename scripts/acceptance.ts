// `npm run acceptance`: the whole on data that nobody here made up. Each `src/acceptance/<name>/<name>.acceptance.ts` is one
// run; `--list` names them. They go side by side, as each waits now and then. What was compared is printed, equal or not.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import {
  type Acceptance,
  type Figure,
  findData,
  formatFigures,
  isEqual,
} from "../src/acceptance/acceptance.ts";
import { listProjectFiles, root } from "./check/project-files.ts";
import { COUNT_FILE, type TestCount } from "./check/reporter.ts";

const HELP = `npm run acceptance -- [--only NAME,...] [--times N] [--part] [--list] [--json]

  --only   names, as --list shows them
  --times  the data so many times over in one ledger; 1 unless told
  --part   some of the data, where all of it takes long: for a quick look
  --json   what was compared as JSON on standard output, the rest on standard error

The data is looked for beside the checkout, in ../shared/data, or where INTERLOCK_DATA says.`;

interface Outcome {
  readonly name: string;
  readonly seconds: number;
  readonly figures: readonly Figure[];
  /** Why it did not come to its end. */
  readonly failure?: string;
  /** Why it was not run. */
  readonly skipped?: string;
}

async function loadRuns(): Promise<Acceptance[]> {
  const files = listProjectFiles("src/acceptance").filter((file) => file.endsWith(".acceptance.ts"));
  const modules = files.map(
    (file) => import(pathToFileURL(join(root, file)).href) as Promise<{ default: Acceptance }>,
  );
  return (await Promise.all(modules)).map((module) => module.default);
}

function choose(runs: readonly Acceptance[], only: string | undefined): readonly Acceptance[] {
  if (only === undefined) return runs;
  const names = only.split(",").map((name) => name.trim());
  const unknown = names.filter((name) => !runs.some((run) => run.name === name));
  if (unknown.length > 0)
    throw new Error(
      `--only names unknown runs: ${unknown.join(", ")}. There are: ${runs.map(({ name }) => name).join(", ")}`,
    );
  return runs.filter(({ name }) => names.includes(name));
}

async function play(
  { name, purpose, run }: Acceptance,
  terms: { data: string; times: number; part: boolean; signal: AbortSignal },
  say: (text: string) => void,
): Promise<Outcome> {
  say(`${name}: ${purpose}`);
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  const report = (line: string) => say(`${seconds().toFixed(1).padStart(7)} s  ${name}: ${line}`);
  try {
    const figures = await run({ ...terms, report });
    const differing = figures.filter((figure) => !isEqual(figure)).length;
    report(differing === 0 ? `all ${figures.length} figures are equal` : `${differing} DIFFER`);
    say(formatFigures(figures));
    return { name, seconds: seconds(), figures };
  } catch (error) {
    const failure = error instanceof Error ? (error.stack ?? error.message) : String(error);
    report(`FAILED: ${failure}`);
    return { name, seconds: seconds(), figures: [], failure };
  }
}

function isPassed({ figures, failure }: Outcome): boolean {
  return failure === undefined && figures.length > 0 && figures.every(isEqual);
}

function whatDiffers(figures: readonly Figure[]): string {
  const differing = figures.filter((figure) => !isEqual(figure));
  return differing.length > 0 ? formatFigures(differing) : "nothing was compared";
}

/** For `npm test`, which counts each run as a test. */
function writeCount(outcomes: readonly Outcome[]): void {
  const file = process.env[COUNT_FILE];
  if (file === undefined) return;
  const run = outcomes.filter(({ skipped }) => skipped === undefined);
  const passed = run.filter(isPassed).length;
  const count: TestCount = {
    passed,
    failed: run.length - passed,
    skipped: outcomes.flatMap(({ name, skipped }) =>
      skipped === undefined ? [] : [{ name, reason: skipped }],
    ),
    failures: run
      .filter((outcome) => !isPassed(outcome))
      .map(({ name, figures, failure }) => ({ name, message: failure ?? whatDiffers(figures) })),
    problems: [],
  };
  writeFileSync(file, JSON.stringify(count));
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: "string" },
      times: { type: "string", default: "1" },
      part: { type: "boolean", default: false },
      list: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(HELP);
  const times = Number(values.times);
  if (!Number.isInteger(times) || times < 1)
    throw new Error(`--times ${values.times} is no number of rounds`);
  const runs = choose(await loadRuns(), values.only);
  if (values.list)
    return console.log(runs.map(({ name, purpose }) => `${name.padEnd(16)} ${purpose}`).join("\n"));

  const say = values.json ? console.error : console.log;
  const ending = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.on(signal, () => ending.abort(new Error("ended before it was over")));
  const data = findData(root, process.env);
  const outcomes = await Promise.all(
    runs.map((run): Outcome | Promise<Outcome> => {
      if (!("missing" in data))
        return play(run, { data: data.folder, times, part: values.part, signal: ending.signal }, say);
      say(`${run.name}: skipped, ${data.missing}`);
      return { name: run.name, seconds: 0, figures: [], skipped: data.missing };
    }),
  );
  writeCount(outcomes);
  if (values.json) console.log(JSON.stringify(outcomes, undefined, 2));
  if (outcomes.some((outcome) => outcome.skipped === undefined && !isPassed(outcome))) process.exitCode = 1;
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
