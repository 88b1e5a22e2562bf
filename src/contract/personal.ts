import type { SchemaLibrary } from "./validator.ts";
import { appendPointer } from "./pointer.ts";

/** A path through data: names of members, or `null` for every item of an array. */
type Path = (string | null)[];

/**
 * Finds which fields of a document are personal (`x-personal` in its contract).
 * @returns function from data to JSON pointers; quick for the many contracts without personal fields
 */
export function personalFields(uri: string, library: SchemaLibrary): (data: unknown) => string[] {
  let paths: Path[] | undefined;
  return (data) => {
    paths ??= personalPaths(uri, library);
    return paths.flatMap((path) => expand(data, path, ""));
  };
}

function personalPaths(uri: string, library: SchemaLibrary): Path[] {
  const paths: Path[] = [];
  const visit = (schema: unknown, base: string, path: Path, depth: number): void => {
    if (typeof schema !== "object" || schema === null || depth > 32) return;
    const node = schema as Record<string, unknown>;
    if (node["x-personal"] === true) {
      paths.push(path);
      return;
    }
    if (typeof node["$ref"] === "string") {
      const target = new URL(node["$ref"], base);
      const [file, fragment = ""] = target.href.split("#");
      visit(definition(library.get(file!), fragment), file!, path, depth + 1);
    }
    for (const [name, child] of Object.entries((node["properties"] as object) ?? {}))
      visit(child, base, [...path, name], depth + 1);
    visit(node["items"], base, [...path, null], depth + 1);
    for (const branch of ["allOf", "anyOf", "oneOf"])
      for (const child of (node[branch] as unknown[]) ?? []) visit(child, base, path, depth + 1);
  };
  visit(library.get(uri), uri, [], 0);
  return paths;
}

function definition(schema: unknown, fragment: string): unknown {
  return fragment
    .split("/")
    .slice(1)
    .reduce<unknown>(
      (node, key) => (node as Record<string, unknown> | undefined)?.[decodeURIComponent(key)],
      schema,
    );
}

function expand(data: unknown, path: Path, pointer: string): string[] {
  if (path.length === 0) return data === undefined ? [] : [pointer];
  if (typeof data !== "object" || data === null) return [];
  const [key, ...rest] = path;
  if (key === null)
    return Array.isArray(data)
      ? data.flatMap((item, n) => expand(item, rest, appendPointer(pointer, n)))
      : [];
  if (!Object.hasOwn(data, key!)) return [];
  return expand((data as Record<string, unknown>)[key!], rest, appendPointer(pointer, key!));
}
