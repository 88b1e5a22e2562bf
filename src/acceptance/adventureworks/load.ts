/** Puts the company into all systems, as whoever introduces them does: in bulk, before anything is read. */
import type { Company } from "./company.ts";
import type { Opening } from "./plan.ts";
import { PLANTS, type Works, SYSTEM_NAMES } from "./works.ts";

/** The first day on which anything is ordered, a Tuesday, early in the morning. */
const BEGIN = "2039-05-31T11:30:00.000Z";
/** From here on the CRM is read, as the project says. */
const READ_FROM = "2039-05-31T12:30:00.000Z";
/** What a request takes, with room. */
const REQUEST_CHARS = 700_000;
const ACTIONS = 500;
const ROWS = 5000;

export async function load(
  works: Works,
  company: Company,
  { stock, topUps }: Opening,
  times: number,
): Promise<void> {
  await setClocks(works, BEGIN);
  await Promise.all([loadCrm(works, company), loadErp(works, company)]);
  const lies = [...stock, ...topUps]
    .filter(([, quantity]) => quantity > 0)
    .map(([product, quantity]) => ({
      action: "adjust-stock",
      ...company.stock(product, quantity * times),
    }));
  for (const some of inRequests(lies)) await works.ask("erp", "clerk", { body: some });
  await works.ask("erp", "settings", {
    method: "PATCH",
    // Planners release what is made; the prices that were agreed in those weeks are not in the tables, only what was paid.
    body: { autoPlan: false, autoRelease: false, priceTolerancePercent: 15 },
  });
  for (const plant of PLANTS) {
    // Nothing of it is told by lots, and what is used is left to the ERP to count.
    const body = { autonomous: false, reportsConsumption: false };
    await works.ask(plant, "settings", { method: "PATCH", body });
    const items = company.items().map((item) => ({ item, tracking: "none" }));
    await works.ask(plant, "items", { method: "PUT", body: items });
  }
  await setClocks(works, READ_FROM);
}

async function loadErp(works: Works, company: Company): Promise<void> {
  await works.ask("erp", "seed", { body: { replace: true } });
  for (const [part, rows] of Object.entries(company.erpSeed()))
    for (const some of inRequests(rows, ROWS)) await works.ask("erp", "seed", { body: { [part]: some } });
}

async function loadCrm(works: Works, company: Company): Promise<void> {
  for (const some of inRequests(company.crmCustomers(), ROWS))
    await works.ask("crm", "customers", { method: "PUT", body: some });
  await works.ask("crm", "items", { method: "PUT", body: company.crmItems() });
}

/** Saving an item's record tells of it: that is how the ERP hands its items over. */
export async function tellItems(works: Works, company: Company): Promise<void> {
  const saved = company.items().map((ItemNumber) => ({ action: "unblock-item", ItemNumber }));
  for (const some of inRequests(saved)) await works.ask("erp", "clerk", { body: some });
}

/** As many as one request takes. */
export function* inRequests<Item>(items: readonly Item[], most = ACTIONS): Generator<Item[]> {
  let some: Item[] = [];
  let chars = 0;
  for (const item of items) {
    const { length } = JSON.stringify(item);
    if (some.length >= most || chars + length > REQUEST_CHARS) {
      yield some;
      [some, chars] = [[], 0];
    }
    some.push(item);
    chars += length;
  }
  if (some.length > 0) yield some;
}

/** The clocks run on as ours do. */
async function setClocks(works: Works, now: string): Promise<void> {
  await Promise.all(SYSTEM_NAMES.map((system) => works.ask(system, "clock", { body: { now, speed: 1 } })));
}
