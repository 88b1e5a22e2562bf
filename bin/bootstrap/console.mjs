// The console that the hub serves: built from console/ once for each state of its sources. Its key is written inside of what
// was built, and the whole is renamed into place: a build that was interrupted leaves none.

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { withLock } from "./lock.mjs";
import { environmentFor, say } from "./npm.mjs";

const COMMANDS = ["demo", "run", "console", "screenshots"];
const NOT_SOURCES = /^(node_modules|dist)/;
const KEY = "built-from";

/** Whether a command shows the console to somebody. `interlock <arguments>` is the command line itself. */
export function showsConsole(args) {
  return COMMANDS.includes(args[0] === "interlock" ? args[1] : args[0]);
}

/** A console that cannot be built keeps no hub from running: the hub's page then says how to build it. */
export async function ensureConsole(root, node) {
  const home = join(root, "console");
  if (!existsSync(join(home, "vite.config.ts"))) return;
  const key = keyOf(root, home);
  if (isBuilt(home, key)) return;
  await withLock(join(root, ".interlock/console.lock"), async () => {
    if (isBuilt(home, key)) return;
    say("building the console (once, some seconds) ...");
    const { code, output } = await build(root, home, node);
    if (code === 0) putInPlace(home, key);
    else say(`the console could not be built, and the hub runs without it:\n${output.trim().slice(-3000)}`);
  });
}

/** Of everything the build reads: the sources, and the exact dependencies. */
function keyOf(root, home) {
  const hash = createHash("sha256");
  for (const path of [join(root, "package-lock.json"), ...listSources(home)]) {
    hash.update(path.slice(root.length)).update("\0").update(readFileSync(path)).update("\0");
  }
  return hash.digest("hex");
}

function listSources(folder) {
  const paths = readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !NOT_SOURCES.test(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? listSources(path) : [path];
    });
  paths.sort();
  return paths;
}

function isBuilt(home, key) {
  try {
    return readFileSync(join(home, "dist", KEY), "utf8") === key;
  } catch {
    return false;
  }
}

async function build(root, home, node) {
  const vite = join(root, "node_modules/vite/bin/vite.js");
  const child = spawn(node, [vite, "build", "--logLevel", "warn"], {
    cwd: home,
    env: { ...environmentFor(node), NODE_ENV: "production", INTERLOCK_CONSOLE_OUT: "dist.new" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const keep = (chunk) => (output = (output + chunk).slice(-20_000));
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const code = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  return { code, output };
}

function putInPlace(home, key) {
  const [fresh, place, old] = ["dist.new", "dist", "dist.old"].map((name) => join(home, name));
  writeFileSync(join(fresh, KEY), key);
  rmSync(old, { recursive: true, force: true });
  if (existsSync(place)) renameSync(place, old);
  renameSync(fresh, place);
  rmSync(old, { recursive: true, force: true });
}
