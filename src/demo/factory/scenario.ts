/** What happens in the factory from the first Monday on. People act at the screens of their systems, the clocks of all go on together. */
import type { Narrator } from "../narrate.ts";
import { calm } from "./calm.ts";
import type { Chaos } from "./chaos.ts";
import { DemoError } from "../errors.ts";
import { BEGIN, PUMP_B } from "./company.ts";
import { moment, setClocks, spoken } from "./day.ts";
import { atScreen, heardOf, sell, ship, tellHub, type Wish } from "./people.ts";
import { readBack } from "./read-back.ts";
import { drawnFrom } from "./seed.ts";
import { VISITORS_HOLD } from "./visitor.ts";
import type { World } from "./world.ts";

interface Quantity {
  readonly value: string;
  readonly unit: string;
}

/** What goes wrong in Brno with the first order of valves; its planner knows the lathe, and has two pieces more cut. */
export const BAD_DAY = {
  item: "VALVE-50",
  extra: "2",
  scrap: [{ operation: "10", quantity: "2", code: "A01", message: "porous casting" }],
  rework: [{ operation: "20", quantity: "2", code: "REWORK", message: "leaks at the spindle" }],
  holds: [{ operation: "20", by: "lot", quantity: "5", code: "A02", message: "stroke out of tolerance" }],
};

export interface Sold extends Wish {
  /** The order's number in all systems. */
  readonly number: string;
}

export class Scenario {
  readonly #world: World;
  readonly #tell: Narrator;
  readonly #sold = new Map<string, Sold>();
  readonly #left = new Set<string>();
  readonly #chaos: Chaos | undefined;
  #now = BEGIN;

  constructor(world: World, narrator: Narrator, chaos?: Chaos) {
    this.#world = world;
    this.#tell = narrator;
    this.#chaos = chaos;
  }

