/** What was reported against what was ordered, against itself from operation to operation, and against what the ERP posted. */
import { compare, isZero, minus, plus, sumOf, withTolerance } from "./amount.ts";
import { type Production, type Progress, reportingOf } from "./state.ts";

export const NOTHING: Progress = { good: "0", scrap: "0", rework: "0" };

/** Good pieces in all: those of the reporting operation, or of the order where no operations are reported. */
export function goodOf(state: Production): string {
  return (state.operations[reportingOf(state) ?? ""] ?? NOTHING).good;
}

export function scrapOf({ operations }: Production): string {
  return sumOf(Object.values(operations).map(({ scrap }) => scrap));
}

/** Undefined while the good pieces stay within the order's tolerance. */
export function overDelivered(state: Production): string | undefined {
  const { quantity, overDelivery } = state.order!;
  const limit = withTolerance(quantity.value, overDelivery);
  const good = goodOf(state);
  if (compare(good, limit) <= 0) return undefined;
  return `${good} good of ${quantity.value} ordered, ${limit} with its tolerance`;
}

/** Operations of the order that nobody reported on, where operations are reported. */
export function missingOperations(state: Production): string[] {
  if (reportingOf(state) === undefined) return [];
  return state
    .order!.operations!.map(({ operation }) => operation)
    .filter((operation) => state.operations[operation] === undefined);
}

/** Why the sums do not fit together, in sentences; none when they do. */
export function differences(state: Production): string[] {
  const { quantity, operations = [] } = state.order!;
  const found: string[] = [];
  if (Object.values(state.works).includes("gone")) found.push("the plant gave the work order up");
  const counted = operations
    .map(({ operation }) => ({ operation, ...(state.operations[operation] ?? NOTHING) }))
    // set-up or inspection alone counts no pieces
    .filter((each) => !isZero(processedOf(each)));
  for (const [n, each] of counted.entries()) {
    const before = counted[n - 1];
    const processed = processedOf(each);
    if (before && compare(processed, before.good) !== 0)
      found.push(
        `operation ${each.operation} reports ${processed} pieces, operation ${before.operation} passed on ${before.good}`,
      );
    if (!isZero(each.rework))
      found.push(`${each.rework} pieces of operation ${each.operation} are still to be reworked`);
  }
  const made = plus(goodOf(state), scrapOf(state));
  if (compare(made, quantity.value) < 0)
    found.push(`${goodOf(state)} good and ${scrapOf(state)} scrapped of ${quantity.value} ordered`);
  return found;
}

function processedOf({ good, scrap, rework }: Progress): string {
  return sumOf([good, scrap, rework]);
}

/** What the ERP has not posted as it was reported, in sentences; none: everything has come back. */
export function openPostings(state: Production): string[] {
  const { posted } = state;
  const found = openConfirmations(state);
  const good = goodOf(state);
  if (compare(posted.received, good) !== 0) found.push(`${posted.received} received of ${good} good pieces`);
  // What a plant does not report, people issue in the ERP themselves.
  for (const [item, issued] of Object.entries(state.issued)) {
    const back = posted.issued[item] ?? "0";
    if (compare(issued, back) !== 0) found.push(`${back} of ${item} issued of ${issued} reported`);
  }
  return found;
}

function openConfirmations({ operations, posted }: Production): string[] {
  // An ERP that does not say the operation is compared as a whole.
  const whole = posted.operations[""] !== undefined && operations[""] === undefined;
  const pairs = whole
    ? [["", totalOf(operations), totalOf(posted.operations)] as const]
    : [...new Set([...Object.keys(operations), ...Object.keys(posted.operations)])].map(
        (name) => [name, operations[name] ?? NOTHING, posted.operations[name] ?? NOTHING] as const,
      );
  return pairs
    .filter(([, told, back]) => compare(told.good, back.good) !== 0 || compare(told.scrap, back.scrap) !== 0)
    .map(
      ([name, told, back]) =>
        `${name === "" ? "confirmed" : `operation ${name}: confirmed`} ${back.good} good and ${back.scrap} scrapped of ${told.good} and ${told.scrap} reported`,
    );
}

function totalOf(table: Readonly<Record<string, Pick<Progress, "good" | "scrap">>>) {
  const all = Object.values(table);
  return { good: sumOf(all.map(({ good }) => good)), scrap: sumOf(all.map(({ scrap }) => scrap)) };
}

/** Where the plant reports the use of what the ERP issues by itself, and the two differ. */
export function backflushDifferences({ used, posted }: Production): string[] {
  return Object.entries(used)
    .filter(([item, value]) => compare(value, posted.backflushed[item] ?? "0") !== 0)
    .map(
      ([item, value]) =>
        `the plant used ${value} of ${item}, the ERP issued ${posted.backflushed[item] ?? "0"} (${minus(value, posted.backflushed[item] ?? "0")} more used)`,
    );
}
