import { createHmac, timingSafeEqual } from "node:crypto";
import type { MesConfig } from "./config.ts";

/** A request older or newer than this is a replay, or from a system whose clock is wrong. */
const TOLERANCE_SECONDS = 300;

type Headers = Readonly<Record<string, string>>;

/** Is this request signed with the secret, over these very bytes, and fresh? */
export function verifyWebhook(
  { webhookSecret, signature = { kind: "standard" } }: MesConfig,
  headers: Headers,
  raw: Uint8Array,
  nowMs = Date.now(),
): boolean {
  if (webhookSecret === undefined) return false;
  if (signature.kind === "standard") return verifyStandard(webhookSecret, headers, raw, nowMs);
  const { header = "x-signature", timestampHeader = "x-timestamp" } = signature;
  const timestamp = headers[timestampHeader.toLowerCase()];
  const given = headers[header.toLowerCase()];
  if (!given || !isFresh(timestamp, nowMs)) return false;
  const wanted = createHmac("sha256", webhookSecret).update(`${timestamp}.`).update(raw).digest("hex");
  return equals(given.replace(/^sha256=/, ""), wanted);
}

/** Standard Webhooks: the sender signs with several keys while it changes them, any one of them will do. */
function verifyStandard(secret: string, headers: Headers, raw: Uint8Array, nowMs: number): boolean {
  const { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures } = headers;
  if (!id || !signatures || !isFresh(timestamp, nowMs)) return false;
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const wanted = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(raw).digest("base64");
  return signatures.split(" ", 10).some((given) => equals(given, `v1,${wanted}`));
}

function isFresh(timestamp: string | undefined, nowMs: number): boolean {
  return (
    /^\d{1,12}$/.test(timestamp ?? "") && Math.abs(nowMs / 1000 - Number(timestamp)) <= TOLERANCE_SECONDS
  );
}

function equals(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