  get orders(): string[] {
    return [...this.#sold.values()].map(({ number }) => number);
  }

  async play(): Promise<void> {
    const draw = drawnFrom(this.#world.seed);
    await this.#chaos?.begin();
    await this.#monday(draw);
    await this.#until(0, "14:00");
    await this.#until(0, "22:00");
    await this.#tuesday();
    await this.#revision();
    await this.#disposition();
    await this.#until(1, "22:00");
    await this.#nextWeek();
    await this.#chaos?.end();
    await this.#calm();
  }

  async #monday(draw: (from: number, to: number) => number): Promise<void> {
    this.#tell.chapter(`${spoken(this.#now)}: quotes are accepted`);
    await this.#erp({
      action: "block-customer",
      CustomerAccount: "C-100",
      Reason: "invoice 2031-118 is overdue",
    });
    await this.#calm();
    await this.#sell("straight", "Ateliers Morel wants", {
      customer: "C-200",
      item: "PUMP-200",
      quantity: String(draw(8, 11)),
      price: "499.90",
      options: "motor=1kW",
      poNumber: "AM-7731",
    });
    await this.#sell("credit", "Brauer Maschinenbau wants", {
      customer: "C-100",
      item: "PUMP-200",
      quantity: String(draw(4, 6)),
      price: "574.90",
      options: "motor=2kW",
      poNumber: "B-2031-044",
    });
    await atScreen(this.#world, "mes-brno", BAD_DAY, "courses");
    await this.#sell("held", "Novak Strojirny wants", {
      customer: "C-300",
      item: "VALVE-50",
      quantity: String(draw(20, 22)),
      price: "229.00",
      poNumber: "4500-771",
    });
    await this.#sell("revised", "Hansen Process wants, a day later,", {
      customer: "C-900",
      item: "PUMP-200",
      quantity: String(draw(6, 8)),
      price: "499.90",
      options: "motor=1kW",
      poNumber: "HP-90-12",
      day: 8,
    });
    await this.#calm();
    this.#tell.say(
      `The ERP took ${this.#number("straight")} and released its production. ${this.#number("credit")} waits: the customer is on credit hold, finance has a case.`,
    );
    await this.#until(0, "08:00");
    this.#tell.say("Lyon begins.");
  }

  async #tuesday(): Promise<void> {
    await this.#until(1, "08:00");
    await this.#erp({ action: "unblock-customer", CustomerAccount: "C-100" });
    this.#tell.say("The invoice was paid: a clerk of finance lifts the hold in the ERP.");
    await this.#calm();
    this.#tell.say(
      `${this.#number("credit")} was checked again, entered and released, without anybody asking for it.`,
    );
  }

  /** Another seal, while two orders with the old one are cut: one gets the new one, one is finished as it is. */
  async #revision(): Promise<void> {
    await this.#until(1, "11:00");
    const [revised, other] = [this.#number("revised"), this.#number("credit")];
    const ProductionOrderNumber = await this.#productionOf(revised);
    const finishing = await this.#productionOf(other);
    this.#tell.say(
      `${ProductionOrderNumber} for ${revised} is cut. Engineering finds that its seals do not last.`,
    );
    await this.#erp({ action: "revise-bom", ...PUMP_B });
    await this.#calm();
    this.#tell.say(
      `Revision B holds from now on: Lyon has stopped ${ProductionOrderNumber} and ${finishing}.`,
    );
    await this.#erp({ action: "revise-production", ProductionOrderNumber, BOMId: PUMP_B.BOMId });
    await tellHub(this.#world, {
      source: "quality",
      id: `concession/${finishing}`,
      name: "EngineeringChangeDecided",
      subject: `workOrder/${finishing}`,
      time: this.#now,
      data: {
        workOrder: finishing,
        productionOrder: finishing,
        revised: "bom",
        newRevision: PUMP_B.ILKRevision,
        decision: "finish",
        actor: "anna.keller",
        reason: "this customer pumps water only: the old seal is good for it",
      },
    });
    await this.#calm();
    this.#tell.say(
      `The planner brings ${ProductionOrderNumber} to revision B, ${finishing} is finished as it is, with a concession. Lyon goes on with both.`,
    );
  }

  /** Five valves are set aside in Brno: three may be used, two are scrapped and made again, a week later. */
  async #disposition(): Promise<void> {
    const holds = await heardOf<{ hold: string; lot: string; quantity: Quantity; item: string }>(
      this.#world,
      "QualityHoldRaised",
    );
    const held = holds.find(({ hold }) => !hold.startsWith(VISITORS_HOLD));
    if (!held) throw new DemoError("no plant has raised the quality hold");
    const order = this.#number("held");
    this.#tell.say(
      `Brno scrapped 2 valves and reworked 2; ${held.quantity.value} more of lot ${held.lot} are under hold ${held.hold}, and ${order} does not leave.`,
    );
    await atScreen(this.#world, "mes-brno", { item: "VALVE-50", delayDays: 7 }, "courses");
    const some = (decision: string, value: string) => ({
      decision,
      quantity: { ...held.quantity, value },
      lot: held.lot,
    });
    await tellHub(this.#world, {
      source: "quality",
      id: `decided/${held.hold}`,
      name: "DispositionDecided",
      subject: `qualityHold/${held.hold}`,
      time: this.#now,
      data: {
        hold: held.hold,
        item: held.item,
        decisions: [some("use-as-is", "3"), some("scrap", "2")],
        last: true,
      },
    });
    await this.#calm();
    this.#tell.say(
      "Quality decides: 3 are used as they are, 2 are scrapped. The ERP has released 2 new ones.",
    );
    await this.#erp({
      action: "change-line",
      InventoryLotId: await this.#lineOf(order),
      ConfirmedShippingDate: moment(9, "12:00").slice(0, 10),
    });
    await this.#calm();
    this.#tell.say(
      "Spindles are short until next week: a planner promises a later day in the ERP, the CRM shows it.",
    );
  }

  async #nextWeek(): Promise<void> {
    await this.#until(9, "08:00");
    await this.#until(9, "20:00");
  }

  async #lineOf(order: string): Promise<string> {
    const { orders } = (await this.#world.ask("erp", "orders")) as {
      orders: { SalesOrderNumber: string; lines: { InventoryLotId: string }[] }[];
    };
    const found = orders.find(({ SalesOrderNumber }) => SalesOrderNumber === order);
    if (!found) throw new DemoError(`the ERP does not have order ${order}`);
    return found.lines[0]!.InventoryLotId;
  }

  async #productionOf(order: string): Promise<string> {
    const { productions } = await readBack(this.#world);
    const found = productions.find(({ salesOrder }) => salesOrder === order);
    if (!found) throw new DemoError(`the ERP has released nothing for order ${order}`);
    return found.number;
  }

  /** @param wish `day`: when it is wanted, counted as in `moment` */
  async #sell(
    name: string,
    words: string,
    { day = 7, ...wish }: Omit<Wish, "requestedDate"> & { readonly day?: number },
  ): Promise<void> {
    const whole = { ...wish, requestedDate: moment(day, "12:00").slice(0, 10) };
    const number = await sell(this.#world, whole);
    this.#sold.set(name, { ...whole, number });
    this.#tell.say(`${words} ${wish.quantity} ${wish.item}: order ${number}.`);
  }

  #number(name: string): string {
    return this.#sold.get(name)!.number;
  }

  #erp(action: object): Promise<Record<string, unknown>> {
    return atScreen(this.#world, "erp", action);
  }

  /** Lets the clocks go on; the warehouse ships what has got ready. */
  async #until(day: number, clock: string): Promise<void> {
    this.#now = moment(day, clock);
    await setClocks(this.#world, this.#now);
    this.#tell.chapter(spoken(this.#now));
    await this.#chaos?.strike();
    await this.#calm();
    for (const { shipment, salesOrder } of await ship(this.#world, this.#now, this.#left)) {
      this.#tell.say(`The warehouse packs ${shipment}: order ${salesOrder} leaves the house.`);
      await this.#calm();
    }
    await this.#chaos?.afterwards(() => this.#calm());
  }

  #calm(): Promise<void> {
    const weather = this.#chaos ? "chaos" : "fair";
    return calm(this.#world, this.#tell, weather);
  }
}
