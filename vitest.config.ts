import { defineConfig } from "vitest/config";

const ROOTS = "{src,processes,connectors,simulators,examples,scripts,bench,console}";
const CLUSTER = "./src/db/testing/cluster.ts";
const TEMPORARY = "./scripts/check/temporary.ts";

/** Deadlines only catch a test that hangs: they are far above what a slow, loaded machine needs. */
function deadline(ms: number) {
  return { testTimeout: ms, hookTimeout: ms };
}

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: [`${ROOTS}/**/*.test.ts`],
          exclude: ["**/node_modules/**", "**/*.db.test.ts", "**/*.e2e.test.ts"],
          globalSetup: [TEMPORARY],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
          ...deadline(60_000),
        },
      },
      {
        test: {
          name: "db",
          include: [`${ROOTS}/**/*.db.test.ts`],
          globalSetup: [TEMPORARY, CLUSTER],
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          ...deadline(120_000),
        },
      },
      {
        // Real processes on free ports: they wait more than they work, so two files go side by side.
        test: {
          name: "e2e",
          include: [`${ROOTS}/**/*.e2e.test.ts`],
          globalSetup: [TEMPORARY, CLUSTER],
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
          ...deadline(300_000),
        },
      },
    ],
  },
});
