// What the documents name exists: files that are linked or named, npm scripts, commands of the command line.

import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { listProjectFiles, report, root } from "./check/project-files.ts";

const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};
/** Folders of the layout: a path that begins with one and stands in backticks is a promise. */
const OURS = /^(bin|connectors|contracts|docs|examples|processes|scripts|simulators|sql|src)\//;

const pages = listProjectFiles().filter((path) => path.endsWith(".md"));
report(pages.flatMap(problemsOf), `${pages.length} documents`);

function problemsOf(page: string): string[] {
  const text = readFileSync(join(root, page), "utf8");
  // A project's own README speaks of the project's folders.
  const named = page.startsWith("src/cli/template/") ? [] : all(text, /`([\w./-]+)`/g).filter(isOurs);
  return [
    ...all(text, /\]\((?!\w+:|#)([^)#\s]+)/g)
      .filter((link) => !existsSync(join(root, dirname(page), link)))
      .map((link) => `links to ${link}`),
    ...named.filter((path) => !existsSync(join(root, path))).map((path) => `names ${path}`),
    ...all(text, /\bnpm run ([\w-]+)/g)
      .filter((name) => !Object.hasOwn(scripts, name))
      .map((name) => `names npm run ${name}`),
    ...all(text, /(?:bin\/|`|^)interlock ([a-z]+(?:-[a-z]+)*)\b/gm)
      .filter((name) => !existsSync(join(root, "src/cli/commands", `${name}.ts`)))
      .map((name) => `names interlock ${name}`),
  ].map((what) => `${page} ${what}, which is not there`);
}

/** Not `NNNN_name.sql` or another pattern, and not a folder of the reader's own project. */
function isOurs(path: string): boolean {
  return OURS.test(path) && !/NNNN|\bx\./.test(path);
}

function all(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map((match) => match[1]!);
}
