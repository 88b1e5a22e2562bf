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

/**
 * A system's session with the project's mappings in front of it: a stream that has a mapping file is translated by it,
 * every other one by the connector; streams declared in interlock.yaml are identified by their pointers.
 * @param given.session the connector's; absent for a system that has none: it pushes, and is sent nothing
 * @param given.files mapping file of each stream that has one
 */
export function mappedSession(given: {
  system: string;
  plant?: string;
  session?: Session;
  streams: Readonly<Record<string, StreamIdentity>>;
  files: ReadonlyMap<string, string>;
  mappings: Mappings;
}): Session {
  const { system, plant, files, mappings } = given;
  const session = given.session ?? pushOnly(system);
  const declared = (stream: string) =>
    Object.hasOwn(given.streams, stream) ? given.streams[stream] : undefined;
  return {
    ...session,
    identify: (stream, message) => {
      const pointers = declared(stream);
      return pointers ? identifyByPointers(pointers, message) : session.identify(stream, message);
    },
    translate: (stream, message) => {
      const file = files.get(stream);
      if (file === undefined) return session.translate(stream, message);
      const messageId =
        (declared(stream) && identifyByPointers(declared(stream)!, message)) ??
        session.identify(stream, message);
      return translateMessage(mappings, file, message, {
        system,
        ...(plant !== undefined && { plant }),
        ...(messageId && { messageId: messageId.id }),
      });
    },
  };
}

/** Undefined when the message does not hold what the pointers name: it is kept under the hash of its bytes. */
export function identifyByPointers(
  pointers: StreamIdentity,
  { raw }: NativeMessage,
): NativeIdentity | undefined {
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

function textAt(message: unknown, pointer: string): string | undefined {
  const value = valueAt(message, pointer);
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

function pushOnly(system: string): Session {
  const why = `system ${system} has no connector: name one in interlock.yaml to send to it`;
  return {
    apply: () => Promise.resolve({ class: "auth", why }),
    identify: () => undefined,
    translate: (stream) =>
      Promise.resolve({
        ok: false,
        code: "MAPPING_UNKNOWN",
        message: `stream ${stream} of ${system} has no mapping: write mappings/${system}/${stream}.jsonata`,
      }),
    close: () => Promise.resolve(),
  };
}
