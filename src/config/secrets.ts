import type { TSchema } from "typebox";
import { appendPointer } from "../contract/pointer.ts";

const REFERENCE = /^\$\{([A-Z][A-Z0-9_]{0,79})\}$/;

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ResolvedConfig {
  value: unknown;
  problems: { pointer: string; message: string }[];
}

/**
 * Puts secrets into a connector's config. A field its schema marks `secret: true` must be `${NAME}` and comes from the
 * environment, so that no secret lies in a file in git; any other field must not be, so that what runs is what was read.
 * @param environment null to check a project without secrets at hand: they stay `${NAME}`
 */
export function resolveSecrets(
  config: unknown,
  schema: TSchema,
  environment: Environment | null,
): ResolvedConfig {
  const problems: ResolvedConfig["problems"] = [];
  const visit = (value: unknown, node: unknown, pointer: string): unknown => {
    const schemaNode = (node ?? {}) as {
      secret?: boolean;
      properties?: Record<string, unknown>;
      items?: unknown;
    };
    if (schemaNode.secret) return secret(value, pointer);
    if (typeof value === "string" && REFERENCE.test(value))
      problems.push({
        pointer,
        message: "only secrets may come from the environment; write the value itself",
      });
    if (Array.isArray(value))
      return value.map((item, n) => visit(item, schemaNode.items, appendPointer(pointer, n)));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, child]) => [
        key,
        visit(child, schemaNode.properties?.[key], appendPointer(pointer, key)),
      ]),
    );
  };
  const secret = (value: unknown, pointer: string): unknown => {
    const name = typeof value === "string" ? REFERENCE.exec(value)?.[1] : undefined;
    if (name === undefined) {
      problems.push({ pointer, message: "is a secret: write ${NAME} and set NAME in the environment" });
      return value;
    }
    if (environment === null) return value;
    const found = environment[name];
    if (found === undefined || found === "")
      problems.push({ pointer, message: `the environment variable ${name} is not set` });
    return found;
  };
  return { value: visit(config, schema, ""), problems };
}
