import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const ROOTS = "{src,processes,connectors,simulators,examples,scripts,bench,console}";
const CLUSTER = "./src/db/testing/cluster.ts";
const TEMPORARY = "./scripts/check/temporary.ts";

/**
 * The files that a worker takes share the modules they load: loading them anew for each took as long as testing them.
 * Deadlines only catch a test that hangs: they are far above what a slow, loaded machine needs.
 */
function terms(deadline: number) {
  return { isolate: false, testTimeout: deadline, hookTimeout: deadline };
}

/** Vitest takes the largest files first where it does not know better. This one is the smallest and would go on alone at the end. */
const LONG = "connectors/conformance.e2e.test.ts";

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const [others, long] = [false, true].map((is) =>
      files.filter((file) => file.moduleId.endsWith(LONG) === is),
    );
    // oxlint-disable-next-line unicorn/no-array-sort -- this is no array
    return [...long!, ...(await super.sort(others!))];
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongFirst },
    projects: [
      {
        test: {
          name: "unit",
          include: [`${ROOTS}/**/*.test.ts`],
          exclude: ["**/node_modules/**", "**/*.db.test.ts", "**/*.e2e.test.ts"],
          globalSetup: [TEMPORARY],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
          ...terms(60_000),
        },
      },
      {
        test: {
          name: "db",
          include: [`${ROOTS}/**/*.db.test.ts`],
          globalSetup: [TEMPORARY, CLUSTER],
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          ...terms(120_000),
        },
      },
      {
        // Real processes on free ports: each waits now and then, so three files go side by side on two processors.
        test: {
          name: "e2e",
          include: [`${ROOTS}/**/*.e2e.test.ts`],
          globalSetup: [TEMPORARY, CLUSTER],
          maxWorkers: 3,
          sequence: { groupOrder: 2 },
          ...terms(300_000),
        },
      },
    ],
  },
});
