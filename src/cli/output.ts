/** Standard output carries the answer, standard error what is said about the work. */

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

export function printLine(line = ""): void {
  process.stdout.write(`${line}\n`);
}

export function note(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** A line that is written over while work goes on; silent where nobody watches. */
export function progress(): { readonly say: (line: string) => void; readonly end: () => void } {
  const watched = process.stderr.isTTY;
  return {
    say: (line) => void (watched && process.stderr.write(`\r${line}\u001b[K`)),
    end: () => void (watched && process.stderr.write("\r\u001b[K")),
  };
}

/** Columns under their names, as wide as what is in them. An empty table says so. */
export function printTable(
  head: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): void {
  if (rows.length === 0) return printLine("none");
  const text = [head, ...rows.map((row) => row.map((cell) => String(cell ?? "")))];
  const widths = head.map((_, i) => Math.max(...text.map((row) => row[i]!.length)));
  for (const row of text)
    printLine(
      row
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join("  ")
        .trimEnd(),
    );
}

/** Aligned pairs, one per line; what is null or empty is left out. */
export function printFields(fields: Readonly<Record<string, unknown>>): void {
  const shown = Object.entries(fields).filter(
    ([, value]) => value !== null && value !== undefined && value !== "",
  );
  const width = Math.max(...shown.map(([name]) => name.length));
  for (const [name, value] of shown) {
    printLine(`${name.padEnd(width)}  ${typeof value === "object" ? JSON.stringify(value) : String(value)}`);
  }
}

/** `2026-03-01T09:00:00.123456Z` -> `2026-03-01 09:00:00.123`: UTC, to the millisecond. */
export function showTime(utc: string | null): string {
  return utc === null ? "" : utc.slice(0, 23).replace("T", " ").replace(/Z$/, "");
}
