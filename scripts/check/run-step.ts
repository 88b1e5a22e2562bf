import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { COUNT_FILE, type TestCount } from "./reporter.ts";
import type { Step } from "./steps.ts";

export interface StepResult {
  name: string;
  seconds: number;
  passed: number;
  failed: number;
  skipped: { name: string; reason: string | undefined }[];
  /** What failed, and why, to be said again at the end. */
  failures: { name: string; message: string }[];
  /** What it said. */
  output: string;
}

export async function runStep(step: Step, root: string): Promise<StepResult> {
  const folder = mkdtempSync(join(tmpdir(), "interlock-check-"));
  const countFile = join(folder, "count.json");
  const started = performance.now();
  try {
    const { code, output } = await runNode(step.command, root, { [COUNT_FILE]: countFile });
    const seconds = (performance.now() - started) / 1000;
    const count = step.kind === "tests" ? countTests(readCount(countFile), code) : countStatic(code);
    return {
      name: step.name,
      seconds,
      passed: count.passed,
      failed: count.failed,
      skipped: count.skipped,
      failures: [...count.failures, ...count.problems.map((message) => ({ name: step.name, message }))],
      output: [...count.problems, output].join("\n").trim(),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function countStatic(code: number): TestCount {
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: [], failures: [], problems: [] };
}

/**
 * Folds everything that makes a test run worthless into failures: it died before it could count, a file did not
 * load, an error came from outside of a test, a test was skipped without saying why, or there was no test at all.
 */
export function countTests(count: TestCount | undefined, code: number): TestCount {
  if (count === undefined) {
    return {
      passed: 0,
      failed: 1,
      skipped: [],
      failures: [],
      problems: [`ended with code ${code} before it counted`],
    };
  }
  const problems = [...count.problems];
  for (const { name, reason } of count.skipped) {
    if (!reason) problems.push(`skipped without a reason, say it with context.skip(reason): ${name}`);
  }
  if (count.passed + count.failed + count.skipped.length === 0) problems.push("no test ran");
  const failed = count.failed + problems.length;
  if (failed === 0 && code !== 0) problems.push(`ended with code ${code} though no test failed`);
  return { ...count, failed: count.failed + problems.length, problems };
}

function readCount(file: string): TestCount | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as TestCount;
  } catch {
    return undefined;
  }
}

const running = new Set<ChildProcess>();

/** A check that is told to stop takes what it started with it. */
export function stopSteps(): void {
  for (const child of running) child.kill("SIGTERM");
}

async function runNode(command: string[], cwd: string, env: Record<string, string>) {
  const child = spawn(process.execPath, command, {
    cwd,
    env: { ...process.env, ...env, FORCE_COLOR: "0", NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (chunk: string) => (output += chunk));
  }
  const code = await new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exit) => resolve(exit ?? 1));
  });
  running.delete(child);
  return { code, output };
}
