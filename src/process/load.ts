import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ProcessDefinition } from "./contract.ts";
import { ProcessError } from "./errors.ts";
import { checkTotality } from "./totality.ts";

/** The definitions a hub decides with, by name. */
export type Definitions = ReadonlyMap<string, ProcessDefinition>;

/**
 * Loads the processes below the given folders: `<folder>/<name>/index.ts`, its default export. A folder that does not
 * exist holds none. A name exists once: a later folder may add processes, never replace one.
 * @param only the names that are wanted; all unless told
 * @throws ProcessError PROCESS_INVALID when one is not total, not a process, or there twice
 */
export async function loadProcesses(
  folders: readonly string[],
  only?: readonly string[],
): Promise<Definitions> {
  const definitions = new Map<string, ProcessDefinition>();
  for (const folder of folders) {
    for (const name of namesIn(folder)) {
      if (only?.includes(name) === false) continue;
      const definition = await loadProcess(join(folder, name), name);
      if (definitions.has(name))
        throw new ProcessError(
          "PROCESS_INVALID",
          `${join(folder, name)}: a process ${name} already exists; choose another name`,
        );
      definitions.set(name, definition);
    }
  }
  return definitions;
}

/** The names of the processes in a folder, without loading them. */
export function namesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, "index.ts")))
    .map((entry) => entry.name)
    .toSorted();
}

async function loadProcess(folder: string, name: string): Promise<ProcessDefinition> {
  const module = (await import(pathToFileURL(join(folder, "index.ts")).href)) as {
    default?: ProcessDefinition;
  };
  const definition = module.default;
  if (typeof definition?.phases !== "object")
    throw new ProcessError(
      "PROCESS_INVALID",
      `${folder}/index.ts: its default export is no process; use defineProcess`,
    );
  if (definition.name !== name)
    throw new ProcessError(
      "PROCESS_INVALID",
      `${folder}/index.ts: the process calls itself ${definition.name}; name it as its folder`,
    );
  checkTotality(definition);
  return definition;
}

/**
 * Grows with every change of a definition that stored instances notice. A hub with a lower one must not take the lease
 * of a process partition (`leases.min_revision`).
 */
export function revisionOf(definitions: Definitions): number {
  return [...definitions.values()].reduce((sum, { version }) => sum + version, 0);
}
