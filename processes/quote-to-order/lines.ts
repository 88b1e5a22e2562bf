import { Decimal } from "../../src/process/index.ts";
import type { Changes, HeldOrder, Line, Order, Quantity, Wanted } from "./state.ts";

/** @throws Error when the units differ: the instance waits for a person rather than add pears to apples */
export function plus(a: Quantity, b: Quantity): Quantity {
  return { value: new Decimal(a.value).plus(inUnitOf(a, b)).toString(), unit: a.unit };
}

export function isLess(a: Quantity, b: Quantity): boolean {
  return new Decimal(a.value).lessThan(inUnitOf(a, b));
}

function inUnitOf(a: Quantity, b: Quantity): string {
  if (a.unit === b.unit) return b.value;
  throw new Error(`${b.value} ${b.unit} cannot be compared with ${a.value} ${a.unit}`);
}

export const isZero = ({ value }: Quantity): boolean => new Decimal(value).isZero();

/** The lines as the ERP has them now; what has shipped of them stays known. */
export function linesOf(order: Order, { lines }: Pick<HeldOrder, "lines">): Line[] {
  const known = new Map(order.lines.map((line) => [line.line, line]));
  return lines.map(({ line, item, quantity, schedule }) => {
    const confirmedDate = lastOf(schedule.map((each) => each.confirmedDate));
    const shipped = known.get(line)?.shipped ?? { value: "0", unit: quantity.unit };
    return { line, item, quantity, shipped, ...(confirmedDate !== undefined && { confirmedDate }) };
  });
}

function lastOf(dates: readonly string[]): string | undefined {
  return dates.toSorted().at(-1);
}

/** The day the whole order is promised for. */
export function promisedDate({ lines }: Order): string | undefined {
  return lastOf(lines.flatMap(({ confirmedDate }) => confirmedDate ?? []));
}

export function isShipped({ lines }: Order): boolean {
  return lines.length > 0 && lines.every(({ quantity, shipped }) => !isLess(shipped, quantity));
}

/**
 * What is wanted, with the changes; a quantity of zero takes a line out. Undefined when that is no order: a new line without
 * item and quantity, or no line left.
 */
export function changed(wanted: Wanted, { lines: changes, shippingPolicy }: Changes): Wanted | undefined {
  const lines = new Map(wanted.lines.map((line) => [line.line, line]));
  for (const change of changes) {
    if (change.quantity && isZero(change.quantity)) {
      lines.delete(change.line);
      continue;
    }
    const { item, quantity, ...rest } = { ...lines.get(change.line), ...change };
    if (item === undefined || quantity === undefined) return undefined;
    lines.set(change.line, { item, quantity, ...rest });
  }
  if (lines.size === 0) return undefined;
  return {
    ...wanted,
    ...(shippingPolicy && { shippingPolicy }),
    lines: [...lines.values()].toSorted((a, b) => a.line - b.line),
  };
}

/** What a change of an order that the ERP holds means for it. */
export type Assessment =
  | { readonly possible: false; readonly kind: "CHANGE_IMPOSSIBLE" | "CHANGE_TOO_LATE"; readonly why: string }
  | {
      readonly possible: true;
      /** Lines of which less is wanted than is being made. */ readonly fewer: readonly number[];
    };

export function assess(order: Order, { lines: changes }: Changes): Assessment {
  const lines = new Map(order.lines.map((line) => [line.line, line]));
  const fewer: number[] = [];
  let added = 0;
  for (const { line, item, quantity } of changes) {
    const held = lines.get(line);
    if (!held) {
      if (item === undefined || quantity === undefined || isZero(quantity))
        return impossible(`line ${line} is not in the order, and a new line needs an item and a quantity`);
      added += 1;
      continue;
    }
    if (item !== undefined && item !== held.item)
      return impossible(`line ${line} is ${held.item}: another item is a new line`);
    if (quantity === undefined) continue;
    if (isLess(quantity, held.shipped))
      return {
        possible: false,
        kind: "CHANGE_TOO_LATE",
        why: `${held.shipped.value} of line ${line} have shipped`,
      };
    if (isLess(quantity, held.quantity)) fewer.push(line);
    if (isZero(quantity)) lines.delete(line);
  }
  if (lines.size + added === 0) return impossible("it leaves no line: an order is cancelled, not emptied");
  return { possible: true, fewer };
}

function impossible(why: string): Assessment {
  return { possible: false, kind: "CHANGE_IMPOSSIBLE", why };
}
