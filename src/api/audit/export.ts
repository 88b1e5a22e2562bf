import type { Pool } from "../../db/pool.ts";
import type { Entry, FORMATS } from "./entry.ts";
import { type EntryFilter, selectEntries } from "./queries.ts";

const PAGE = 500;
const COLUMNS = ["seq", "at", "actor", "what", "object", "reason", "plant", "correlation", "detail"] as const;

/** Page by page, as fast as the reader takes it: an export may be longer than what fits into memory. */
export async function* exportEntries(
  pool: Pool,
  filter: EntryFilter,
  format: (typeof FORMATS)[number],
): AsyncGenerator<string> {
  if (format === "csv") yield `${COLUMNS.join(",")}\r\n`;
  let before: number | undefined;
  do {
    const entries = await selectEntries(pool, filter, before, PAGE);
    before = entries.length === PAGE ? entries.at(-1)!.seq : undefined;
    yield entries.map(format === "csv" ? csvLine : jsonLine).join("");
  } while (before !== undefined);
}

function jsonLine(entry: Entry): string {
  return `${JSON.stringify(entry)}\n`;
}

function csvLine(entry: Entry): string {
  const cells = COLUMNS.map((column) => {
    const value = entry[column];
    return cell(typeof value === "string" ? value : value === null ? "" : JSON.stringify(value));
  });
  return `${cells.join(",")}\r\n`;
}

/**
 * What a spreadsheet would take for a formula begins with an apostrophe: reasons are words that anybody may have written.
 * https://owasp.org/www-community/attacks/CSV_Injection
 */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
