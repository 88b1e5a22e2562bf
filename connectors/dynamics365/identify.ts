import type { NativeIdentity, NativeMessage, Translation } from "../../src/connector/index.ts";
import { sourceOf } from "./stream.ts";

/** A message goes by the event it was made of: its id is never given again, its control number is after a restore. */
export function identify(stream: string, { raw }: NativeMessage): NativeIdentity | undefined {
  if (!sourceOf(stream)) return undefined;
  let message: unknown;
  try {
    message = JSON.parse(Buffer.from(raw).toString("utf8"));
  } catch {
    return undefined;
  }
  if (typeof message !== "object" || message === null) return undefined;
  const { id, object, part, event } = message as Record<string, unknown>;
  if (typeof id !== "string" || id === "" || typeof part !== "string") return undefined;
  if (typeof object !== "string" || !/^[A-Za-z]+\/./.test(object)) return undefined;
  const { ControlNumber: control } = (event ?? {}) as { ControlNumber?: unknown };
  return {
    id,
    objectKey: object,
    ...(Number.isSafeInteger(control) && { version: String(control) }),
  };
}

/** Messages are translated by the mapping named after their stream; this speaks only where that is missing. */
export function translate(stream: string, message: NativeMessage): Translation {
  const known = identify(stream, message) !== undefined;
  return {
    ok: false,
    code: "DYNAMICS_EVENT_INVALID",
    message: known
      ? `there is no mapping ${stream} to translate the message with`
      : `the message is not a business event of stream ${stream}`,
  };
}
