/** What happens in the factory from the first Monday on. People act at the screens of their systems, the clocks of all go on together. */
import type { Narrator } from "../narrate.ts";
import { calm } from "./calm.ts";
import { DemoError } from "../errors.ts";
import { BEGIN, PUMP_B } from "./company.ts";
import { moment, setClocks, spoken } from "./day.ts";
import { atScreen, sell, ship, type Wish } from "./people.ts";
import { readBack } from "./read-back.ts";
import { drawnFrom } from "./seed.ts";
import type { World } from "./world.ts";

export interface Sold extends Wish {
  /** The order's number in all systems. */
  readonly number: string;
}

export class Scenario {
  readonly #world: World;
  readonly #tell: Narrator;
  readonly #sold = new Map<string, Sold>();
  readonly #left = new Set<string>();
  #now = BEGIN;

  constructor(world: World, narrator: Narrator) {
    this.#world = world;
    this.#tell = narrator;
  }

  get orders(): string[] {
    return [...this.#sold.values()].map(({ number }) => number);
  }

  async play(): Promise<void> {
    const draw = drawnFrom(this.#world.seed);
    await this.#monday(draw);
    await this.#until(0, "14:00");
    await this.#until(0, "22:00");
    await this.#tuesday();
    await this.#revision();
    await this.#until(1, "22:00");
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

  /** Another seal, while an order with the old one is being made: what is cut stays cut, what is assembled gets the new one. */
  async #revision(): Promise<void> {
    await this.#until(1, "11:00");
    const order = this.#number("revised");
    const ProductionOrderNumber = await this.#productionOf(order);
    this.#tell.say(
      `${ProductionOrderNumber} for ${order} is cut. Engineering finds that its seals do not last.`,
    );
    await this.#erp({ action: "hold-production", ProductionOrderNumber, Reason: "seals change, revision B" });
    await this.#calm();
    this.#tell.say("The planner stops it in the ERP; Lyon has stopped.");
    await this.#erp({ action: "revise-bom", ...PUMP_B });
    await this.#erp({ action: "revise-production", ProductionOrderNumber, BOMId: "PUMP-200-B" });
    await this.#calm();
    await this.#erp({ action: "resume-production", ProductionOrderNumber });
    await this.#calm();
    this.#tell.say("Lyon has the new bill of materials, and goes on with assembly.");
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
    await this.#calm();
    for (const { shipment, salesOrder } of await ship(this.#world, this.#now, this.#left)) {
      this.#tell.say(`The warehouse packs ${shipment}: order ${salesOrder} leaves the house.`);
      await this.#calm();
    }
  }

  #calm(): Promise<void> {
    return calm(this.#world, (busy) => this.#tell.wait(busy));
  }
}
