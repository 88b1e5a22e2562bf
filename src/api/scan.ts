import { readdirSync, existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import type { Routes } from "./route.ts";

const API = import.meta.dirname;
const SOURCE = join(API, "..");

/**
 * Each folder of the API with a `routes.ts` is a resource: a new one needs no other change.
 * @returns the routes by folder name, in the order of the alphabet
 */
export async function findResources(folder = API): Promise<ReadonlyMap<string, Routes>> {
  const found = new Map<string, Routes>();
  for (const { file, name } of modules(folder, "routes.ts")) {
    const { default: routes } = (await import(file)) as { default?: Routes };
    if (typeof routes !== "function")
      throw new TypeError(`${file}: the default export must be a function of routes`);
    found.set(name, routes);
  }
  return found;
}

/** The words of every error code, from each concept's `errors.ts`. */
export async function findErrors(folder = SOURCE): Promise<ReadonlyMap<string, string>> {
  const words = new Map<string, string>();
  for (const { file } of modules(folder, "errors.ts")) {
    for (const [name, table] of Object.entries((await import(file)) as Record<string, object>)) {
      if (!/^([A-Z_]+_)?ERRORS$/.test(name)) continue;
      for (const [code, text] of Object.entries(table) as [string, string][]) words.set(code, text);
    }
  }
  return words;
}

function modules(folder: string, file: string): { name: string; file: string }[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, file)))
    .map(({ name }) => ({ name, file: pathToFileURL(join(folder, name, file)).href }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
