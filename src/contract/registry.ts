import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { AnySchemaObject } from "ajv/dist/2020.js";
import { personalFields } from "./personal.ts";
import { reachableSchemas, type SchemaLibrary, schemaValidator, type Verdict } from "./validator.ts";

export type ContractKind = "event" | "effect" | "query" | "record";

/** The folder of each kind under `contracts/`. */
export const CONTRACT_FOLDERS: Record<ContractKind, string> = {
  event: "events",
  effect: "effects",
  query: "queries",
  record: "records",
};

export interface Contract {
  kind: ContractKind;
  /** OrderRequested */
  name: string;
  major: number;
  /** What stands in an envelope or an effect: interlock.OrderRequested.v1, CreateSalesOrder.v1 */
  type: string;
  description: string;
  schema: AnySchemaObject;
  /** SHA-256 over the schema and everything it refers to, hexadecimal. */
  hash: string;
  file: string;
  validate(data: unknown): Verdict;
  /** JSON pointers of the personal fields present in the data. */
  personal(data: unknown): string[];
}

export interface ContractRegistry {
  /** Every contract, by kind, name and version. */
  readonly contracts: readonly Contract[];
  readonly library: SchemaLibrary;
  get(kind: ContractKind, name: string, major: number): Contract | undefined;
  /** By the type in an envelope or an effect: interlock.OrderRequested.v1, CreateSalesOrder.v1. */
  byType(kind: ContractKind, type: string): Contract | undefined;
  /** A contract that does not exist is a problem at the root, not an exception: senders misspell. */
  validate(kind: ContractKind, name: string, major: number, data: unknown): Verdict;
}

export class ContractFileError extends Error {
  override readonly name = "ContractFileError";
  readonly code = "CONTRACT_INVALID";
}

const BASE = "interlock:///contracts/";

/**
 * Loads every contract below the given folders, each laid out as `contracts/` is. A later folder may add contracts,
 * never replace one. Schemas are compiled on first use.
 * @throws ContractFileError when a file is not JSON, a reference leads nowhere, or a contract exists twice
 */
export function loadContracts(folders: readonly string[]): ContractRegistry {
  const library = new Map<string, AnySchemaObject>();
  const files = new Map<string, string>();
  for (const folder of folders) {
    for (const path of globSync("{*,*/*/*}.json", { cwd: folder }).toSorted()) {
      if (path.endsWith(".samples.json") || path === "released.json") continue;
      const file = join(folder, path);
      const uri = BASE + path.split(sep).join("/");
      if (library.has(uri))
        throw new ContractFileError(`${file}: this contract already exists in ${files.get(uri)}`);
      library.set(uri, { $id: uri, ...readSchema(file) });
      files.set(uri, file);
    }
  }
  const contracts = [...library.keys()].flatMap((uri) => contractOf(uri, files.get(uri)!, library) ?? []);
  const byType = new Map(contracts.map((contract) => [`${contract.kind} ${contract.type}`, contract]));
  const registry: ContractRegistry = {
    contracts,
    library,
    get: (kind, name, major) => byType.get(`${kind} ${contractType(kind, name, major)}`),
    byType: (kind, type) => byType.get(`${kind} ${type}`),
    validate: (kind, name, major, data) =>
      registry.get(kind, name, major)?.validate(data) ?? {
        ok: false,
        problems: [{ pointer: "", message: `there is no ${kind} contract ${name} version ${major}` }],
      },
  };
  return registry;
}

export function contractType(kind: ContractKind, name: string, major: number): string {
  return kind === "event" ? `interlock.${name}.v${major}` : `${name}.v${major}`;
}

function contractOf(uri: string, file: string, library: SchemaLibrary): Contract | undefined {
  const [folder, name, version] = uri.slice(BASE.length).split("/");
  if (version === undefined) return undefined; // a shared part such as quantity.json
  const kind = (Object.keys(CONTRACT_FOLDERS) as ContractKind[]).find((k) => CONTRACT_FOLDERS[k] === folder);
  const major = Number(/^([1-9][0-9]{0,2})\.json$/.exec(version)?.[1]);
  if (!kind || !major || !/^[A-Z][A-Za-z0-9]{2,59}$/.test(name!))
    throw new ContractFileError(
      `${file}: contracts lie in {${Object.values(CONTRACT_FOLDERS).join(",")}}/<Name>/<major>.json`,
    );
  const schema = library.get(uri)!;
  return {
    kind,
    name: name!,
    major,
    type: contractType(kind, name!, major),
    description: String(schema["description"] ?? ""),
    schema,
    hash: schemaHash(uri, library, file),
    file,
    validate: schemaValidator(uri, library),
    personal: personalFields(uri, library),
  };
}

function schemaHash(uri: string, library: SchemaLibrary, file: string): string {
  const hash = createHash("sha256");
  for (const reachable of [...reachableSchemas(uri, library)].toSorted())
    hash.update(JSON.stringify(library.get(reachable)));
  for (const missing of missingRefs(uri, library))
    throw new ContractFileError(`${file}: $ref "${missing}" leads to no file of the contracts`);
  return hash.digest("hex");
}

function missingRefs(uri: string, library: SchemaLibrary): string[] {
  const missing: string[] = [];
  const visit = (node: unknown, base: string): void => {
    if (typeof node !== "object" || node === null) return;
    for (const [key, value] of Object.entries(node)) {
      if (key !== "$ref" || typeof value !== "string") visit(value, base);
      else if (!library.has(new URL(value, base).href.replace(/#.*$/, ""))) missing.push(value);
    }
  };
  for (const reachable of reachableSchemas(uri, library)) visit(library.get(reachable), reachable);
  return missing;
}

function readSchema(file: string): AnySchemaObject {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as AnySchemaObject;
  } catch (cause) {
    throw new ContractFileError(`${relative(process.cwd(), file)}: not JSON: ${(cause as Error).message}`, {
      cause,
    });
  }
}
