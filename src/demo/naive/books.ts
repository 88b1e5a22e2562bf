/** What the systems' books say happened, entry by entry; beside it how things stand at the end. Nothing here asks hub or scripts. */
import { Decimal } from "decimal.js";
import { readBack, type Told } from "../factory/read-back.ts";
import { PLANTS, type World } from "../factory/world.ts";

/** A posting on a production order in the ERP. */
export interface Posting {
  readonly kind: "confirmation" | "receipt" | "issue";
  readonly order: string;
  /** Of a confirmation. */
  readonly operation: string;
  /** Pieces, good and scrapped; for an issue what was issued, in words. */
  readonly quantity: string;
  /** What the sender called it; empty when a person posted it. */
  readonly reference: string;
  /** One message each. */
  readonly unit: string;
}

/** What a plant reported to have made. */
export interface Made {
  readonly order: string;
  readonly operation: string;
  readonly item: string;
  readonly good: string;
  readonly scrap: string;
  /** Finished goods. */
  readonly lots: readonly { readonly lot: string; readonly quantity: string }[];
}

/** Goods a plant has put under hold. */
export interface Held {
  readonly hold: string;
  readonly item: string;
  readonly lot: string;
  readonly quantity: string;
}

/** Goods that left the house. */
export interface Shipped {
  /** The order it left for. */
  readonly salesOrder: string;
  readonly item: string;
  readonly lot: string;
  readonly quantity: string;
  /** By the ERP's clock. */
  readonly at: string;
}

export interface Books {
  readonly told: Told;
  /** Sales orders as the ERP has them, all lines of each. */
  readonly orders: ReadonlyMap<string, { readonly ordered: string; readonly shipped: string }>;
  readonly postings: readonly Posting[];
  readonly made: readonly Made[];
  readonly held: readonly Held[];
  readonly shipped: readonly Shipped[];
}

// oxlint-disable-next-line typescript/no-explicit-any -- the side doors' answers, as their READMEs show them
type Seen = any;

const PAGE = 1000;

export async function readBooks(world: World): Promise<Books> {
  const [told, orders, entries, reports] = await Promise.all([
    readBack(world),
    readOrders(world),
    readEntries(world),
    Promise.all(PLANTS.map((plant) => readReports(world, plant))),
  ]);
  const items = new Map<string, string>(
    entries
      .filter(({ operation }) => operation === "productionOrder.create")
      .map(({ object, facts }) => [object, facts.item]),
  );
  const slips = new Map<string, string>(
    entries
      .filter(({ operation }) => operation === "packingSlip.post")
      .map(({ object, facts }) => [object, facts.salesOrder]),
  );
  const ofType = (type: string) => reports.flat().filter((report) => report.type === type);
  return {
    told,
    orders,
    postings: entries.flatMap(posting),
    made: [...ofType("operation-reported"), ...ofType("operation-corrected")].map((report) => ({
      order: report.productionOrder,
      operation: report.operation,
      item: items.get(report.productionOrder) ?? "",
      good: report.good,
      scrap: report.scrap,
      lots: report.lots ?? [],
    })),
    held: ofType("quality-held").map(({ hold, item, lot, quantity }) => ({ hold, item, lot, quantity })),
    shipped: entries
      .filter(({ operation, facts }) => operation === "stock" && String(facts.document).startsWith("PS"))
      .map(({ object, facts, clock }) => ({
        salesOrder: slips.get(facts.document) ?? "",
        item: object,
        lot: facts.batch,
        quantity: String(facts.quantity).replace("-", ""),
        at: clock,
      })),
  };
}

function posting({ operation, object, facts, reference, unit, undone }: Seen): Posting[] {
  const common = { order: object, operation: "", reference, unit };
  if (undone) return [];
  if (operation === "productionOrder.routeCard")
    return [
      {
        ...common,
        kind: "confirmation",
        operation: facts.operation,
        quantity: new Decimal(facts.good).plus(facts.scrapped).toFixed(),
      },
    ];
  // A report of nothing only ends the reports on an order.
  if (operation === "productionOrder.reportFinished" && Number(facts.good) !== 0)
    return [{ ...common, kind: "receipt", quantity: facts.good }];
  if (operation === "productionOrder.pickingList")
    return [{ ...common, kind: "issue", quantity: facts.lines }];
  return [];
}

async function readOrders(world: World): Promise<Books["orders"]> {
  const { orders } = (await world.ask("erp", "orders")) as { orders: Seen[] };
  const total = (lines: Seen[], field: string) =>
    lines.reduce<Decimal>((sum, line) => sum.plus(line[field]), new Decimal(0)).toFixed();
  return new Map(
    orders.map(({ SalesOrderNumber, lines }) => [
      SalesOrderNumber,
      { ordered: total(lines, "OrderedSalesQuantity"), shipped: total(lines, "ILKDeliveredQuantity") },
    ]),
  );
}

async function readEntries(world: World): Promise<Seen[]> {
  const all: Seen[] = [];
  for (let after = 0; ; after = all.at(-1).sequence) {
    const { entries } = (await world.ask("erp", `book?after=${after}&limit=${PAGE}`)) as { entries: Seen[] };
    all.push(...entries);
    if (entries.length < PAGE) return all;
  }
}

async function readReports(world: World, plant: (typeof PLANTS)[number]): Promise<Seen[]> {
  const all: Seen[] = [];
  for (let after = 0; ; after = all.at(-1).sequence) {
    const page = (await world.ask(plant, `reports?after=${after}`)) as Seen[];
    all.push(...page);
    if (page.length < PAGE) return all.map(({ report }) => report);
  }
}
