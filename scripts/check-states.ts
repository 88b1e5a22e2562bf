// docs/states.md draws the states that the database allows: for each constraint `<table>_state check (state in (...))`
// a section "## <table>" whose table has one row for each state.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { listProjectFiles, report, root } from "./check/project-files.ts";

const CONSTRAINT = /constraint (\w+)_state check \(state in \(([^)]*)\)\)/g;

/** Later migrations may replace a constraint: the last one holds. */
function readAllowedStates(): Map<string, string[]> {
  const allowed = new Map<string, string[]>();
  for (const path of listProjectFiles().filter((file) => /^sql\/\d{4}_\w+\.sql$/.test(file))) {
    for (const [, table = "", list = ""] of readFileSync(join(root, path), "utf8").matchAll(CONSTRAINT)) {
      allowed.set(
        table,
        [...list.matchAll(/'(\w+)'/g)].map(([, state = ""]) => state),
      );
    }
  }
  return allowed;
}

function readDocumentedStates(): Map<string, string[]> {
  const sections = readFileSync(join(root, "docs/states.md"), "utf8").split(/^## /m).slice(1);
  return new Map(
    sections.map((section) => [
      section.split("\n", 1)[0]?.trim() ?? "",
      [...section.matchAll(/^\| `(\w+)`/gm)].map(([, state = ""]) => state),
    ]),
  );
}

const allowed = readAllowedStates();
const documented = readDocumentedStates();
const problems = [...allowed].flatMap(([table, states]) => {
  const rows = documented.get(table);
  if (rows === undefined) return [`docs/states.md has no section "## ${table}" for: ${states.join(", ")}`];
  return [
    ...states
      .filter((state) => !rows.includes(state))
      .map((state) => `docs/states.md, ${table}: ${state} is missing`),
    ...rows
      .filter((state) => !states.includes(state))
      .map((state) => `docs/states.md, ${table}: ${state} cannot occur`),
  ];
});
if (allowed.size === 0) problems.push("no constraint <table>_state was found in sql/");
report(problems, `states of ${[...allowed.keys()].join(", ")}`);
