/** The comparison as a person reads it. */
import { styleText } from "node:util";
import type { Report, Row } from "./compare.ts";

const COLUMNS: readonly (readonly [head: string, from: string, of: (row: Row) => string])[] = [
  ["order", "", ({ order }) => order],
  ["customer", "", ({ customer }) => customer],
  ["item", "", ({ item }) => item],
  ["ordered", "CRM", ({ ordered }) => ordered],
  ["released", "ERP", ({ released }) => released],
  ["good", "MES", ({ good }) => good],
  ["scrap", "MES", ({ scrap }) => scrap],
  ["rework", "MES", ({ rework }) => rework],
  ["received", "ERP", ({ received }) => received],
  ["blocked", "ERP", ({ blocked }) => blocked],
  ["scrapped later", "ERP", ({ scrappedLater }) => scrappedLater],
  ["shipped", "ERP", ({ shipped }) => shipped],
  ["invoiced", "ERP", ({ invoiced }) => invoiced],
  ["promised", "ERP", ({ promised }) => promised],
  ["rev", "ERP", ({ revision }) => revision],
  ["status", "CRM", ({ status }) => status],
  ["", "", ({ agrees }) => (agrees ? "agrees" : "DIFFERS")],
];
const NUMBER = /^-?\d+(\.\d+)?$/;

type Paint = (format: "dim" | "green" | "red", text: string) => string;

export function tableOf({ agrees, rows, sums }: Report, stream: NodeJS.WritableStream): string {
  const paint: Paint = (format, text) => styleText(format, text, { stream: stream as NodeJS.WriteStream });
  const cells = rows.map((row) => COLUMNS.map(([, , of]) => of(row)));
  const widths = COLUMNS.map(([head, from], i) =>
    Math.max(head.length, from.length, ...cells.map((row) => row[i]!.length)),
  );
  const line = (texts: readonly string[]) =>
    texts
      .map((text, i) => (NUMBER.test(text) ? text.padStart(widths[i]!) : text.padEnd(widths[i]!)))
      .join("  ")
      .trimEnd();
  const body = rows.flatMap((row, i) => [
    row.agrees ? line(cells[i]!) : paint("red", line(cells[i]!)),
    ...row.differences.map((difference) => `    ${difference}`),
  ]);
  return [
    "",
    paint("dim", line(COLUMNS.map(([head]) => head))),
    paint("dim", line(COLUMNS.map(([, from]) => from))),
    ...body,
    "",
    ...sums.map(({ what, holds }) => (holds ? `  holds   ${what}` : paint("red", `  DIFFERS ${what}`))),
    "",
    agrees
      ? paint("green", `CRM, ERP and both plants agree on all ${rows.length} orders.`)
      : paint(
          "red",
          `They do not agree: ${rows.filter((row) => !row.agrees).length} of ${rows.length} orders differ.`,
        ),
  ].join("\n");
}
