/**
 * What is shown once to its holder and then only recognised: sessions, API tokens, links, the state of a sign-in. 256 random
 * bits need no slow hash: nobody guesses them.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";

export function makeSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** Names the thing in lists and in the ledger. */
export function makeId(): string {
  return randomBytes(9).toString("base64url").replaceAll(/[-_]/g, "0");
}

/** As it is stored. */
export function secretHash(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}

/** What a page must send back with each change; it follows from the session, and is of no use for finding that out. */
export function csrfTokenOf(sessionSecret: string): string {
  return createHmac("sha256", sessionSecret).update("csrf").digest("base64url");
}

export function isCsrfTokenOf(sessionSecret: string, presented: string): boolean {
  return timingSafeEqual(secretHash(csrfTokenOf(sessionSecret)), secretHash(presented));
}
