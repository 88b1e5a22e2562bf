/** What went wrong, counted in the systems' own books: the same yardstick for whatever stood between them. */
import { Decimal } from "decimal.js";
import type { Books, Posting } from "./books.ts";

export interface Damage {
  readonly what: string;
  readonly count: string;
  /** One of them, in words; empty when there is none. */
  readonly example: string;
}

/** What quality decided of goods under hold, and when. */
export interface Decision {
  readonly at: string;
  /** Of what was held, never to be shipped. */
  readonly scrapped: string;
}

/** @param orders numbers of the sales orders */
export function countDamage(orders: readonly string[], books: Books, decision: Decision): Damage[] {
  return [
    doubled("receipts posted twice", "receipt", books),
    lostReceipts(books),
    doubled("confirmations posted twice", "confirmation", books),
    lostConfirmations(books),
    doubled("material issued twice", "issue", books),
    ghosts(books),
    underHold(books, decision),
    strayed(books),
    ...ordersAmiss(orders, books),
    revisions(books),
  ];
}

/** A reference is one intention: applied twice, it was posted twice. */
function doubled(what: string, kind: Posting["kind"], { postings }: Books): Damage {
  const units = Map.groupBy(
    postings.filter((posting) => posting.kind === kind && posting.reference !== ""),
    ({ order, reference }) => `${order} ${reference}`,
  );
  const twice = [...units.values()]
    .map((all) => ({ first: all[0]!, times: new Set(all.map(({ unit }) => unit)).size }))
    .filter(({ times }) => times > 1);
  const [one] = twice;
  const at =
    one && (one.first.operation === "" ? one.first.order : `${one.first.order}/${one.first.operation}`);
  return {
    what,
    count: sum(twice.map(({ times }) => times - 1)),
    example: one ? `${at}: ${one.first.quantity} posted ${one.times} times` : "",
  };
}

/** What was posted, each intention once: what was posted twice must not hide what is missing. */
function onceEach(postings: readonly Posting[]): Posting[] {
  const seen = new Map<string, string>();
  return postings.filter(({ order, operation, kind, reference, unit }) => {
    if (reference === "") return true;
    const key = `${kind} ${order} ${operation} ${reference}`;
    const first = seen.get(key);
    if (first === undefined) seen.set(key, unit);
    return first === undefined || first === unit;
  });
}

function lostReceipts({ postings, made }: Books): Damage {
  const posted = onceEach(postings.filter(({ kind }) => kind === "receipt"));
  return missing(
    "pieces made and never received",
    sumBy(made.flatMap(({ order, lots }) => lots.map(({ quantity }) => [order, quantity] as const))),
    sumBy(posted.map(({ order, quantity }) => [order, quantity] as const)),
    "made",
    "received",
  );
}

function lostConfirmations({ postings, made }: Books): Damage {
  const posted = onceEach(postings.filter(({ kind }) => kind === "confirmation"));
  return missing(
    "pieces reported and never confirmed",
    sumBy(
      made.map(({ order, operation, good, scrap }) => [`${order}/${operation}`, sum([good, scrap])] as const),
    ),
    sumBy(posted.map(({ order, operation, quantity }) => [`${order}/${operation}`, quantity] as const)),
    "reported",
    "confirmed",
  );
}

function missing(
  what: string,
  there: ReadonlyMap<string, Decimal>,
  posted: ReadonlyMap<string, Decimal>,
  did: string,
  done: string,
): Damage {
  const short = [...there]
    .map(([key, quantity]) => ({ key, quantity, found: posted.get(key) ?? new Decimal(0) }))
    .filter(({ quantity, found }) => quantity.gt(found));
  const [one] = short;
  return {
    what,
    count: sum(short.map(({ quantity, found }) => quantity.minus(found))),
    example: one
      ? `${one.key}: ${one.quantity} ${did}, ${one.found} ${done}, counting each posting once`
      : "",
  };
}

/** Stock in the ERP beyond what the plants made, less what left and what was scrapped out of stock. */
function ghosts({ told, made, shipped }: Books): Damage {
  const there = sumBy([
    ...made.flatMap(({ lots }) => lots.map(({ lot, quantity }) => [lot, quantity] as const)),
    ...shipped.map(({ lot, quantity }) => [lot, new Decimal(quantity).neg()] as const),
    ...told.scrapped.map(({ lot, quantity }) => [lot, new Decimal(quantity).neg()] as const),
  ]);
  const onHand = sumBy(told.stock.map(({ lot, quantity }) => [lot, quantity] as const));
  const ghost = [...there]
    .map(([lot, real]) => ({ lot, real, shown: onHand.get(lot) ?? new Decimal(0) }))
    .filter(({ real, shown }) => shown.gt(real));
  const [one] = ghost;
  return {
    what: "pieces in stock that are not there",
    count: sum(ghost.map(({ real, shown }) => shown.minus(real))),
    example: one ? `lot ${one.lot}: ${one.shown} in the ERP, ${one.real} on the shelf` : "",
  };
}

