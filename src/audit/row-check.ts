import { hash } from "node:crypto";
import { appendPointer, pointerKeys, valueAt } from "../contract/pointer.ts";
import { commitment } from "../ledger/personal.ts";
import { withMicros } from "../ledger/read.ts";
import { chainLink, rowHash } from "../ledger/row.ts";
import type { Finding } from "./finding.ts";
import type { AuditedRow } from "./queries.ts";

/**
 * Whether a row is what it was, given the chain before it.
 * @param window rows read with it, in which a row that changed places is looked for
 */
export function checkRow(
  row: AuditedRow,
  previous: Uint8Array,
  window: readonly AuditedRow[],
): Finding | undefined {
  const { seq } = row;
  const bodyHash = hash("sha256", row.body, "hex");
  const linked = linkOf(row, previous, seq);
  if (linked !== row.chain) {
    const stray = window.find((other) => other.seq !== seq && linkOf(other, previous, seq) === other.chain);
    if (stray)
      return { at: seq, kind: "reordered", differs: `the row that belongs here stands at ${stray.seq}` };
    const what = bodyHash === row.body_hash ? "another column than its body" : "its body";
    return { at: seq, kind: "changed", differs: `${what} is not what was hashed into the chain` };
  }
  if (bodyHash !== row.body_hash)
    return { at: seq, kind: "changed", differs: "its body is not what was hashed" };
  if (row.identity_seq !== seq) {
    const where = row.identity_seq === null ? "nothing" : `position ${row.identity_seq}`;
    return { at: seq, kind: "identity", differs: `its source and id lead to ${where}` };
  }
  const personal = whyPersonalDiffers(row);
  return personal === undefined ? undefined : { at: seq, kind: "personal", differs: personal };
}

/** The chain that a row would have at a position. */
function linkOf(row: AuditedRow, previous: Uint8Array, seq: number): string {
  const hashed = rowHash(row.source, {
    ...row,
    occurred_at: withMicros(row.occurred_at),
    body_hash: hash("sha256", row.body, "hex"),
  });
  const link = chainLink(previous, BigInt(seq), microsOf(withMicros(row.recorded_at)), hashed);
  return Buffer.from(link).toString("hex");
}

function microsOf(utc: string): bigint {
  return BigInt(Date.parse(`${utc.slice(0, 19)}Z`)) * 1_000n + BigInt(utc.slice(20, 26));
}

const COMMITMENT = /\{"\$personal":"[0-9a-f]{64}"\}/g;

function whyPersonalDiffers({ body, beside }: AuditedRow): string | undefined {
  const fields = beside ?? [];
  const commitments = body.match(COMMITMENT)?.length ?? 0;
  if (commitments !== fields.length)
    return `it commits to ${commitments} personal values, ${fields.length} lie beside it`;
  if (fields.length === 0) return undefined;
  const data: unknown = JSON.parse(body);
  for (const { pointer, salt, value } of fields) {
    const committed = valueAt(data, appendPointer(pointer, "$personal"));
    if (typeof committed !== "string") return `there is no commitment at ${pointer || "the whole"}`;
    if (value !== null && commitment(salt!, value) !== committed)
      return `the value of ${pointerKeys(pointer).join(".")} is not the one it commits to`;
  }
  return undefined;
}
