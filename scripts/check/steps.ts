import { readdirSync } from "node:fs";
import { basename, join } from "node:path";

export interface Step {
  name: string;
  /** Arguments for `node`, run in the project's root; exit code 0 means passed. */
  command: string[];
  /** A static step counts as one; a test step counts its tests. */
  kind: "static" | "tests";
  /** What it says is worth reading when it passed, too. */
  shown?: boolean;
}

function tool(name: string, script: string, ...args: string[]): Step {
  return { name, command: [join("node_modules", script), ...args], kind: "static" };
}

/** What an installed tool checks. */
const TOOLS: Step[] = [
  tool("types", "typescript/bin/tsc", "-p", "."),
  tool("lint", "oxlint/bin/oxlint", "--deny-warnings"),
  tool("format", "oxfmt/bin/oxfmt", "--check", "."),
  tool("unused", "knip/bin/knip.js", "--no-progress"),
  tool("arrows", "dependency-cruiser/bin/dependency-cruiser.mjs", "."),
  { name: "schema", command: ["scripts/schema.ts", "--check"], kind: "static" },
];

const SUITES: Step[] = ["unit", "db", "e2e"].map((project) => ({
  name: project,
  command: [
    "node_modules/vitest/vitest.mjs",
    "run",
    `--project=${project}`,
    "--reporter=default",
    "--reporter=./scripts/check/reporter.ts",
  ],
  kind: "tests",
}));

/** On data that nobody here made up, last: what fails here passed every test that we thought of. */
const ACCEPTANCE: Step = {
  name: "acceptance",
  command: ["scripts/acceptance.ts"],
  kind: "tests",
  shown: true,
};

/**
 * Every step in its order: tools, then each `scripts/check-<name>.ts` (a new file is a new step), then the tests. A
 * folder of the layout that does not use a kind of test has simply no such files.
 */
export function listSteps(root: string): Step[] {
  const own = readdirSync(join(root, "scripts"))
    .filter((file) => /^check-[a-z-]+\.ts$/.test(file))
    .toSorted()
    .map((file): Step => {
      return {
        name: basename(file, ".ts").slice("check-".length),
        command: [join("scripts", file)],
        kind: "static",
      };
    });
  return [...TOOLS, ...own, ...SUITES, ACCEPTANCE];
}

/** The steps named by `--only a,b`; a name that does not exist is an error, because nothing would be checked. */
export function chooseSteps(steps: Step[], only: string | undefined): Step[] {
  if (only === undefined) return steps;
  const names = only.split(",").map((name) => name.trim());
  const unknown = names.filter((name) => !steps.some((step) => step.name === name));
  if (unknown.length > 0) {
    throw new Error(
      `--only names unknown steps: ${unknown.join(", ")}. There are: ${steps.map((step) => step.name).join(", ")}`,
    );
  }
  return steps.filter((step) => names.includes(step.name));
}
