/** What the two plants report, as soon as the parts are there: the orders of the tables, with the quantities of the tables. */
import type { Company } from "./company.ts";
import { inRequests } from "./load.ts";
import type { Opening, ProductionOrder, Round } from "./plan.ts";
import { type Plant, PLANTS, type Works } from "./works.ts";
import { groupBy, type Tables } from "./tables.ts";

/** Orders that one plant reports at once. */
const AT_ONCE = 100;

export class Floor {
  readonly #works: Works;
  readonly #orders: ReadonlyMap<string, ProductionOrder & { readonly waitsFor: readonly string[] }>;
  readonly #plantOf: (order: ProductionOrder) => Plant;
  readonly #accepted = new Set<string>();
  readonly #reported = new Set<string>();
  readonly #received = new Set<string>();
  readonly #seen = new Map<string, number>();

  constructor(works: Works, tables: Tables, company: Company, rounds: readonly Round[], opening: Opening) {
    this.#works = works;
    const scarce = scarceParts(tables, company, rounds[0]!, opening);
    this.#plantOf = ({ product }) => (company.siteOf(product) === "1" ? "mes-bothell" : "mes-renton");
    this.#orders = new Map(
      rounds.flatMap(({ steps }) => {
        const orders = steps.flat();
        const makers = Map.groupBy(orders, ({ product }) => product);
        return orders.map((order) => {
          const waitsFor = scarce(order.product).flatMap((part) => makers.get(part) ?? []);
          return [order.number, { ...order, waitsFor: waitsFor.map(({ number }) => number) }] as const;
        });
      }),
    );
  }

  get accepted(): number {
    return this.#accepted.size;
  }

  get received(): number {
    return this.#received.size;
  }

  /** Looks what was accepted and received since, and reports what has got ready by that. @returns whether all is reported */
  async work(): Promise<boolean> {
    await Promise.all([this.#lookAtErp(), ...PLANTS.map((plant) => this.#lookAtPlant(plant))]);
    const ready = [...this.#accepted].filter(
      (number) =>
        !this.#reported.has(number) &&
        this.#orders.get(number)!.waitsFor.every((other) => this.#received.has(other)),
    );
    const byPlant = Map.groupBy(
      ready.map((number) => this.#orders.get(number)!),
      this.#plantOf,
    );
    await Promise.all([...byPlant].map(([plant, orders]) => this.#report(plant, orders.slice(0, AT_ONCE))));
    return this.#reported.size === this.#orders.size;
  }

  async #report(plant: Plant, orders: readonly ProductionOrder[]): Promise<void> {
    for (const some of inRequests(orders.flatMap(reportsOf)))
      await this.#works.ask(plant, "clerk", { body: some });
    for (const { number } of orders) this.#reported.add(number);
  }

  async #lookAtPlant(plant: Plant): Promise<void> {
    const changes = (await this.#works.ask(plant, `reports?after=${this.#seen.get(plant) ?? 0}`)) as {
      sequence: number;
      report: { type: string; workOrder?: string };
    }[];
    for (const { sequence, report } of changes) {
      this.#seen.set(plant, sequence);
      if (report.type === "order-accepted") this.#accepted.add(report.workOrder!);
    }
    if (changes.length === 1000) await this.#lookAtPlant(plant);
  }

  async #lookAtErp(): Promise<void> {
    const { entries, next } = (await this.#works.ask(
      "erp",
      `book?after=${this.#seen.get("erp") ?? 0}&limit=5000`,
    )) as { entries: { operation: string; object: string; facts: Record<string, string> }[]; next: number };
    this.#seen.set("erp", next);
    for (const { operation, object, facts } of entries)
      if (operation === "productionOrder.reportFinished" && facts["good"] !== "0") this.#received.add(object);
    if (entries.length === 5000) await this.#lookAtErp();
  }
}

/** Parts of which not enough lies there at the beginning: who needs them waits until they are made. */
function scarceParts(
  tables: Tables,
  company: Company,
  { steps }: Round,
  { stock, topUps }: Opening,
): (product: string) => string[] {
  const lines = groupBy(tables.billLines, "ProductAssemblyID");
  const used = new Map<string, number>();
  for (const order of steps.flat())
    for (const row of company.partsOf(lines.get(order.product) ?? [], order.start))
      used.set(
        row["ComponentID"]!,
        (used.get(row["ComponentID"]!) ?? 0) + (order.good + order.scrap) * Number(row["PerAssemblyQty"]),
      );
  const lies = (part: string) => (stock.get(part) ?? 0) + (topUps.get(part) ?? 0);
  return (product) =>
    (lines.get(product) ?? [])
      .map((row) => row["ComponentID"]!)
      .filter((part) => company.isMade(part) && lies(part) < (used.get(part) ?? 0));
}

/** What people enter at the plant's terminals. The tables do not say in which step a piece was lost: it is told with the last. */
function reportsOf({ number, good, scrap, scrapReason, end, operations }: ProductionOrder): object[] {
  const begin = Date.parse(`${end}T16:00:00Z`);
  const at = (n: number) => new Date(begin + n * 60_000).toISOString();
  const reasons =
    scrap === 0 ? [] : [{ code: "SCRAP", quantity: String(scrap), message: scrapReason ?? "not said" }];
  const made = { good: String(good), scrap: String(scrap), quantity: String(good + scrap), reasons };
  if (operations.length === 0) return [{ action: "complete", workOrder: number, ...made, at: at(0) }];
  const passed = { good: String(good + scrap), scrap: "0" };
  return operations.map(({ operation, minutes }, n) => ({
    action: "report",
    workOrder: number,
    operation,
    ...(n === operations.length - 1 ? made : passed),
    minutes,
    last: true,
    at: at(n),
  }));
}
