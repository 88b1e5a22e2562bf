import type { Answer, Evidence, OutgoingEffect, ProbeAnswer } from "../../src/connector/index.ts";
import type { Call, Client, Row } from "./client.ts";
import { differenceOf, pathsOf, type Content } from "./content.ts";
import { quote } from "./soql.ts";

/** The field in which a record carries the reference of the effect that wrote it last. */
export const REFERENCE = "Interlock_Ref__c";

export type Operation = {
  readonly apply: (
    client: Client,
    effect: OutgoingEffect,
    content: Content,
    signal: AbortSignal,
  ) => Promise<Answer>;
  readonly probe: (
    client: Client,
    effect: OutgoingEffect,
    content: Content,
    signal: AbortSignal,
  ) => Promise<ProbeAnswer>;
};

/** What a write takes over from the effect it makes. */
export function sendingOf({
  traceparent,
  beforeWrite,
}: OutgoingEffect): Pick<Call, "traceparent" | "beforeWrite"> {
  return { traceparent, beforeWrite };
}

/** The one record with a number that people know it by, or why it cannot be said. */
export async function findByNumber(
  client: Client,
  object: string,
  field: string,
  number: string,
  signal: AbortSignal,
): Promise<{ readonly id: string } | Answer> {
  const reply = await client.query(
    `SELECT Id FROM ${object} WHERE ${field} = ${quote(number)} ORDER BY Id LIMIT 2`,
    signal,
  );
  if (!reply.ok) return reply.failure;
  const [row, other] = reply.rows;
  if (!row)
    return {
      class: "reject",
      code: "SALESFORCE_RECORD_UNKNOWN",
      reason: `the org holds no ${object} with ${field} ${number}`,
    };
  if (other)
    return {
      class: "reject",
      code: "SALESFORCE_RECORD_AMBIGUOUS",
      reason: `the org holds several ${object} with ${field} ${number}: ${String(row["Id"])}, ${String(other["Id"])}`,
    };
  return { id: String(row["Id"]) };
}

/** Looks for the record that carries the effect's reference, and compares it with what it should say. */
export async function probeByReference(
  client: Client,
  object: string,
  { reference }: OutgoingEffect,
  content: Content,
  signal: AbortSignal,
): Promise<ProbeAnswer> {
  const names = [...new Set(["Id", ...pathsOf(content)])].join(", ");
  const reply = await client.query(
    `SELECT ${names} FROM ${object} WHERE ${REFERENCE} = ${quote(reference)} ORDER BY Id LIMIT 2`,
    signal,
  );
  if (!reply.ok) return reply.failure;
  const [row, other] = reply.rows;
  if (!row) return { class: "absent" };
  const evidence = evidenceOf(row, object);
  if (other)
    return {
      class: "different",
      difference: `the reference is on two records: ${String(row["Id"])}, ${String(other["Id"])}`,
      evidence,
    };
  const difference = differenceOf(content, row);
  return difference === undefined
    ? { class: "applied", evidence }
    : { class: "different", difference, evidence };
}

export function evidenceOf(row: Row, object: string): Evidence {
  return { record: String(row["Id"] ?? row["id"]), object };
}
