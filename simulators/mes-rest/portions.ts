import { createHash } from "node:crypto";
import { exact, text } from "./decimal.ts";
import type { Operation, Order, Portion } from "./order.ts";
import type { Plant } from "./plant.ts";

/** Divides an operation's input into what is reported at once, with the scrap and rework that will come of it. */
export function planPortions(plant: Plant, order: Order, operation: Operation, input: string): Portion[] {
  const { reportsPerOperation, minutesPerPiece, setupMinutes } = plant.settings;
  const perPiece =
    operation.runMinutes === null
      ? minutesPerPiece
      : exact(operation.runMinutes).dividedBy(order.quantity).toNumber();
  const portions = split(input, Math.max(1, Math.floor(reportsPerOperation))).map((quantity, n): Portion => {
    const setup = n === 0 ? Number(operation.setupMinutes ?? setupMinutes) : 0;
    const minutes = setup + perPiece * Number(quantity);
    return { quantity, good: quantity, scrap: "0", rework: "0", reasons: [], minutes };
  });
  const wanted = order.course.scrap?.filter((scrap) => scrap.operation === operation.operation);
  const scraps = wanted ?? drawScrap(plant, order, operation, input);
  for (const { quantity, code = "SCRAP", message = "scrapped" } of scraps)
    takeFromGood(portions, quantity, (portion, taken) => {
      portion.scrap = text(exact(portion.scrap).plus(taken));
      portion.reasons.push({ code, message, quantity: taken });
    });
  for (const { quantity } of order.course.rework?.filter((r) => r.operation === operation.operation) ?? [])
    takeFromGood(portions, quantity, (portion, taken) => {
      portion.rework = text(exact(portion.rework).plus(taken));
    });
  return portions;
}

/** What was put aside for rework, done: it becomes good, or scrap as far as the course says so. */
export function reworkPortion(plant: Plant, order: Order, operation: Operation): Portion {
  const quantity = operation.rework;
  const course = order.course.rework?.find((rework) => rework.operation === operation.operation);
  const lost = course?.scrap ?? "0";
  const scrap = exact(lost).gt(quantity) ? quantity : lost;
  const { code = "REWORK", message = "could not be reworked" } = course ?? {};
  return {
    // Nothing new goes in: these pieces were counted when they were put aside.
    quantity: "0",
    good: text(exact(quantity).minus(scrap)),
    scrap,
    rework: text(exact(quantity).negated()),
    reasons: exact(scrap).isZero() ? [] : [{ code, message, quantity: scrap }],
    minutes: plant.settings.minutesPerPiece * Number(quantity),
  };
}

/** Whole pieces stay whole. */
function split(total: string, parts: number): string[] {
  const amount = exact(total);
  const places = amount.isInteger() ? 0 : 3;
  const part = amount.dividedBy(parts).toDecimalPlaces(places, 1);
  const portions = Array.from({ length: parts }, () => part);
  // What does not divide goes to the first.
  portions[0] = amount.minus(part.times(parts - 1));
  return portions.filter((portion) => portion.gt(0)).map(text);
}

function takeFromGood(
  portions: Portion[],
  quantity: string,
  give: (portion: Portion, taken: string) => void,
): void {
  let left = exact(quantity);
  for (const portion of portions) {
    const taken = left.lt(portion.good) ? left : exact(portion.good);
    if (taken.lte(0)) continue;
    portion.good = text(exact(portion.good).minus(taken));
    give(portion, text(taken));
    left = left.minus(taken);
  }
}

/** Pieces that fail by chance: the same order with the same seed fails the same, whatever else happens. */
function drawScrap(
  plant: Plant,
  order: Order,
  operation: Operation,
  input: string,
): { quantity: string; code?: string; message?: string }[] {
  const rate = Number(plant.settings.scrapRate);
  if (!(rate > 0)) return [];
  let scrapped = 0;
  for (let piece = 0; piece < Math.floor(Number(input)); piece++) {
    const drawn = createHash("sha256").update(
      `${plant.seed}/${order.workOrder}/${operation.operation}/${piece}`,
    );
    if (drawn.digest().readUInt32BE(0) / 2 ** 32 < rate) scrapped++;
  }
  return scrapped === 0 ? [] : [{ quantity: String(scrapped), code: "DIM", message: "out of dimension" }];
}
