// The project speaks only of itself: nothing of one machine, nothing unfinished.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { listProjectFiles, report, root } from "./check/project-files.ts";

const UNWANTED: [pattern: RegExp, why: string][] = [
  [/(?<![\w.])\/(root|home\/\w+|Users\/\w+|work\/main|work\/shared)\b\//, "names a folder of one machine"],
  [
    /\bregistry\.(npmjs|yarnpkg)\.\w+|\bnpmmirror\.com/,
    "names a registry's host; which one is the user's setting",
  ],
  [/\b(TODO|FIXME|XXX)\b/, "marks something unfinished: finish it, or leave it out"],
  [/\bplaceholder (implementation|text|value)\b|\bnot (yet )?implemented\b/i, "promises what is not there"],
];
/** Texts that are not ours, and this list itself. */
const EXEMPT = new Set(["LICENSE", "package-lock.json", "scripts/check-language.ts"]);
const TEXT = /\.(ts|tsx|mjs|js|json|jsonata|md|sql|ya?ml|csv|sh|html|css)$|(^|\/)[^.]+$/;

const files = listProjectFiles().filter((path) => TEXT.test(path) && !EXEMPT.has(path));
const problems = files.flatMap((path) =>
  readFileSync(join(root, path), "utf8")
    .split("\n")
    .flatMap((line, i) =>
      UNWANTED.filter(([pattern]) => pattern.test(line)).map(
        ([, why]) => `${path}:${i + 1} ${why}: ${line.trim().slice(0, 120)}`,
      ),
    ),
);
report(problems, `${files.length} texts`);
