import { writeFileSync } from "node:fs";
import type { Reporter, SerializedError, TestModule } from "vitest/node";

/** What one vitest run came to. `problems` are failures outside of a test: a file that does not load, a stray error. */
export interface TestCount {
  passed: number;
  failed: number;
  skipped: { name: string; reason: string | undefined }[];
  /** Failed tests, with the message of their first error. */
  failures: { name: string; message: string }[];
  problems: string[];
}

/** Environment variable that names the file to write the count to. */
export const COUNT_FILE = "INTERLOCK_TEST_COUNT";

/** Counts tests for the check. Vitest's own json knows neither why a test was skipped nor errors between tests. */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]) {
    const count: TestCount = { passed: 0, failed: 0, skipped: [], failures: [], problems: [] };
    for (const module of modules) {
      for (const error of module.errors()) count.problems.push(`${module.moduleId}: ${error.message}`);
      for (const suite of module.children.allSuites()) {
        for (const error of suite.errors()) count.problems.push(`${suite.fullName}: ${error.message}`);
      }
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === "passed") count.passed++;
        else if (result.state === "skipped") count.skipped.push({ name: test.fullName, reason: result.note });
        else {
          count.failed++;
          count.failures.push({ name: test.fullName, message: result.errors?.[0]?.message ?? result.state });
        }
      }
    }
    for (const error of unhandled) count.problems.push(`outside of a test: ${error.message}`);

    const file = process.env[COUNT_FILE];
    if (file !== undefined) writeFileSync(file, JSON.stringify(count));
  }
}
