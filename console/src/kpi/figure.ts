import { writeDecimal } from "../quantity/quantity.tsx";
import { writeSpan } from "../time/format.ts";

export type FigureUnit = "seconds" | "share" | "count";

/** A figure as its unit is read: `3 h 20 min`, `97.4 %`, `1 204`; a dash where nothing counted. */
export function writeFigure(value: number | null, unit: FigureUnit): string {
  if (value === null) return "–";
  if (unit === "seconds") return writeSpan(value * 1_000);
  if (unit === "share") return `${Math.round(value * 1_000) / 10}\u202f%`;
  return writeDecimal(Math.round(value));
}
