import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import type { ViewDefinition } from "./contract.ts";
import { ViewError } from "./errors.ts";

export type Views = ReadonlyMap<string, ViewDefinition>;

/**
 * Each folder with a `view.ts` is a read model, in the order of the alphabet.
 * @throws ViewError VIEW_INVALID
 */
export async function findViews(folder = import.meta.dirname): Promise<Views> {
  const views = new Map<string, ViewDefinition>();
  const owners = new Map<string, string>();
  for (const { name } of readdirSync(folder, { withFileTypes: true }).toSorted((a, b) =>
    a.name < b.name ? -1 : 1,
  )) {
    const file = join(folder, name, "view.ts");
    if (!existsSync(file)) continue;
    const { default: view } = (await import(pathToFileURL(file).href)) as { default?: ViewDefinition };
    if (typeof view?.apply !== "function")
      throw new ViewError("VIEW_INVALID", `${file}: its default export is no view; use defineView`);
    if (view.name !== name)
      throw new ViewError(
        "VIEW_INVALID",
        `${file}: the view calls itself ${view.name}; name it as its folder`,
      );
    for (const table of view.tables) {
      const owner = owners.get(table);
      if (owner !== undefined)
        throw new ViewError("VIEW_INVALID", `${file}: the table ${table} is the view ${owner}'s`);
      owners.set(table, name);
    }
    views.set(name, view);
  }
  return views;
}

/** Grows with every change of a view: an older hub must not follow the ledger in place of a newer one. */
export function revisionOfViews(views: Views): number {
  return [...views.values()].reduce((sum, { version }) => sum + version, 0);
}
