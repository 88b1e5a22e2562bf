import type { NativeIdentity, NativeMessage, Session } from "../connector/contract.ts";
import { valueAt } from "../contract/pointer.ts";
import type { Mappings } from "./mappings.ts";
import { parseNativeJson } from "./native-json.ts";
import { translateMessage } from "./translate.ts";

/** How a message of a declared stream says what it is: JSON pointers (interlock.yaml, systems.<id>.streams). */
export interface StreamIdentity {
  id: string;
  object: { kind: string; id: string };
  version?: string;
}

/** What reads a kept message. */
export type StreamReader = Pick<Session, "identify" | "translate">;

/**
 * Reads one stream by its mapping file.
 * @param given.identity the pointers of a stream declared in interlock.yaml; absent for a connector's stream, whose
 *   `session` knows its messages while the project's mapping replaces the connector's translation
 */
export function mappedStream(given: {
  system: string;
  plant?: string;
  file: string;
  mappings: Mappings;
  identity?: StreamIdentity;
  session?: StreamReader;
}): StreamReader {
  const { system, plant, file, mappings, identity, session } = given;
  const identify: StreamReader["identify"] = (stream, message) =>
    identity ? identifyByPointers(identity, message) : session?.identify(stream, message);
  return {
    identify,
    async translate(stream, message) {
      const messageId = identify(stream, message)?.id;
      const translation = await translateMessage(mappings, file, message, {
        system,
        ...(plant !== undefined && { plant }),
        ...(messageId !== undefined && { messageId }),
      });
      // What a system that stands in a plant tells, happened there unless the mapping says otherwise.
      if (!translation.ok || !translation.event || plant === undefined) return translation;
      return { ok: true, event: { plant, ...translation.event } };
    },
  };
}

/** Undefined when the message does not hold what the pointers name: it is kept under the hash of its bytes. */
function identifyByPointers(pointers: StreamIdentity, { raw }: NativeMessage): NativeIdentity | undefined {
  let message: unknown;
  try {
    message = parseNativeJson(new TextDecoder("utf-8", { fatal: true }).decode(raw));
  } catch {
    return undefined;
  }
  const id = textAt(message, pointers.id);
  const object = textAt(message, pointers.object.id);
  const version = pointers.version === undefined ? undefined : textAt(message, pointers.version);
  if (id === undefined || object === undefined) return undefined;
  return { id, objectKey: `${pointers.object.kind}/${object}`, ...(version !== undefined && { version }) };
}

/** A number counts as its text. */
function textAt(message: unknown, pointer: string): string | undefined {
  const value = valueAt(message, pointer);
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}
