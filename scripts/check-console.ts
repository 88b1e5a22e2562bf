// The console fits together: its types, its build, and what a browser loads before the first page can be read.

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { report, root } from "./check/project-files.ts";

const BUDGET_BYTES = 300_000;
/** Of the font's parts, only this one is loaded for a page in English. */
const FONT = /inter-latin-wght-normal-.*\.woff2$/;

interface Chunk {
  readonly file: string;
  readonly isEntry?: boolean;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
  readonly assets?: readonly string[];
}

function run(what: string, script: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): string[] {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, script), ...args], {
    cwd: join(root, "console"),
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  return status === 0 ? [] : [`${what}:\n${stdout}${stderr}`];
}

/** Where everybody arrives. */
const FIRST_PAGE = "src/pages/overview/overview.tsx";

/** Everything that is loaded before the first page can be read, compressed as it is sent. */
function firstLoadBytes(folder: string): number {
  const manifest = JSON.parse(readFileSync(join(folder, ".vite/manifest.json"), "utf8")) as Record<
    string,
    Chunk
  >;
  const files = new Set(["index.html"]);
  const add = ({ file, imports = [], css = [], assets = [] }: Chunk) => {
    if (files.has(file)) return;
    for (const each of [file, ...css, ...assets.filter((asset) => FONT.test(asset))]) files.add(each);
    for (const name of imports) add(manifest[name]!);
  };
  for (const [name, chunk] of Object.entries(manifest)) if (chunk.isEntry || name === FIRST_PAGE) add(chunk);
  return [...files].reduce((sum, file) => {
    const packed = join(folder, `${file}.gz`);
    return sum + statSync(existsSync(packed) ? packed : join(folder, file)).size;
  }, 0);
}

const folder = mkdtempSync(join(tmpdir(), "interlock-console-"));
try {
  const problems = run("types", "node_modules/typescript/bin/tsc", ["-p", "."]);
  problems.push(
    ...run("build", "node_modules/vite/bin/vite.js", ["build", "--logLevel", "warn"], {
      INTERLOCK_CONSOLE_OUT: folder,
      NODE_ENV: "production",
    }),
  );
  const bytes = problems.length === 0 ? firstLoadBytes(folder) : 0;
  if (bytes > BUDGET_BYTES) {
    problems.push(`the first load is ${bytes} bytes, compressed; it may be ${BUDGET_BYTES}`);
  }
  report(problems, `console, first load ${Math.round(bytes / 1000)} kB`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
