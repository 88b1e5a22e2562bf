import { createHash } from "node:crypto";
import type { NativeIdentity, NativeMessage, Translation } from "../../src/connector/index.ts";
import type { Row } from "./client.ts";
import { instantOf } from "./soql.ts";
import { sourceOf, type Source } from "./stream.ts";

/**
 * A row that is written once goes by its id, and by when it was made: an org that was restored gives ids again. A row
 * that changes goes by its stamp and content: two changes of one second carry the same stamp.
 */
export function identify(stream: string, message: NativeMessage): NativeIdentity | undefined {
  const source = sourceOf(stream);
  const row = source && rowOf(source, message);
  if (!source || !row) return undefined;
  const objectKey = source.objectKeyOf(row);
  const id = row["Id"];
  if (objectKey === undefined || typeof id !== "string") return undefined;
  if (source.kind === "log") {
    const made = instantOf(row["CreatedDate"]);
    if (Number.isNaN(made)) return undefined;
    const revision = row["Revision__c"];
    return {
      id: `${id}@${made}`,
      objectKey,
      ...(typeof revision === "number" ? { version: String(revision) } : {}),
    };
  }
  const stamp = instantOf(row["SystemModstamp"]);
  if (Number.isNaN(stamp)) return undefined;
  const digest = createHash("sha256").update(message.raw).digest("base64url").slice(0, 12);
  return { id: `${id}@${stamp}#${digest}`, objectKey, version: String(stamp) };
}

/** Messages are translated by the mapping named after their stream; this speaks only where that is missing. */
export function translate(stream: string, message: NativeMessage): Translation {
  const known = identify(stream, message) !== undefined;
  return {
    ok: false,
    code: "SALESFORCE_MESSAGE_INVALID",
    message: known
      ? `there is no mapping ${stream} to translate the row with`
      : `the message is not a row of stream ${stream}`,
  };
}

function rowOf({ object }: Source, { raw }: NativeMessage): Row | undefined {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(raw).toString("utf8"));
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const { attributes } = value as { attributes?: { type?: unknown } };
  return attributes?.type === object ? (value as Row) : undefined;
}
