// `npm test`: every check of the project, each as one step. `npm test -- --list` names them, `--only types,unit` picks.

import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { runStep, stopSteps, type StepResult } from "./check/run-step.ts";
import { chooseSteps, listSteps, type Step } from "./check/steps.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Static steps do not touch each other, so they share two cores; each kind of test has the machine for itself. */
async function runAll(steps: Step[]): Promise<StepResult[]> {
  const results: StepResult[] = [];
  const runNext = async (queue: Step[]) => {
    for (let step = queue.shift(); step !== undefined; step = queue.shift()) {
      const result = await runStep(step, root);
      print(step, result);
      results.push(result);
    }
  };
  const statics = steps.filter((step) => step.kind === "static");
  await Promise.all([runNext(statics), runNext(statics)]);
  await runNext(steps.filter((step) => step.kind === "tests"));
  return results;
}

function print(step: Step, { name, seconds, passed, failed, skipped, output }: StepResult) {
  const verdict = failed === 0 ? "ok    " : "FAILED";
  const tests = passed + failed + skipped.length;
  const size = step.kind === "tests" ? `  ${tests} tests` : "";
  console.log(`${verdict} ${name.padEnd(12)} ${seconds.toFixed(1).padStart(6)} s${size}`);
  for (const test of skipped)
    console.log(`       skipped: ${test.name} (${test.reason ?? "no reason given"})`);
  if (failed > 0 || step.shown) console.log(indent(output, Infinity));
}

/** A long run scrolls away: what failed stands together just before the last line. */
function printFailures(results: StepResult[]) {
  for (const { name: step, failed, failures, output } of results) {
    for (const { name, message } of failures) console.log(`FAILED ${step}: ${name}\n${indent(message)}`);
    if (failed > 0 && failures.length === 0) console.log(`FAILED ${step}\n${indent(output)}`);
  }
}

/** The end says most of a hub's last words, the beginning what was awaited. */
function indent(text: string, most = 40) {
  const lines = text.trim().split("\n");
  const left = lines.length - most;
  const shown = left > 0 ? [...lines.slice(0, 10), `[${left} lines]`, ...lines.slice(10 - most)] : lines;
  return shown.join("\n").replaceAll(/^/gm, "       ");
}

function sum(results: StepResult[], count: (result: StepResult) => number) {
  return results.reduce((total, result) => total + count(result), 0);
}

async function main() {
  const { values } = parseArgs({ options: { only: { type: "string" }, list: { type: "boolean" } } });
  const steps = chooseSteps(listSteps(root), values.only);
  if (values.list) {
    for (const step of steps) console.log(`${step.name.padEnd(12)} node ${step.command.join(" ")}`);
    return;
  }
  const results = await runAll(steps);
  const passed = sum(results, (result) => result.passed);
  const failed = sum(results, (result) => result.failed);
  const skipped = sum(results, (result) => result.skipped.length);
  printFailures(results);
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  if (failed > 0 || passed === 0) process.exitCode = 1;
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    stopSteps();
    process.exit(1);
  });
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
