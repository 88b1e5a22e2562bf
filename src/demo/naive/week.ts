/**
 * The days of the factory once more, with scripts between the systems: the same people do the same at the same screens. What the
 * hub would have done for them they do themselves: a planner rings the plant, IT has put aside messages sent again, quality
 * blocks and frees goods in the ERP.
 */
import { DemoError } from "../errors.ts";
import { BEGIN, PUMP_B } from "../factory/company.ts";
import { moment, setClocks, spoken } from "../factory/day.ts";
import { atScreen, sell, type Wish } from "../factory/people.ts";
import { readBack } from "../factory/read-back.ts";
import { BAD_DAY } from "../factory/scenario.ts";
import type { SystemName } from "../factory/world.ts";
import type { Narrator } from "../narrate.ts";
import type { Decision } from "./damage.ts";
import { rest } from "./rest.ts";
import type { ScriptedWorld } from "./scripted-world.ts";
import { packWhatLiesThere } from "./warehouse.ts";

/** Of the five valves that are held on both sides, three may be used. */
const USABLE = "3";
export const DECISION: Decision = { at: moment(1, "11:00"), scrapped: "2" };

/** What happens to the scripts while the factory works. */
export interface Trouble {
  begin(): Promise<void>;
  /** Comes when the clocks go on. */
  strike(): Promise<void>;
  end(): Promise<void>;
}

export class Week {
  readonly #world: ScriptedWorld;
  readonly #tell: Narrator;
  readonly #trouble: Trouble | undefined;

  constructor(world: ScriptedWorld, narrator: Narrator, trouble?: Trouble) {
    this.#world = world;
    this.#tell = narrator;
    this.#trouble = trouble;
  }

  /** @param wishes of the four customers, in the order in which they come. @returns the numbers of their orders */
  async play(wishes: readonly Wish[]): Promise<string[]> {
    this.#tell.chapter(`${spoken(BEGIN)}: the same quotes are accepted`);
    await this.#trouble?.begin();
    await this.#try("erp", {
      action: "block-customer",
      CustomerAccount: "C-100",
      Reason: "an invoice is overdue",
    });
    await atScreen(this.#world, "mes-brno", BAD_DAY, "courses");
    const orders: string[] = [];
    for (const wish of wishes) orders.push(await sell(this.#world, wish));
    await this.#rest();
    for (const clock of ["08:00", "14:00", "22:00"]) await this.#until(0, clock);
    await this.#tuesday();
    await this.#revise(orders.at(-1)!);
    await this.#decide(orders);
    await this.#until(1, "22:00");
    await this.#until(9, "08:00");
    await this.#until(9, "20:00");
    await this.#trouble?.end();
    await this.#letOut();
    await this.#rest();
    return orders;
  }

  async #tuesday(): Promise<void> {
    await this.#until(1, "08:00");
    await this.#try("erp", { action: "unblock-customer", CustomerAccount: "C-100" });
    const count = this.#world.tryAgain();
    this.#tell.say(
      `Finance lifts the hold and rings IT, who have ${count} messages sent again that were put aside.`,
    );
    await this.#rest();
  }

  /** The scripts know nothing of changes: the planner rings the plant, which stops, and goes on when told to. */
  async #revise(order: string): Promise<void> {
    await this.#until(1, "11:00");
    const { productions } = await readBack(this.#world);
    const ProductionOrderNumber = productions.find(({ salesOrder }) => salesOrder === order)?.number;
    if (ProductionOrderNumber === undefined)
      return this.#tell.say(`There is no production for ${order} to revise.`);
    const plant = { workOrder: ProductionOrderNumber, at: DECISION.at };
    await this.#try("erp", {
      action: "hold-production",
      ProductionOrderNumber,
      Reason: "seals change, revision B",
    });
    await this.#try("mes-lyon", { action: "hold", ...plant });
    await this.#rest();
    await this.#try("erp", { action: "revise-bom", ...PUMP_B });
    await this.#try("erp", { action: "revise-production", ProductionOrderNumber, BOMId: "PUMP-200-B" });
    await this.#try("erp", { action: "resume-production", ProductionOrderNumber });
    await this.#try("mes-lyon", { action: "resume", ...plant });
    await this.#rest();
    this.#tell.say(`The planner revises ${ProductionOrderNumber} in the ERP, and rings Lyon about it.`);
  }

  /** Quality finds the valves in the ERP and says what becomes of them; two are made again. */
  async #decide(orders: readonly string[]): Promise<void> {
    const { productions, stock } = await readBack(this.#world);
    const held = productions.find(({ number, salesOrder }) => number !== "" && salesOrder === orders[2]);
    const [lot] = held?.lots ?? [];
    await atScreen(this.#world, "mes-brno", { item: BAD_DAY.item, delayDays: 7 }, "courses");
    const goods = { ItemNumber: BAD_DAY.item, WarehouseId: "21", ItemBatchNumber: lot };
    const isBlocked = stock.some((row) => row.lot === lot && row.status === "Blocked");
    if (lot === undefined || !isBlocked)
      this.#tell.say("Quality wants to decide, and finds nothing blocked in the ERP.");
    else {
      const free = { FromInventoryStatusId: "Blocked", ToInventoryStatusId: "Available", Quantity: USABLE };
      await this.#try("erp", { action: "set-status", ...goods, ...free });
      await this.#try("erp", {
        action: "scrap-stock",
        ...goods,
        InventoryStatusId: "Blocked",
        Quantity: DECISION.scrapped,
      });
    }
    const again = { ItemNumber: BAD_DAY.item, Quantity: DECISION.scrapped, SiteId: "2" };
    await this.#try("erp", { action: "make-to-stock", ...again });
    const line = await this.#lineOf(orders[2]);
    const ConfirmedShippingDate = moment(9, "12:00").slice(0, 10);
    if (line) await this.#try("erp", { action: "change-line", InventoryLotId: line, ConfirmedShippingDate });
    await this.#rest();
  }

  /** A webhook that was held back leaves with the next one, however little that says. */
  async #letOut(): Promise<void> {
    for (const [plant, workCenter] of [["mes-lyon", "CUT"] as const, ["mes-brno", "DREH-1"] as const]) {
      await this.#try(plant, { action: "down", workCenter });
      await this.#try(plant, { action: "up", workCenter });
    }
  }

  async #lineOf(order: string | undefined): Promise<string | undefined> {
    const { orders } = (await this.#world.ask("erp", "orders")) as {
      orders: { SalesOrderNumber: string; lines: { InventoryLotId: string }[] }[];
    };
    return orders.find(({ SalesOrderNumber }) => SalesOrderNumber === order)?.lines[0]?.InventoryLotId;
  }

  /** Lets the clocks go on, and trouble come; the warehouse packs what it finds. */
  async #until(day: number, clock: string): Promise<void> {
    const now = moment(day, clock);
    this.#tell.chapter(spoken(now));
    await setClocks(this.#world, now);
    await this.#trouble?.strike();
    await this.#rest();
    for (const order of await packWhatLiesThere(this.#world)) {
      this.#tell.say(`The warehouse packs what the ERP shows: order ${order} leaves the house.`);
      await this.#rest();
    }
  }

  /** A person does what the system lets them; what it refuses is seen in the end. */
  async #try(system: SystemName, body: object): Promise<void> {
    try {
      await atScreen(this.#world, system, body);
    } catch (error) {
      if (!(error instanceof DemoError)) throw error;
      this.#tell.say(`A person is refused: ${error.message.slice(0, 160)}`);
    }
  }

  #rest(): Promise<void> {
    return rest(this.#world, (busy) => this.#tell.wait(busy));
  }
}
