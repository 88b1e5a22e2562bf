/** What the file says, by plain code that shares nothing with what plays it: lines, commas and sums. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What was done on one activity of one order. */
export interface Sum {
  readonly order: string;
  readonly activity: string;
  readonly good: number;
  readonly scrap: number;
}

export interface Truth {
  readonly rows: number;
  /** Rows that are no exact copy of an earlier one. */
  readonly distinct: number;
  /** Checks of quality among the distinct rows. */
  readonly checks: number;
  readonly orders: readonly { readonly name: string; readonly ordered: number }[];
  readonly sums: readonly Sum[];
  /** "Qty Completed" of all rows, as the column adds up: each piece once per operation. */
  readonly completedColumn: number;
  readonly reworked: number;
  readonly forReview: number;
  /** Lines whose own fields contradict each other. */
  readonly senseless: readonly number[];
}

const [CASE, ACTIVITY, START, COMPLETE, SPAN, ORDERED, COMPLETED, REJECTED, REVIEW, REWORK] = [
  0, 1, 3, 4, 5, 6, 10, 11, 12, 13,
] as const;

/** @param data the folder of the data */
export function readTruth(data: string): Truth {
  const text = readFileSync(join(data, "mes-log/production-cases-1-50.csv"), "utf8");
  const lines = text.trimEnd().split(/\r?\n/).slice(1);
  const seen = new Set<string>();
  const orders = new Map<string, number>();
  const sums = new Map<string, { order: string; activity: string; good: number; scrap: number }>();
  const senseless: number[] = [];
  let checks = 0;
  let completedColumn = 0;
  let reworked = 0;
  let forReview = 0;
  for (const [n, line] of lines.entries()) {
    const field = line.split(",");
    completedColumn += Number(field[COMPLETED]);
    if (seen.has(line)) continue;
    seen.add(line);
    const [order, activity] = [field[CASE]!, field[ACTIVITY]!];
    orders.set(order, Number(field[ORDERED]));
    const sum = sums.get(`${order}|${activity}`) ?? { order, activity, good: 0, scrap: 0 };
    sums.set(`${order}|${activity}`, sum);
    if (field[REWORK] === "Y") reworked += Number(field[COMPLETED]);
    else sum.good += Number(field[COMPLETED]);
    sum.scrap += Number(field[REJECTED]);
    forReview += Number(field[REVIEW]);
    if (activity.includes("Q.C.")) checks++;
    if (isSenseless(field[START]!, field[COMPLETE]!, field[SPAN]!)) senseless.push(n + 2);
  }
  return {
    rows: lines.length,
    distinct: seen.size,
    checks,
    orders: [...orders].map(([name, ordered]) => ({ name, ordered })),
    sums: [...sums.values()],
    completedColumn,
    reworked,
    forReview,
    senseless,
  };
}

/** A span that was measured must be a duration, and the one between the times but for rounding. */
function isSenseless(start: string, complete: string, span: string): boolean {
  if (span === "000:00") return false;
  const measured = /^(\d\d\d):(\d\d)$/.exec(span);
  if (!measured) return true;
  const minutes = (at: string) => Date.parse(`${at.replaceAll("/", "-").replace(" ", "T")}Z`) / 60_000;
  const elapsed = minutes(complete) - minutes(start);
  return Math.abs(Number(measured[1]) * 60 + Number(measured[2]) - elapsed) > 1;
}
