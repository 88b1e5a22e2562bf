import type { Statement } from "../db/pool.ts";

/** A condition with `?` for each of its values. One with an undefined value was not asked for, and is left out. */
export type Condition = readonly [sql: string, ...values: readonly unknown[]];

/**
 * A list's statement with only the conditions that were asked for. Each combination is a statement of its own, with its own
 * name and plan: one text for all (`$1 is null or ..`) would be planned once, for none of them.
 */
export function filtered(
  name: string,
  select: string,
  conditions: readonly Condition[],
  tail: Condition,
): { readonly statement: Statement; readonly values: unknown[] } {
  const used = conditions
    .map((condition, n) => ({ condition, n }))
    .filter(({ condition: [, ...values] }) => values.every((value) => value !== undefined));
  const where = used.map(({ condition }) => condition[0]).join("\n  and ");
  const values = [...used.map(({ condition }) => condition), tail].flatMap(([, ...each]) => each);
  let n = 0;
  const text = `${select}\n${where ? `where ${where}\n` : ""}${tail[0]}`.replaceAll("?", () => `$${++n}`);
  return { statement: { name: [name, ...used.map((each) => each.n)].join("_"), text }, values };
}
