import { Refusal } from "./refusal.ts";

/** One line of a create or change request. What is absent keeps its value, or takes the catalogue's. */
export type LineRequest = {
  line: number;
  item?: string | undefined;
  quantity?: string | undefined;
  unit?: string | undefined;
  price?: string | undefined;
  requestedDate?: string | undefined;
};

export const DECIMAL = /^\d{1,12}(\.\d{1,6})?$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** Reads a text of 1 to 200 characters or refuses. */
export function readText(body: Record<string, unknown>, field: string, path = field): string {
  const value = body[field];
  if (typeof value === "string" && value.length > 0 && value.length <= 200) return value;
  throw new Refusal(422, "invalid-text", `${path} must be a text of 1 to 200 characters`, { field: path });
}

/** Reads one line or refuses, naming the field by the line's own number. */
export function readLine(value: unknown, index: number): LineRequest {
  if (typeof value !== "object" || value === null)
    throw new Refusal(422, "invalid-line", `line at index ${index} is not an object`, {
      field: `lines.${index}`,
    });
  const row = value as Record<string, unknown>;
  const line = row["line"];
  if (!Number.isInteger(line) || (line as number) < 1 || (line as number) > 999_999)
    throw new Refusal(
      422,
      "invalid-line",
      `line number ${String(line)} is not a whole number from 1 to 999999`,
      {
        field: `lines.${index}.line`,
      },
    );
  const path = (field: string) => `lines.${line as number}.${field}`;
  const text = (field: string) => (row[field] === undefined ? undefined : readText(row, field, path(field)));
  const quantity = text("quantity");
  if (quantity !== undefined && !DECIMAL.test(quantity))
    throw new Refusal(422, "invalid-quantity", `quantity ${quantity} is not a decimal of zero or more`, {
      field: path("quantity"),
    });
  const price = text("price");
  if (price !== undefined && !DECIMAL.test(price))
    throw new Refusal(422, "invalid-price", `price ${price} is not a decimal`, { field: path("price") });
  const requestedDate = text("requestedDate");
  if (requestedDate !== undefined && (!DATE.test(requestedDate) || Number.isNaN(Date.parse(requestedDate))))
    throw new Refusal(422, "invalid-date", `requestedDate ${requestedDate} is not a date like 2031-05-09`, {
      field: path("requestedDate"),
    });
  return { line: line as number, item: text("item"), quantity, unit: text("unit"), price, requestedDate };
}
