import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Connector } from "./contract.ts";
import { ConnectorError } from "./errors.ts";

/** The connectors a hub can open, by product. */
export type Connectors = ReadonlyMap<string, Connector>;

/**
 * Loads the connectors below the given folders: `<folder>/<product>/index.ts`, its default export. A folder that does
 * not exist holds none. A product exists once: a later folder may add connectors, never replace one.
 * @param wanted those a project names: others are not even read, which takes time. Absent, or where it names one that is not
 *   there: all, so that what there is can be said
 * @throws ConnectorError CONNECTOR_INVALID when one is not a connector, misnamed, or there twice
 */
export async function loadConnectors(
  folders: readonly string[],
  wanted?: ReadonlySet<string>,
): Promise<Connectors> {
  const found = new Map<string, string>();
  for (const folder of folders)
    for (const product of productsIn(folder)) {
      if (found.has(product)) throw invalid(join(folder, product), `a connector ${product} already exists`);
      found.set(product, join(folder, product));
    }
  const named = wanted && [...wanted].every((product) => found.has(product)) ? wanted : undefined;
  const connectors = new Map<string, Connector>();
  for (const [product, folder] of found)
    if (named?.has(product) ?? true) connectors.set(product, await loadConnector(folder, product));
  return connectors;
}

function productsIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, "index.ts")))
    .map((entry) => entry.name)
    .toSorted();
}

async function loadConnector(folder: string, product: string): Promise<Connector> {
  const file = join(folder, "index.ts");
  const { default: connector } = (await import(pathToFileURL(file).href)) as { default?: Connector };
  if (typeof connector?.open !== "function")
    throw invalid(file, "its default export is no connector; use defineConnector");
  if (connector.product !== product)
    throw invalid(file, `the connector calls itself ${connector.product}; name it as its folder`);
  return connector;
}

function invalid(where: string, what: string): ConnectorError {
  return new ConnectorError("CONNECTOR_INVALID", `${where}: ${what}`);
}