/** Until quality had decided, what was held must not leave; afterwards what was to be scrapped. */
function underHold({ held, made, shipped }: Books, { at, scrapped }: Decision): Damage {
  const wrong = held.flatMap(({ hold, lot, quantity }) => {
    const good = sumBy(
      made.flatMap(({ lots }) => lots.map((each) => [each.lot, each.quantity] as const)),
    ).get(lot);
    const left = shipped.filter((each) => each.lot === lot);
    const before = sum(left.filter((each) => each.at < at).map((each) => each.quantity));
    const beyond = (gone: string, kept: string) =>
      Decimal.max(0, new Decimal(gone).minus(good ?? 0).plus(kept));
    const most = Decimal.max(
      beyond(before, quantity),
      beyond(sum(left.map((each) => each.quantity)), scrapped),
    );
    return most.gt(0)
      ? [{ hold, lot, good, most, gone: sum(left.map((each) => each.quantity)), quantity }]
      : [];
  });
  const [one] = wrong;
  return {
    what: "pieces shipped under hold",
    count: sum(wrong.map(({ most }) => most)),
    example: one
      ? `lot ${one.lot}: ${one.quantity} of ${one.good} held by ${one.hold}, ${one.gone} shipped`
      : "",
  };
}

/** Goods made for one order that left for another: the right number, and perhaps another motor in them. */
function strayed({ told, shipped }: Books): Damage {
  const wrong = shipped.flatMap(({ salesOrder, lot, quantity }) => {
    const maker = told.productions.find(({ lots }) => lots.includes(lot));
    if (!maker?.salesOrder || maker.salesOrder === salesOrder) return [];
    return [
      { quantity, example: `lot ${lot}: made for ${maker.salesOrder}, ${quantity} shipped to ${salesOrder}` },
    ];
  });
  return {
    what: "pieces shipped to another order",
    count: sum(wrong.map(({ quantity }) => quantity)),
    example: wrong[0]?.example ?? "",
  };
}

function ordersAmiss(orders: readonly string[], { told, orders: inErp }: Books): Damage[] {
  const both = orders.map((number) => ({
    number,
    crm: told.crm.find((order) => order.number === number),
    erp: told.erp.find((order) => order.number === number),
    whole: inErp.get(number),
  }));
  const count = (what: string, find: (each: (typeof both)[number]) => string | undefined): Damage => {
    const wrong = both.flatMap((each) => find(each) ?? []);
    return { what, count: String(wrong.length), example: wrong[0] ?? "" };
  };
  return [
    count("orders lost, or with another quantity", ({ number, crm, whole }) => {
      if (!whole) return `${number}: not in the ERP`;
      if (new Decimal(crm?.quantity ?? 0).eq(whole.ordered)) return undefined;
      return `${number}: ${crm?.quantity} in the CRM, ${whole.ordered} in the ERP`;
    }),
    count("orders that never left", ({ number, crm, whole }) =>
      new Decimal(whole?.shipped ?? 0).lt(crm?.quantity ?? 0)
        ? `${number}: ${crm?.quantity} ordered, ${whole?.shipped ?? 0} shipped`
        : undefined,
    ),
    count("wrong promise dates in the CRM", ({ number, crm, erp }) =>
      erp && crm?.promised !== erp.promised
        ? `${number}: ${erp.promised} in the ERP, ${crm?.promised || "no day"} in the CRM`
        : undefined,
    ),
    count("wrong statuses in the CRM", ({ number, crm, erp }) =>
      (crm?.status === "Invoiced") === (erp?.status === "Invoiced")
        ? undefined
        : `${number}: ${erp?.status ?? "missing"} in the ERP, ${crm?.status || "no status"} in the CRM`,
    ),
  ];
}

function revisions({ told }: Books): Damage {
  const wrong = told.productions.flatMap(({ number, revision, status }) => {
    const work = told.works.find((each) => each.number === number);
    if (!work || status === "Canceled" || work.revision === revision) return [];
    return [`${number}: revision ${revision} in the ERP, ${work.revision} at the plant`];
  });
  return { what: "orders made by another revision", count: String(wrong.length), example: wrong[0] ?? "" };
}

function sumBy(rows: readonly (readonly [key: string, quantity: Decimal.Value])[]): Map<string, Decimal> {
  const sums = new Map<string, Decimal>();
  for (const [key, quantity] of rows) sums.set(key, (sums.get(key) ?? new Decimal(0)).plus(quantity));
  return sums;
}

function sum(quantities: readonly Decimal.Value[]): string {
  return quantities.reduce<Decimal>((total, each) => total.plus(each), new Decimal(0)).toFixed();
}
