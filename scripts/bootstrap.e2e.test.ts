import { spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const bin = fileURLToPath(new URL("../bin", import.meta.url));

/** Says how it was started, then ends with 7; with `wait` it ends with 9 on SIGTERM. */
const MAIN = `
console.log(JSON.stringify({ args: process.argv.slice(2), cwd: process.cwd(), entry: import.meta.main }));
if (process.argv.includes("wait")) {
  process.on("SIGTERM", () => process.exit(9));
  setInterval(() => {}, 1000);
  console.log("waiting");
} else process.exitCode = 7;
`;

/** Plays npm: notes that it ran, takes its time, and leaves what \`npm ci\` leaves. */
const NPM = `
import { appendFileSync, cpSync, existsSync, mkdirSync } from "node:fs";
appendFileSync("npm.log", process.argv.slice(2).join(" ") + "\\n");
if (existsSync("broken")) {
  console.error("npm error code ENOTFOUND");
  process.exit(1);
}
await new Promise((resolve) => setTimeout(resolve, 500));
mkdirSync("node_modules", { recursive: true });
cpSync("package-lock.json", "node_modules/.package-lock.json");
`;

let root: string;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "interlock-bootstrap-")));
  cpSync(bin, join(root, "bin"), { recursive: true });
  mkdirSync(join(root, "src/cli"), { recursive: true });
  mkdirSync(join(root, "npm"));
  writeFileSync(join(root, "package.json"), JSON.stringify({ type: "module", engines: { node: ">=22.22" } }));
  writeFileSync(join(root, "package-lock.json"), JSON.stringify({ packages: { "": {} } }));
  writeFileSync(join(root, "src/cli/main.ts"), MAIN);
  writeFileSync(join(root, "npm/npm-cli.js"), NPM);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function start(command: string, args: string[], cwd = root) {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, npm_execpath: join(root, "npm/npm-cli.js") },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
  return { child, ended };
}

const bootstrap = (...args: string[]) => start(process.execPath, ["bin/bootstrap.mjs", ...args]);
const npmRuns = () => readFileSync(join(root, "npm.log"), "utf8").trim().split("\n").length;

test("installs once, then starts the command as an entry script and ends as it does", async () => {
  const first = await bootstrap("trace", "SO-1").ended;
  expect(first.stderr).toContain("installing the exact dependencies");
  expect(JSON.parse(first.stdout)).toEqual({ args: ["trace", "SO-1"], cwd: root, entry: true });
  expect(first.code).toBe(7);

  const second = await bootstrap("trace").ended;
  expect(second.stderr).toBe("");
  expect(npmRuns()).toBe(1);
});

test("two starts at once install once", async () => {
  const ends = await Promise.all([bootstrap("a").ended, bootstrap("b").ended]);
  expect(ends.map(({ code }) => code)).toEqual([7, 7]);
  expect(npmRuns()).toBe(1);
});

test("without a network it names the step and how to try again, and leaves no lock", async () => {
  writeFileSync(join(root, "broken"), "");
  const { code, stderr } = await bootstrap("demo").ended;
  expect(code).toBe(1);
  expect(stderr).toContain("installing the dependencies failed");
  expect(stderr).toContain("could not reach its registry");
  expect(stderr).toContain("npm ci");
  expect(existsSync(join(root, ".interlock/setup.lock"))).toBe(false);
});

test("the command line starts from any folder, through links, and keeps its own check", async () => {
  const elsewhere = join(root, "elsewhere");
  mkdirSync(elsewhere);
  symlinkSync("../bin/interlock", join(elsewhere, "one"));
  symlinkSync(join(elsewhere, "one"), join(elsewhere, "two"));
  const { stdout, code } = await start(join(elsewhere, "two"), ["check", "a b"], elsewhere).ended;
  expect(JSON.parse(stdout)).toEqual({ args: ["check", "a b"], cwd: elsewhere, entry: true });
  expect(code).toBe(7);
});

test("hands a signal on and ends with the command's code", async () => {
  const { child, ended } = bootstrap("wait");
  await new Promise<void>((resolve) => {
    child.stdout.on("data", (text: string) => text.includes("waiting") && resolve());
  });
  child.kill("SIGTERM");
  expect((await ended).code).toBe(9);
});
