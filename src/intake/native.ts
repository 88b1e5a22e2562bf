import { hash } from "node:crypto";
import type { NativeIdentity, NativeMessage, Session } from "../connector/contract.ts";
import type { Keeper, KeptStatus } from "./keeper.ts";
import type { InboundMessage } from "./queries.ts";
import { type Refusal, refuse } from "./refusal.ts";

export const MESSAGE_LIMIT = 4 * 1_048_576;
const KEY_BYTES = 300;

/** `kept` after the commit: the message is on disk, whatever becomes of it later. */
export type Kept =
  | { readonly ok: true; readonly status: KeptStatus }
  | { readonly ok: false; readonly refusal: Refusal };

/**
 * A message a system pushed, in its own format. Only its signature and its size are judged here; whatever the system then
 * says is kept as it was sent, and acknowledged. What cannot be admitted later is quarantined: the system cannot help it.
 * @param headers names in lower case
 */
export async function keepPushed(
  keeper: Keeper,
  from: {
    readonly system: string;
    readonly stream: string;
    readonly session: Pick<Session, "identify" | "verify">;
  },
  headers: Readonly<Record<string, string>>,
  message: NativeMessage,
): Promise<Kept> {
  const { system, stream, session } = from;
  if (message.raw.byteLength > MESSAGE_LIMIT)
    return refuse(
      413,
      "MESSAGE_TOO_LARGE",
      `the message has ${message.raw.byteLength} bytes, the limit is ${MESSAGE_LIMIT}`,
    );
  if (session.verify && !session.verify(stream, headers, message.raw))
    return refuse(
      401,
      "SIGNATURE_INVALID",
      `the message to ${system}/${stream} is not signed as its system signs`,
    );
  return { ok: true, status: await keeper.keep(inboundMessage(from, message, 0)) };
}

export function inboundMessage(
  { system, stream, session }: { system: string; stream: string; session: Pick<Session, "identify"> },
  message: NativeMessage,
  ord: number,
): InboundMessage {
  const rawHash = hash("sha256", message.raw, "hex");
  const identity = identify(session, stream, message);
  return {
    ord,
    system,
    stream,
    native_id: identity?.id ?? `sha256:${rawHash}`,
    object_key: identity?.objectKey ?? `message/${rawHash}`,
    version: identity?.version ?? null,
    content_type: message.contentType.slice(0, 200),
    raw: Buffer.from(message.raw).toString("base64"),
    raw_hash: rawHash,
  };
}

/** What the connector says the message is about; undefined too when it says what no row can keep. */
export function identify(
  session: Pick<Session, "identify">,
  stream: string,
  message: NativeMessage,
): NativeIdentity | undefined {
  let identity: NativeIdentity | undefined;
  try {
    identity = session.identify(stream, message);
  } catch {
    return undefined; // It must not throw; if it does, this message is poison and the stream goes on.
  }
  if (identity === undefined) return undefined;
  const fits = [identity.id, identity.objectKey, identity.version ?? "-"].every(
    (text) =>
      text !== "" && Buffer.byteLength(text) <= KEY_BYTES && text.isWellFormed() && !text.includes("\0"),
  );
  return fits ? identity : undefined;
}
