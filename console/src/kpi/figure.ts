import { writeDecimal } from "../quantity/quantity.tsx";
import { writeSpan } from "../time/format.ts";

export type FigureUnit = "seconds" | "share" | "count";

/** A figure as its unit is read: `3 h 20 min`, `97.4 %`, `1 204`; a dash where nothing counted. */
export function writeFigure(value: number | null, unit: FigureUnit): string {
  if (value === null) return "–";
  // Below zero where one clock was ahead of another: an age that hides it would be a lie.
  if (unit === "seconds") return `${value < 0 ? "\u2212" : ""}${writeSpan(value * 1_000)}`;
  if (unit === "share") return `${Math.round(value * 1_000) / 10}\u202f%`;
  return writeDecimal(Math.round(value));
}
