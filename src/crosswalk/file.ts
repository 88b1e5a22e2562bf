import { readFileSync } from "node:fs";
import { CsvError, parse } from "csv-parse/sync";
import type { CrosswalkRow } from "./crosswalk.ts";

const COLUMNS = ["system", "kind", "native", "canonical"] as const;
const MAX_VALUE = 200;

export interface CrosswalkFiles {
  rows: CrosswalkRow[];
  /** Sentences that begin with `file:line`; rows with a problem are left out. */
  problems: string[];
}

/**
 * Reads `crosswalks/*.csv`. The first line names the columns `system,kind,native,canonical` in any order; blank lines
 * and lines that begin with # are skipped; values are taken as they stand, without the blanks around them.
 * @param files names shown in problems; `read` gives their bytes
 * @param systems ids that may stand in the column `system`, besides `*`
 */
export function readCrosswalkFiles(
  files: readonly string[],
  systems: ReadonlySet<string>,
  read: (file: string) => Buffer = (file) => readFileSync(file),
): CrosswalkFiles {
  const rows: CrosswalkRow[] = [];
  const problems: string[] = [];
  const seen = new Map<string, { canonical: string; place: string }>();
  for (const file of files) {
    for (const { values, line } of readRows(file, () => read(file), problems)) {
      const place = `${file}:${line}`;
      const wrong = rowProblem(values, systems);
      if (wrong) {
        problems.push(`${place}: ${wrong}`);
        continue;
      }
      const preferred = values.canonical.startsWith("+");
      const row = {
        ...values,
        canonical: preferred ? values.canonical.slice(1) : values.canonical,
        preferred,
      };
      const key = JSON.stringify([row.system, row.kind, row.native]);
      const before = seen.get(key);
      if (before) {
        problems.push(
          `${place}: ${row.kind} "${row.native}" of ${row.system} is already "${before.canonical}" at ${before.place}`,
        );
        continue;
      }
      seen.set(key, { canonical: row.canonical, place });
      rows.push(row);
    }
  }
  return { rows, problems };
}

type Values = Record<(typeof COLUMNS)[number], string>;

function readRows(file: string, read: () => Buffer, problems: string[]): { values: Values; line: number }[] {
  let header: string[] | undefined;
  try {
    const records = parse<Values>(read(), {
      bom: true,
      comment: "#",
      comment_no_infix: true,
      trim: true,
      skip_empty_lines: true,
      info: true,
      columns: (names: string[]) => (header = names),
    }) as unknown as { record: Values; info: { lines: number } }[];
    const missing = COLUMNS.filter((column) => !header?.includes(column));
    const extra = (header ?? []).filter((column) => !(COLUMNS as readonly string[]).includes(column));
    if (missing.length > 0 || extra.length > 0) {
      problems.push(
        `${file}:1: the columns must be ${COLUMNS.join(",")}, not ${header?.join(",") ?? "none"}`,
      );
      return [];
    }
    return records.map(({ record, info }) => ({ values: record, line: info.lines }));
  } catch (error) {
    const line = error instanceof CsvError ? ((error as { lines?: number }).lines ?? 1) : 1;
    problems.push(`${file}:${line}: ${(error as Error).message}`);
    return [];
  }
}

function rowProblem(values: Values, systems: ReadonlySet<string>): string | undefined {
  for (const column of COLUMNS) {
    if (values[column] === "") return `${column} is empty`;
    if (values[column].length > MAX_VALUE) return `${column} is longer than ${MAX_VALUE} characters`;
  }
  if (values.canonical === "+") return "canonical is empty behind its +";
  if (!/^[a-z][A-Za-z0-9-]*$/.test(values.kind))
    return `kind "${values.kind}" must be a word such as item or reasonCode`;
  if (values.system !== "*" && !systems.has(values.system))
    return `there is no system "${values.system}" in interlock.yaml`;
  return undefined;
}
