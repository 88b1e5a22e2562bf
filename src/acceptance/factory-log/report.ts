/** What the works' MES makes of its log: native messages, as examples/factory-log reads them. */
import { hash } from "node:crypto";
import type { LogRow } from "./log-file.ts";

export type Kind = "started" | "done" | "checked" | "review";

export interface LogReport {
  readonly id: string;
  readonly report: Kind;
  /** The work order, as the ERP numbered it. */
  readonly order: string;
  readonly counter: number;
  readonly [field: string]: string | number;
}

/** The log's rows have no ids: a row is known again by its content, and so is one that was typed twice. */
export function counterOf({ line: _line, ...content }: LogRow, round: number): number {
  // 48 bits, which every JSON reader holds exactly
  return Number.parseInt(hash("sha256", JSON.stringify([round, content]), "hex").slice(0, 12), 16);
}

export function isCheck({ activity }: LogRow): boolean {
  return activity.endsWith("Q.C.");
}

export function reportsOf(row: LogRow, order: string, round: number): LogReport[] {
  const { line: _line, workOrder: _case, reportType, forReview, ...fields } = row;
  const counter = counterOf(row, round);
  const kinds: Kind[] = [
    "started",
    ...(isCheck(row) ? (["checked"] as const) : []),
    "done",
    ...(Number(forReview) > 0 ? (["review"] as const) : []),
  ];
  return kinds.map((report) => ({
    id: `row/${counter}/${report}`,
    report,
    order,
    counter,
    ...fields,
    type: reportType,
    review: forReview,
  }));
}
