// Writes the state diagram of each process, and what it defers and ignores, into the process's README.
//   node scripts/generate-states.ts              write
//   node scripts/generate-states.ts --check      fail when one differs
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { withStates } from "../src/process/diagram.ts";
import { loadProcesses } from "../src/process/load.ts";
import { formatText } from "./check/format.ts";
import { report, root } from "./check/project-files.ts";

const problems: string[] = [];
const definitions = await loadProcesses([join(root, "processes")]);
for (const definition of definitions.values()) {
  const path = `processes/${definition.name}/README.md`;
  const file = join(root, path);
  const readme = existsSync(file) ? readFileSync(file, "utf8") : "";
  const states = withStates(readme, definition);
  if (states === undefined) {
    problems.push(`${path} has no place for the states: see another process's README`);
    continue;
  }
  const text = await formatText(file, states);
  if (text === readme) continue;
  if (process.argv.includes("--check"))
    problems.push(`${path} shows other states than the definition: run node scripts/generate-states.ts`);
  else writeFileSync(file, text);
}
report(problems, `states of ${definitions.size} processes`);
