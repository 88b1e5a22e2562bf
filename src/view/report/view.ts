import { parseEventType } from "../../event/envelope.ts";
import { defineView } from "../contract.ts";
import { putReports, selectReports } from "./queries.ts";
import { isPosted, type Posting, postingOf, REPORTS, POSTINGS, reportOf, type ReportRow } from "./report.ts";

/** What plants reported on operations, and whether the ERP has it. */
export default defineView({
  name: "report",
  version: 1,
  tables: ["kpi_reports"],
  events: [...REPORTS, ...POSTINGS],
  async apply({ events }, on) {
    const steps = events.flatMap((event) => {
      const name = parseEventType(event.type)?.name ?? "";
      const report = REPORTS.includes(name) ? reportOf(event) : undefined;
      const posting = report || REPORTS.includes(name) ? undefined : postingOf(name, event);
      return report || posting ? [{ report, posting, time: event.time }] : [];
    });
    if (steps.length === 0) return;
    const known = await selectReports(
      on,
      steps.flatMap(({ report, posting }) => report?.production_order ?? orderOf(posting)),
      steps.flatMap(({ posting }) => (posting && "seq" in posting ? [posting.seq] : [])),
    );
    const rows = new Map(known.map((row) => [keyOf(row), row]));
    const changed = new Map<string, ReportRow>();
    const put = (row: ReportRow) => {
      rows.set(keyOf(row), row);
      changed.set(keyOf(row), row);
    };
    for (const { report, posting, time } of steps) {
      if (report && isFirst(report, rows)) put(report);
      if (!posting) continue;
      for (const row of rows.values()) if (isPosted(row, posting)) put({ ...row, posted_at: time });
    }
    if (changed.size > 0) await putReports(on, [...changed.values()]);
  },
});

function keyOf({ work_order, operation, confirmation }: ReportRow): string {
  return JSON.stringify([work_order, operation, confirmation]);
}

function orderOf(posting: Posting | undefined): string[] {
  return posting && "order" in posting ? [posting.order] : [];
}

/** Told again it is the same report. The quantities at the end of a work order are those of its operations once more. */
function isFirst(report: ReportRow, rows: ReadonlyMap<string, ReportRow>): boolean {
  if (rows.has(keyOf(report))) return false;
  if (report.operation !== "") return true;
  return ![...rows.values()].some(
    ({ work_order, operation }) => work_order === report.work_order && operation !== "",
  );
}
