import type { NativeIdentity, NativeMessage } from "../../src/connector/index.ts";
import type { Dialect } from "./config.ts";
import { parseExact, textOf } from "./exact-json.ts";
import { valueAt } from "./pointer.ts";

/** What a report says it is, by the dialect's pointers and without any mapping. */
export function identify(dialect: Dialect, { raw }: NativeMessage): NativeIdentity | undefined {
  const report = parseExact(Buffer.from(raw).toString("utf8"));
  const id = textOf(valueAt(report, dialect.id));
  const version = textOf(valueAt(report, dialect.version));
  const objectKey =
    keyOf("workOrder", valueAt(report, dialect.workOrder)) ??
    keyOf("workCenter", valueAt(report, dialect.workCenter));
  if (id === undefined || objectKey === undefined) return undefined;
  return { id, objectKey, ...(version !== undefined && { version }) };
}

function keyOf(kind: string, value: unknown): string | undefined {
  const id = textOf(value);
  return id === undefined ? undefined : `${kind}/${id}`;
}
