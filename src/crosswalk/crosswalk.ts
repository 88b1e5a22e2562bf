/*
 * The crosswalk: what `PUMP-200` is called there. Ids, units, statuses, locations and reason codes of each system,
 * beside the canonical ones. Rows are `system, kind, native, canonical`.
 *
 * Many native values may mean one canonical value (three statuses of an ERP are all `confirmed`): the way in is always
 * clear. The way back is refused where it is not, because a guess would write a wrong value into a system of record;
 * a row marked with `+` is the one to use.
 */
import { createHash } from "node:crypto";
import type { CROSSWALK_ERRORS } from "./errors.ts";

export interface CrosswalkRow {
  /** Id of the system, or `*` for every system that has no row of its own. */
  system: string;
  /** What is translated: item, customer, unit, status, location, reason. */
  kind: string;
  native: string;
  canonical: string;
  /** The native value to write where several mean the same. */
  preferred: boolean;
}

export interface MissingRow {
  readonly kind: string;
  readonly native: string;
}

export class CrosswalkError extends Error {
  override readonly name = "CrosswalkError";
  readonly code: keyof typeof CROSSWALK_ERRORS;
  /** The native value that has no row, for whoever is to add one. */
  readonly missing: MissingRow | undefined;

  constructor(code: keyof typeof CROSSWALK_ERRORS, message: string, missing?: MissingRow) {
    super(message);
    this.code = code;
    this.missing = missing;
  }
}

export interface Crosswalk {
  readonly rows: readonly CrosswalkRow[];
  /** Changes with every change of a row: SHA-256, 16 hexadecimal digits. */
  readonly revision: string;
  /** @throws CrosswalkError CROSSWALK_UNKNOWN */
  toCanonical(system: string, kind: string, native: string): string;
  /** @throws CrosswalkError CROSSWALK_UNKNOWN or CROSSWALK_AMBIGUOUS */
  toNative(system: string, kind: string, canonical: string): string;
}

export function createCrosswalk(rows: readonly CrosswalkRow[]): Crosswalk {
  const canonical = new Map<string, string>();
  const natives = new Map<string, CrosswalkRow[]>();
  for (const row of rows) {
    canonical.set(keyOf(row.system, row.kind, row.native), row.canonical);
    const back = keyOf(row.system, row.kind, row.canonical);
    natives.set(back, [...(natives.get(back) ?? []), row]);
  }
  return {
    rows,
    revision: revisionOf(rows),
    toCanonical(system, kind, native) {
      const found = canonical.get(keyOf(system, kind, native)) ?? canonical.get(keyOf("*", kind, native));
      return found ?? unknown(system, kind, native, "native");
    },
    toNative(system, kind, value) {
      const found = natives.get(keyOf(system, kind, value)) ?? natives.get(keyOf("*", kind, value));
      if (!found) return unknown(system, kind, value, "canonical");
      const usable = found.length > 1 ? found.filter((row) => row.preferred) : found;
      if (usable.length === 1) return usable[0]!.native;
      throw new CrosswalkError(
        "CROSSWALK_AMBIGUOUS",
        `${kind} "${value}" is ${found.map((row) => `"${row.native}"`).join(" or ")} in ${system}: mark the one to write with a + before its canonical value`,
      );
    },
  };
}

function keyOf(system: string, kind: string, value: string): string {
  return JSON.stringify([system, kind, value]);
}

function unknown(system: string, kind: string, value: string, side: string): never {
  throw new CrosswalkError(
    "CROSSWALK_UNKNOWN",
    `no crosswalk row for system ${system}, kind ${kind}, ${side} value "${value.slice(0, 80)}"`,
    side === "native" ? { kind, native: value } : undefined,
  );
}

function revisionOf(rows: readonly CrosswalkRow[]): string {
  const lines = rows.map((row) =>
    JSON.stringify([row.system, row.kind, row.native, row.canonical, row.preferred]),
  );
  return createHash("sha256").update(lines.toSorted().join("\n")).digest("hex").slice(0, 16);
}
