import { createHmac, timingSafeEqual } from "node:crypto";

/** A request older or newer than this is a replay, or from a system whose clock is wrong. */
const TOLERANCE_SECONDS = 300;

/** Standard Webhooks: is one of the signatures ours, over these very bytes, and is the request fresh? */
export function verifyWebhook(
  secret: string | undefined,
  headers: Readonly<Record<string, string>>,
  raw: Uint8Array,
  nowMs = Date.now(),
): boolean {
  const { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures } = headers;
  if (secret === undefined || !id || !signatures || !/^\d{1,12}$/.test(timestamp ?? "")) return false;
  if (Math.abs(nowMs / 1000 - Number(timestamp)) > TOLERANCE_SECONDS) return false;
  const key = Buffer.from(secret.slice("whsec_".length), "base64");
  const wanted = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(raw).digest("base64");
  const expected = Buffer.from(`v1,${wanted}`);
  // The sender signs with several keys while it changes them: any one of them will do.
  return signatures
    .split(" ", 10)
    .map((signature) => Buffer.from(signature))
    .some((given) => given.length === expected.length && timingSafeEqual(given, expected));
}
