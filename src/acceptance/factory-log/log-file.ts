import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";

/** A row of the factory's log, as it was written: texts, none of them checked. */
export interface LogRow {
  /** Its line in the file; the header is line 1. */
  readonly line: number;
  readonly workOrder: string;
  readonly activity: string;
  readonly resource: string;
  /** Local time without a zone, `2024/02/05 22:10:00.000`. */
  readonly start: string;
  readonly complete: string;
  /** Hours and minutes, `005:45`. */
  readonly span: string;
  readonly ordered: string;
  readonly part: string;
  readonly worker: string;
  /** S, D or B: nobody says what it stands for. */
  readonly reportType: string;
  readonly completed: string;
  readonly rejected: string;
  /** Pieces kept for the material review board. */
  readonly forReview: string;
  /** `Y`: these pieces were made a second time. */
  readonly rework: string;
}

const COLUMNS: Readonly<Record<string, keyof LogRow>> = {
  "Case ID": "workOrder",
  Activity: "activity",
  Resource: "resource",
  "Start Timestamp": "start",
  "Complete Timestamp": "complete",
  Span: "span",
  "Work Order  Qty": "ordered",
  "Part Desc.": "part",
  "Worker ID": "worker",
  "Report Type": "reportType",
  "Qty Completed": "completed",
  "Qty Rejected": "rejected",
  "Qty for MRB": "forReview",
  Rework: "rework",
};

/** @param data the folder of the data */
export function readLog(data: string): LogRow[] {
  const text = readFileSync(join(data, "mes-log/production-cases-1-50.csv"), "utf8");
  const records = parse(text, {
    bom: true,
    columns: (names: string[]) => names.map((name) => COLUMNS[name] ?? null),
    info: true,
  }) as unknown as { info: { lines: number }; record: Omit<LogRow, "line"> }[];
  return records.map(({ info, record }) => ({ ...record, line: info.lines }));
}
