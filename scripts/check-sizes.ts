// Files stay small enough to be read in one go: a long one is two concepts that were not told apart.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { listProjectFiles, report, root } from "./check/project-files.ts";

const LIMIT = { source: 600, test: 800 };
const MEDIAN = 120;
const P90 = 350;

const isTest = (path: string) => path.endsWith(".test.ts");
const isGenerated = (path: string, text: string) =>
  path === "sql/schema.sql" || /generated/i.test(text.split("\n", 2).join("\n"));

const files = listProjectFiles()
  .filter((path) => /\.(ts|tsx|mjs|sql)$/.test(path))
  .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }))
  .filter(({ path, text }) => !isGenerated(path, text))
  .map(({ path, text }) => ({ path, lines: text.split("\n").length - 1 }));

const problems = files
  .filter(({ path, lines }) => lines > (isTest(path) ? LIMIT.test : LIMIT.source))
  .map(({ path, lines }) => `${path} has ${lines} lines: split it by concept`);

const sources = files
  .filter(({ path }) => !isTest(path))
  .map(({ lines }) => lines)
  .toSorted((a, b) => a - b);
const quantile = (share: number) => sources[Math.floor((sources.length - 1) * share)] ?? 0;
if (quantile(0.5) > MEDIAN)
  problems.push(`half of the files have more than ${quantile(0.5)} lines, not ${MEDIAN}`);
if (quantile(0.9) > P90)
  problems.push(`a tenth of the files have more than ${quantile(0.9)} lines, not ${P90}`);

report(problems, `${files.length} files, median ${quantile(0.5)} lines, nine of ten up to ${quantile(0.9)}`);
