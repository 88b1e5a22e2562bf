// docs/errors.md lists every stable error code. It is written from the tables next to the concepts:
//   node scripts/check-errors.ts --write

import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

import { listProjectFiles, report, root } from "./check/project-files.ts";

const PAGE = join(root, "docs/errors.md");
const INTRODUCTION = `# Errors

Every error that leaves Interlock carries one of these codes: in the API's problem documents, in the command line's
output, in cases and in logs. A code never changes its meaning. The message beside it says which value was wrong; this
page says what the code means and what to do. It is written from the \`errors.ts\` files by
\`node scripts/check-errors.ts --write\`.
`;

interface Table {
  folder: string;
  codes: [code: string, meaning: string][];
}

/** The tables of one `errors.ts`: each export named `ERRORS` or `..._ERRORS`, a record of code and meaning. */
async function readTables(path: string): Promise<Table> {
  const exports = (await import(pathToFileURL(join(root, path)).href)) as Record<string, unknown>;
  const tables = Object.entries(exports).filter(([name]) => /^([A-Z_]+_)?ERRORS$/.test(name));
  return {
    folder: dirname(path),
    codes: tables.flatMap(([, table]) => Object.entries(table as Record<string, string>)),
  };
}

function findProblems(tables: Table[]): string[] {
  const owner = new Map<string, string>();
  return tables.flatMap(({ folder, codes }) => {
    const problems = codes.length === 0 ? [`${folder}/errors.ts exports no table named ERRORS`] : [];
    for (const [code, meaning] of codes) {
      if (!/^[A-Z][A-Z0-9_]+$/.test(code)) problems.push(`${folder}: ${code} is not in UPPER_CASE`);
      if (typeof meaning !== "string" || meaning.trim() === "")
        problems.push(`${folder}: ${code} has no meaning`);
      if (owner.has(code)) problems.push(`${code} is declared in ${owner.get(code)} and in ${folder}`);
      owner.set(code, folder);
    }
    return problems;
  });
}

function render(tables: Table[]): string {
  const cell = (text: string) => text.replaceAll(/[|_*<]/g, "\\$&").replaceAll("\n", " ");
  const sections = tables.map(({ folder, codes }) => {
    const rows = codes.map(([code, meaning]) => `| \`${code}\` | ${cell(meaning)} |`);
    return [`## ${folder}`, "", "| code | what it means, what to do |", "| --- | --- |", ...rows, ""].join(
      "\n",
    );
  });
  return [INTRODUCTION, ...sections].join("\n");
}

const paths = listProjectFiles().filter((path) => /^(src|connectors)\/.*\berrors\.ts$/.test(path));
const tables = await Promise.all(paths.map(readTables));
const problems = findProblems(tables);
const page = render(tables);
if (process.argv.includes("--write")) writeFileSync(PAGE, page);
else if (readPage() !== page) {
  problems.push(
    "docs/errors.md differs from the tables in errors.ts: run node scripts/check-errors.ts --write",
  );
}
report(problems, `${tables.flatMap(({ codes }) => codes).length} error codes in ${tables.length} folders`);

function readPage(): string | undefined {
  try {
    return readFileSync(PAGE, "utf8");
  } catch {
    return undefined;
  }
}
