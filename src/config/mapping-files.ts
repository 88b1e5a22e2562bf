import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Connectors } from "../connector/load.ts";
import type { MappingFile, System } from "./project.ts";

/**
 * The mappings of all systems. A connector ships `<product>/mappings/<name>.jsonata` for each system that uses it; the
 * project's `mappings/<system>/<name>.jsonata` takes the place of the shipped one of that name, for that system only.
 * @param roots the folders that connectors lie in
 */
export function readMappingFiles(
  folder: string,
  systems: ReadonlyMap<string, System>,
  connectors: Connectors,
  roots: readonly string[],
): MappingFile[] {
  const directionOf = (system: string, name: string): MappingFile["direction"] =>
    Object.hasOwn(connectors.get(systems.get(system)?.connector ?? "")?.effects ?? {}, name) ? "out" : "in";

  const own = globSync("mappings/*/*.jsonata", { cwd: folder })
    .toSorted()
    .map((path) => {
      const [, system, base] = path.split(/[\\/]/) as [string, string, string];
      const name = base.replace(/\.jsonata$/, "");
      return {
        ...readFile(`mappings/${system}/${base}`, join(folder, path)),
        system,
        name,
        direction: directionOf(system, name),
        shipped: false,
      } as const;
    });
  const replaced = new Set(own.map(({ system, name }) => `${system}/${name}`));
  const shipped = [...systems.values()].flatMap(({ id, connector }) =>
    connector === undefined
      ? []
      : shippedWith(connector, roots)
          .filter(({ name }) => !replaced.has(`${id}/${name}`))
          .map((mapping) => ({ ...mapping, system: id, direction: directionOf(id, mapping.name) })),
  );
  return [...own, ...shipped];
}

function shippedWith(product: string, roots: readonly string[]) {
  return roots.flatMap((root) =>
    globSync(`${product}/mappings/*.jsonata`, { cwd: root })
      .toSorted()
      .map((path) => {
        const base = path.split(/[\\/]/).at(-1)!;
        return {
          ...readFile(`connectors/${product}/mappings/${base}`, join(root, path)),
          name: base.replace(/\.jsonata$/, ""),
          shipped: true,
        };
      }),
  );
}

function readFile(file: string, path: string) {
  return { file, path, source: readFileSync(path, "utf8") };
}
