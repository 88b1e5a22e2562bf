/** Everything is in its place before the log begins: names in the crosswalk, master data in the ERP, work centres and orders at the plant. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "../../demo/until.ts";
import type { Company, Ordered } from "./company.ts";
import { writeCrosswalk } from "./names.ts";
import type { Works } from "./works.ts";

/** Before the first row of the log, and after the last one. */
const BEGIN = "2012-01-08T05:00:00.000Z";
const END = "2012-03-31T12:00:00.000Z";

/** A production order of the ERP, and which order of the log it stands for. */
export interface Released extends Ordered {
  readonly round: number;
  readonly number: string;
}

export async function moveIn(works: Works, company: Company, times: number): Promise<void> {
  writeFileSync(join(works.folder, "crosswalks/mes-works.csv"), writeCrosswalk(company.names));
  await setClocks(works, BEGIN);
  await works.ask("erp", "settings", {
    method: "PATCH",
    body: { queueDelayMs: 0, tickMs: 10 },
  });
  await works.ask("erp", "seed", { body: company.seed(times) });
  // Saving an item's record tells of it: that is how the ERP hands its items over.
  for (const { number } of company.items)
    await works.ask("erp", "clerk", { body: { action: "unblock-item", ItemNumber: number } });
  await works.ask("mes-works", "settings", {
    method: "PATCH",
    body: {
      autonomous: false,
      timeZone: "Asia/Jerusalem",
      shifts: [],
      workCenters: [...company.names.workCenters.values()],
    },
  });
}

/** Planners release each order `times` over; the plant has all of them when this ends. */
export async function release(works: Works, company: Company, times: number): Promise<Released[]> {
  const released = Array.from({ length: times }, (_, n) => n + 1).flatMap((round) =>
    company.orders.map((order): Released => ({ ...order, round, number: numberOf(order.name, round) })),
  );
  await works.ask("erp", "clerk", {
    body: released.map(({ number, item, quantity }) => ({
      action: "release-production",
      ProductionOrderNumber: number,
      ItemNumber: item,
      Quantity: quantity,
    })),
  });
  await until(
    "the plant has every order",
    async () =>
      ((await works.ask("mes-works", "orders")) as object[]).length === released.length ? true : undefined,
    { signal: works.signal, withinMs: 120_000 * times },
  );
  await setClocks(works, END);
  return released;
}

/** As the log calls it, without blanks; the round behind it from the second one on. */
function numberOf(name: string, round: number): string {
  return `${name.replace(" ", "-")}${round === 1 ? "" : `.${round}`}`;
}

async function setClocks(works: Works, now: string): Promise<void> {
  for (const system of ["erp", "mes-works"] as const) await works.ask(system, "clock", { body: { now } });
}
