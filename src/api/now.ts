import { toUtc } from "../event/time.ts";

/** The present in the ledger's form. */
export function now(): string {
  return toUtc(new Date().toISOString())!;
}
