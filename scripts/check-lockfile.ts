// The lockfile holds for every registry and mirror: package names, versions and hashes, but no addresses.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { report, root } from "./check/project-files.ts";

interface Entry {
  version?: string;
  resolved?: string;
  integrity?: string;
  /** A workspace of this repository, linked where its package would be. */
  link?: boolean;
}
interface Manifest {
  workspaces: string[];
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
}

const read = (file: string): unknown => JSON.parse(readFileSync(join(root, file), "utf8"));
const { packages } = read("package-lock.json") as { packages: Record<string, Entry> };
const manifest = read("package.json") as Manifest;

const entries = Object.entries(packages).filter(
  ([path, { link }]) => path !== "" && !link && !manifest.workspaces.includes(path),
);
const problems = entries.flatMap(([path, entry]) => [
  ...(entry.resolved === undefined
    ? []
    : [`${path} names an address: npm install with the .npmrc of the project`]),
  ...(entry.integrity === undefined ? [`${path} has no integrity hash`] : []),
]);
for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
  if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) problems.push(`${name} is not pinned exactly: ${version}`);
  const locked = packages[`node_modules/${name}`]?.version;
  if (locked !== version)
    problems.push(`${name} is ${version} in package.json and ${locked} in the lockfile`);
}
report(problems, `${entries.length} locked packages`);
