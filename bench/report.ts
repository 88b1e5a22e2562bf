import type { Figure } from "./figure.ts";

const COLUMNS = ["figure", "value", "unit", "limit", "ratio"] as const;

/** The figures as a table for people. */
export function formatTable(figures: readonly Figure[]): string {
  const rows = figures.map(({ name, value, unit, limit, ratio }) => [
    name,
    formatNumber(value),
    unit,
    limit === null ? "" : formatNumber(limit),
    ratio === null ? "" : `${(ratio * 100).toFixed(1)} %`,
  ]);
  const widths = COLUMNS.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)));
  const isNumber = (i: number) => i === 1 || i >= 3;
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (isNumber(i) ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join("  ")
      .trimEnd();
  return [line(COLUMNS), widths.map((width) => "-".repeat(width)).join("  "), ...rows.map(line)].join("\n");
}

/** As exact as a measurement is: three significant digits, whole from a hundred up. */
function formatNumber(value: number): string {
  if (Number.isNaN(value)) return "none";
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString("en");
  return String(Number(value.toPrecision(3)));
}
