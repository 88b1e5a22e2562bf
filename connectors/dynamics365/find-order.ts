import type { Answer } from "../../src/connector/index.ts";
import type { HarmlessFailure } from "./answer-class.ts";
import type { Row } from "./client.ts";
import { sameValue, textOf } from "./content.ts";
import { equals } from "./odata.ts";
import type { Erp } from "./operation.ts";

type Rejected = Extract<Answer, { class: "reject" }>;
export type FoundOrder = { readonly header: Row; readonly lines: readonly Row[] };

export async function findOrder(
  { client }: Erp,
  number: string,
  signal: AbortSignal,
): Promise<FoundOrder | HarmlessFailure | Rejected> {
  const found = await client.find(
    "SalesOrderHeadersV3",
    { filter: equals({ SalesOrderNumber: number }), expand: "SalesOrderLines" },
    signal,
  );
  if (!found.ok) return found.failure;
  const [header] = found.rows;
  if (!header)
    return {
      class: "reject",
      code: "DYNAMICS_ORDER_UNKNOWN",
      reason: `the ERP holds no sales order ${number}`,
    };
  const lines = header["SalesOrderLines"];
  return { header, lines: Array.isArray(lines) ? (lines as Row[]) : [] };
}

export function lineOf({ lines }: FoundOrder, line: unknown): Row | undefined {
  return lines.find((row) => sameValue(line, row["LineCreationSequenceNumber"]));
}

export function lineUnknown(order: string, line: unknown): Rejected {
  return {
    class: "reject",
    code: "DYNAMICS_LINE_UNKNOWN",
    reason: `sales order ${order} has no line ${textOf(line)} in the ERP`,
  };
}
