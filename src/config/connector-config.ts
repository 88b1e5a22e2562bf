import type { TSchema } from "typebox";
import { appendPointer } from "../contract/pointer.ts";
import { type ContractProblem, schemaValidator } from "../contract/validator.ts";
import { type Environment, isSecretReference, readSecret } from "./secret-reference.ts";

/**
 * A system's config as its connector gets it. A field that the connector's schema marks `secret: true` must be `${NAME}` or
 * `${file:/path}` and comes from outside, so that no secret lies in a file in git; any other field must not be, so that what
 * runs is what was read.
 * @param environment null to check a project without secrets at hand: they stay `${NAME}`
 * @returns problems point into the config and never hold a secret
 */
export function readConnectorConfig(
  config: unknown,
  schema: TSchema,
  environment: Environment | null,
): { value: unknown; problems: ContractProblem[] } {
  const problems: ContractProblem[] = [];
  const unfilled = new Set<string>();
  const secret = (value: unknown, pointer: string): unknown => {
    const found = readSecret(typeof value === "string" ? value : "", environment);
    if (found.value !== undefined && environment) return found.value;
    unfilled.add(pointer);
    if (found.problem !== undefined) problems.push({ pointer, message: found.problem });
    return value;
  };
  const fill = (value: unknown, node: SchemaNode | undefined, pointer: string): unknown => {
    if (node?.secret) return secret(value, pointer);
    if (typeof value === "string" && isSecretReference(value))
      problems.push({
        pointer,
        message: "only secrets may come from outside; write the value itself",
      });
    if (Array.isArray(value))
      return value.map((item, n) => fill(item, node?.items, appendPointer(pointer, n)));
    if (typeof value !== "object" || value === null) return value;
    const members = Object.entries(value);
    return Object.fromEntries(
      members.map(([key, child]) => [key, fill(child, node?.properties?.[key], appendPointer(pointer, key))]),
    );
  };
  const value = fill(config, schema as SchemaNode, "");
  const verdict = validatorOf(schema)(value);
  if (!verdict.ok) problems.push(...verdict.problems.filter(({ pointer }) => !unfilled.has(pointer)));
  return { value, problems };
}

interface SchemaNode {
  secret?: boolean;
  properties?: Record<string, SchemaNode>;
  items?: SchemaNode;
}

export function validatorOf(schema: object) {
  const uri = "interlock:///config";
  return schemaValidator(uri, new Map([[uri, { ...schema, $id: uri }]]), { trusted: true });
}
