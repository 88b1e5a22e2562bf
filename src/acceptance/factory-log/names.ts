/**
 * What ERP and hub call what the log names. It is made of the log itself, as whoever introduces the hub would write it: the
 * log's own names stand in no file of this project.
 */
import type { LogRow } from "./log-file.ts";

/** Each routing ends with it, at a place of the same name; it is the operation that counts. */
export const PACKING = "Packing";

export interface Names {
  /** The numbers of operations by activity, in the order in which pieces go through them. */
  readonly operations: ReadonlyMap<string, string>;
  /** Work centres by machine. */
  readonly workCenters: ReadonlyMap<string, string>;
}

export function nameAll(rows: readonly LogRow[]): Names {
  const places = progressOf(rows);
  const activities = [...places.keys()].toSorted((a, b) => places.get(a)! - places.get(b)!);
  const machines = [...new Set(rows.map(({ resource }) => resource))].toSorted();
  return {
    operations: new Map(activities.map((activity, n) => [activity, String((n + 1) * 10)])),
    workCenters: new Map(machines.map((machine, n) => [machine, `WC-${n + 1}`])),
  };
}

/** `crosswalks/mes-works.csv` of the project. */
export function writeCrosswalk({ operations, workCenters }: Names): string {
  const rows = [["unit", "PCE", "C62"]];
  for (const [machine, workCenter] of workCenters) rows.push(["workCenter", machine, workCenter]);
  for (const [activity, operation] of operations) rows.push(["operation", activity, operation]);
  const lines = rows.map((row) => ["mes-works", ...row].map(quoted).join(","));
  return `system,kind,native,canonical\n${lines.join("\n")}\n`;
}

/** How far an order has come when it is at an activity, on the average: from 0 to 1, and packing is behind everything. */
function progressOf(rows: readonly LogRow[]): Map<string, number> {
  const seen = new Map<string, number[]>();
  for (const own of Map.groupBy(rows, ({ workOrder }) => workOrder).values())
    for (const [n, { activity }] of own.toSorted((a, b) => (a.start < b.start ? -1 : 1)).entries())
      seen.set(activity, [...(seen.get(activity) ?? []), n / own.length]);
  const average = (all: readonly number[]) => all.reduce((sum, each) => sum + each, 0) / all.length;
  return new Map([...seen].map(([activity, all]) => [activity, activity === PACKING ? 1 : average(all)]));
}

function quoted(value: string): string {
  return `"${value.replaceAll('"', '""')}"`;
}
