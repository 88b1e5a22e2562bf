import { hash } from "node:crypto";

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/**
 * The reference of an effect that takes the place of another with corrected content: the same correction made twice is one
 * effect, and the target cannot take it for the one it refused.
 * @param payloadHash SHA-256 of the corrected payload's text, hex
 */
export function replacementReference(replaced: string, payloadHash: string): string {
  return crockford80(hash("sha256", JSON.stringify(["replace", replaced, payloadHash]), "buffer"));
}

/** The first 80 bits in 16 characters of Crockford base 32, which fit the reference fields of real products. */
export function crockford80(bytes: Uint8Array): string {
  let bits = 0n;
  for (const byte of bytes.subarray(0, 10)) bits = (bits << 8n) | BigInt(byte);
  let text = "";
  for (let i = 0; i < 16; i++, bits >>= 5n) text = CROCKFORD[Number(bits & 31n)]! + text;
  return text;
}
