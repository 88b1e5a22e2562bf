/**
 * The factory with its people at the console: the whole world of the demo, and for each person a browser window of their own.
 * Three orders are in it: one that finance must let go, one that waits before its plant, and one the CRM writes in a unit that
 * nobody has said the meaning of.
 */
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { ensureConsole } from "../../../bin/bootstrap/console.mjs";
import { ERP_SEED } from "../factory/company.ts";
import { atScreen, moveIn, sell } from "../factory/people.ts";
import { World } from "../factory/world.ts";
import { until } from "../until.ts";
import { openBrowser, PATIENCE_MS, settled } from "./browser.ts";

const ROOT = join(import.meta.dirname, "../../..");
const REQUESTED = "2031-05-12";

/** Made in Lyon, and never handed over by the ERP: what is to be made of it may not go to the plant. */
const UNTOLD_ITEM = "PUMP-300";

/** Those who sit at the console; the others come as `role:<role>`. */
const PEOPLE = [
  { id: "luc.moreau", name: "Luc Moreau", roles: ["plant-operations"], plants: ["lyon"] },
  { id: "ines.adler", name: "Ines Adler", roles: ["quality"] },
  { id: "frank.weber", name: "Frank Weber", roles: ["finance"] },
  { id: "ida.toth", name: "Ida Toth", roles: ["operator"] },
  { id: "anna.keller", name: "Anna Keller", roles: ["auditor"] },
] as const;
export type PersonId = (typeof PEOPLE)[number]["id"];

export interface Orders {
  /** Its customer is on credit hold. */
  readonly credit: string;
  /** Waits before Lyon. */
  readonly gated: string;
  /** Its message stays outside until IT has said what its unit means; then it is made in Brno. */
  readonly unread: string;
}

export class Office {
  readonly world: World;
  readonly orders: Orders;
  readonly #browser: Browser;

  /** @param before what is played in the factory before the three orders come */
  static async open(
    signal: AbortSignal,
    before: (world: World) => Promise<void> = async () => {},
  ): Promise<Office> {
    await ensureConsole(ROOT, process.execPath);
    const world = new World(1, signal);
    try {
      const [browser] = await Promise.all([openBrowser(), world.open(() => prepare(world))]);
      await before(world);
      for (const person of PEOPLE) await hire(world, person);
      return new Office(world, browser, await placeOrders(world));
    } catch (error) {
      const said = world.tails();
      await world.close(false);
      throw new Error(`the office does not open\n${said}`, { cause: error });
    }
  }

  private constructor(world: World, browser: Browser, orders: Orders) {
    this.world = world;
    this.#browser = browser;
    this.orders = orders;
  }

  /** @returns the address that signs in once */
  async linkFor(whom: { account: string } | { role: string }): Promise<string> {
    const said = { actor: "office", reason: "a day at the console" };
    const { status, body } = await this.world.api("/v1/sign-in-links", {
      method: "POST",
      body: { ...whom, ...said },
    });
    if (status !== 200) throw new Error(`no link: ${status} ${JSON.stringify(body)}`);
    return `${this.world.hub.url}${body.path}`;
  }

  /** A window of one's own, with nobody signed in. */
  async openWindow(): Promise<Page> {
    const context = await this.#browser.newContext({
      viewport: { width: 1280, height: 800 },
      reducedMotion: "reduce",
      acceptDownloads: true,
    });
    context.setDefaultTimeout(PATIENCE_MS);
    return context.newPage();
  }

  async signIn(whom: { account: PersonId } | { role: string }): Promise<Page> {
    const page = await this.openWindow();
    await page.goto(await this.linkFor(whom));
    await page.getByRole("navigation", { name: "Pages" }).waitFor();
    return page;
  }

  async goTo(page: Page, path: string): Promise<void> {
    await page.goto(`${this.world.hub.url}/console${path}`);
    await settled(page);
  }

  /** Waits for a case of this kind that is open. @returns its number */
  async openCase(kind: string): Promise<number> {
    return until(
      `there is a case ${kind}`,
      async () => {
        const { body } = await this.world.api("/v1/cases?state=open&limit=100");
        return (body.items as { id: number; kind: string }[]).find((each) => each.kind === kind)?.id;
      },
      { signal: this.world.signal, withinMs: PATIENCE_MS },
    );
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.world.close(false);
  }
}

async function prepare(world: World): Promise<void> {
  await moveIn(world);
  const [made] = ERP_SEED.products;
  const [route] = ERP_SEED.routes;
  const untold = { ItemNumber: UNTOLD_ITEM, SearchName: "Pump 300", UnitCost: "410", SalesPrice: "699.90" };
  await world.ask("erp", "seed", {
    body: {
      products: [{ ...made, ...untold }],
      boms: [
        {
          BOMId: `${UNTOLD_ITEM}-A`,
          ILKItemNumber: UNTOLD_ITEM,
          ILKRevision: "A",
          ProductionSiteId: "1",
          lines: [
            { ItemNumber: "HOUSING", Quantity: "1", RouteOperationNumber: 10, FlushingPrinciple: "Manual" },
          ],
        },
      ],
      routes: [{ ...route, RouteId: "R-PUMP-300", ItemNumber: UNTOLD_ITEM }],
    },
  });
  await world.ask("crm", `items/${UNTOLD_ITEM}`, {
    method: "PUT",
    body: { name: "Centrifugal pump 300", unit: "Each", price: "699.90" },
  });
}

async function hire(world: World, person: object): Promise<void> {
  const body = { kind: "person", ...person, actor: "office", reason: "works here" };
  const answer = await world.api("/v1/accounts", { method: "POST", body });
  if (answer.status !== 200) throw new Error(`not hired: ${JSON.stringify(answer.body)}`);
}

async function placeOrders(world: World): Promise<Orders> {
  const CustomerAccount = "C-100";
  await world.ask("crm", "items/VALVE-50", {
    method: "PUT",
    body: { name: "Control valve 50", unit: "Piece", price: "229.00" },
  });
  await atScreen(world, "erp", { action: "block-customer", CustomerAccount, Reason: "invoice is overdue" });
  const common = { quantity: "4", requestedDate: REQUESTED };
  const pump = { ...common, item: "PUMP-200", price: "499.90", options: "motor=1kW" };
  return {
    credit: await sell(world, { ...pump, customer: CustomerAccount, poNumber: "B-1" }),
    gated: await sell(world, {
      ...common,
      customer: "C-200",
      item: UNTOLD_ITEM,
      price: "699.90",
      poNumber: "AM-1",
    }),
    unread: await sell(world, {
      ...common,
      customer: "C-300",
      item: "VALVE-50",
      price: "229.00",
      poNumber: "N-1",
    }),
  };
}
