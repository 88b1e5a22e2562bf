// docs/rules.md names the rules that keep the engine right, each with the test that plays what breaks without it. A rule
// whose test is gone, renamed or was never written fails here.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { report, root } from "./check/project-files.ts";

interface Rule {
  id: string;
  rule: string;
  breaks: string;
  test: string;
}

/** Rows of the form `| A1 | rule | what breaks without it | path/to/file.test.ts > A1 test name |`. */
function readRules(): Rule[] {
  const rows = readFileSync(join(root, "docs/rules.md"), "utf8").matchAll(/^\| ([A-Z]\d+) +\|(.*)\|$/gm);
  return [...rows].map(([, id = "", rest = ""]) => {
    const [rule = "", breaks = "", test = ""] = rest.split(/(?<!\\)\|/).map((cell) => cell.trim());
    return { id, rule, breaks, test };
  });
}

function findProblem({ id, rule, breaks, test }: Rule): string | undefined {
  if (rule === "" || breaks === "") return "does not say what it is and what breaks without it";
  const [file = "", name = ""] = test
    .replaceAll("`", "")
    .split(" > ", 2)
    .map((part) => part.trim());
  if (!file.endsWith(".test.ts") || name === "") return "names no test (path/to/file.test.ts > test name)";
  if (!existsSync(join(root, file))) return `names ${file}, which does not exist`;
  if (!name.startsWith(`${id} `)) return `names a test that does not begin with "${id} ": ${name}`;
  const source = readFileSync(join(root, file), "utf8");
  const literals = [JSON.stringify(name), `'${name}'`, `\`${name}\``];
  if (!literals.some((literal) => source.includes(literal)))
    return `names a test that is not in ${file}: ${name}`;
  return undefined;
}

const rules = readRules();
const problems = rules.flatMap((rule) => {
  const problem = findProblem(rule);
  return problem === undefined ? [] : [`${rule.id} ${problem}`];
});
const ids = rules.map(({ id }) => id);
for (const id of new Set(ids.filter((id, i) => ids.indexOf(id) !== i))) problems.push(`${id} is named twice`);
if (rules.length === 0) problems.push("docs/rules.md holds no rule");
report(problems, `${rules.length} rules`);
