import type { TSchema } from "typebox";

export const HIDDEN = "(hidden)";

interface SchemaNode {
  readonly secret?: boolean;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
}

/**
 * A system's config as people may see it. What the connector's schema does not describe is hidden too: whether it is a secret
 * nobody knows.
 * @param schema of the connector; undefined for a system without one
 */
export function hideSecrets(config: unknown, schema: TSchema | undefined): unknown {
  return shown(config, schema);
}

function shown(value: unknown, node: SchemaNode | undefined): unknown {
  if (value === null || value === undefined) return value;
  if (Array.isArray(value)) return value.map((item) => shown(item, node?.items));
  if (typeof value === "object")
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, shown(inner, node?.properties?.[key])]),
    );
  return node === undefined || node.secret ? HIDDEN : value;
}
