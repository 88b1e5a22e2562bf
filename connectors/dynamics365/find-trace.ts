import type { ProbeAnswer } from "../../src/connector/index.ts";
import { textOf } from "./content.ts";
import type { HarmlessFailure } from "./answer-class.ts";
import { equals } from "./odata.ts";
import type { Erp } from "./operation.ts";

/** What was written with a reference: the extension keeps it in the same transaction as the write. */
export type Trace = { readonly operation: string; readonly record: string };

/** Every trace of a reference, oldest first; none: it was not applied as far as the ERP can see. */
export async function findTraces(
  { client }: Erp,
  reference: string,
  signal: AbortSignal,
): Promise<readonly Trace[] | HarmlessFailure> {
  const found = await client.find(
    "ILKReferenceLogs",
    { filter: equals({ ILKReference: reference }), orderBy: "LogId" },
    signal,
  );
  if (!found.ok) return found.failure;
  return found.rows.map((row) => ({
    operation: textOf(row["Operation"]),
    record: textOf(row["RecordKey"]),
  }));
}

export function otherOperation(traces: readonly Trace[]): ProbeAnswer {
  const told = traces.map(({ operation, record }) => `${operation} ${record}`).join(", ");
  return {
    class: "different",
    difference: `the reference was used for ${told}`.slice(0, 400),
    evidence: { operations: told.slice(0, 400) },
  };
}
