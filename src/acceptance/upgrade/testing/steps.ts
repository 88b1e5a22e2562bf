import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { InstanceWork } from "../../../process/decide.ts";
import type { KnownFact } from "../../../process/facts.ts";

export const RECORD_FILE = "INTERLOCK_RECORD_FILE";
export const RECORD_TREE = "INTERLOCK_RECORD_TREE";

/** What came to an instance whose state was stored. */
export interface Step {
  readonly process: string;
  readonly work: Omit<InstanceWork, "definition">;
  /** By `kind/key`, what the decision asked for. */
  readonly facts: Record<string, KnownFact>;
  /** Why it was held afterwards; null when it was not. */
  readonly held: string | null;
}

/** Stories that people wrote; those that a generator makes up say little more and take long. */
const STORIES = {
  include: ["processes/**/*.test.ts"],
  exclude: ["**/*.db.test.ts", "**/*.e2e.test.ts", "**/rows.test.ts", "**/property.test.ts"],
};

/** Plays the given/when/then of every process of a tree, as that tree has them. @throws Error with vitest's words when they fail */
export async function recordSteps(tree: string): Promise<Step[]> {
  const folder = mkdtempSync(join(tmpdir(), "interlock-steps-"));
  const file = join(folder, "steps");
  const config = join(folder, "vitest.config.mjs");
  const setup = join(import.meta.dirname, "record-steps.ts");
  writeFileSync(
    config,
    `export default ${JSON.stringify({ test: { ...STORIES, setupFiles: [setup], maxWorkers: 1, isolate: false, testTimeout: 120_000 } })};`,
  );
  try {
    const vitest = join(tree, "node_modules/vitest/vitest.mjs");
    await promisify(execFile)(process.execPath, [vitest, "run", "--root", tree, "--config", config], {
      cwd: tree,
      env: { ...process.env, [RECORD_FILE]: file, [RECORD_TREE]: tree },
      maxBuffer: 16 * 1024 * 1024,
    });
    if (!existsSync(file)) throw new Error(`the tests of the processes in ${tree} decided nothing`);
    return readFileSync(file, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Step);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
