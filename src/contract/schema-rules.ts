import type { Contract, ContractRegistry } from "./registry.ts";
import { compileSchema, type SchemaLibrary } from "./validator.ts";

/**
 * The project's rules for contracts, beyond being valid JSON Schema: every contract and field explains itself, nothing
 * is unlimited, nothing is a float. Returns sentences that begin with the file.
 */
export function contractFindings(registry: ContractRegistry): string[] {
  const findings: string[] = [];
  for (const contract of registry.contracts) {
    const say = (what: string) => findings.push(`${contract.file}: ${what}`);
    if (contract.schema["title"] !== contract.name) say(`title must be "${contract.name}"`);
    if (!contract.description) say("description is missing: say what it means to the business");
    if (contract.kind === "event" && !Array.isArray(contract.schema["x-owner"]))
      say('x-owner is missing: the roles that may tell it, such as ["erp"]');
    if (contract.schema["type"] !== "object") say('a contract describes an object: "type": "object"');
    checkCompiles(contract, registry.library, say);
  }
  for (const [uri, schema] of registry.library)
    checkNode(schema, "", (what) => findings.push(`${new URL(uri).pathname.slice(1)}: ${what}`));
  return findings;
}

function checkCompiles(contract: Contract, library: SchemaLibrary, say: (what: string) => void): void {
  const uri = String(contract.schema["$id"]);
  try {
    compileSchema(uri, library);
  } catch (error) {
    say(`no valid JSON Schema 2020-12 by strict rules: ${(error as Error).message}`);
  }
}

function checkNode(schema: unknown, place: string, say: (what: string) => void): void {
  if (typeof schema !== "object" || schema === null) return;
  const node = schema as Record<string, unknown>;
  const types = [node["type"]].flat();
  const at = place || "the root";
  if (types.includes("number")) say(`${at}: no floats: use quantity.json, money.json or an integer`);
  if (types.includes("string") && !("maxLength" in node || "enum" in node || "const" in node))
    say(`${at}: a string needs maxLength`);
  if (types.includes("integer") && !("minimum" in node && "maximum" in node) && !types.includes("string"))
    say(`${at}: an integer needs minimum and maximum`);
  if (types.includes("array") && !("maxItems" in node)) say(`${at}: an array needs maxItems`);
  if (types.includes("object") && !("additionalProperties" in node))
    say(`${at}: an object says additionalProperties: false`);
  for (const [name, child] of Object.entries((node["properties"] as Record<string, unknown>) ?? {})) {
    const property = child as Record<string, unknown>;
    if (!("$ref" in property) && !("description" in property))
      say(`${place}/${name}: description is missing`);
    checkNode(child, `${place}/${name}`, say);
  }
  checkNode(node["items"], `${place}/items`, say);
  for (const branch of ["allOf", "anyOf", "oneOf"])
    for (const child of (node[branch] as unknown[] | undefined) ?? [])
      checkNode(child, `${place}/${branch}`, say);
  for (const child of Object.values((node["$defs"] as object) ?? {})) checkNode(child, `${place}/$defs`, say);
  checkNode(node["additionalProperties"], `${place}/*`, say);
}
