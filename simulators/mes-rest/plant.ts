import { randomUUID } from "node:crypto";
import { Calendar } from "./calendar.ts";
import { Clock, type ClockState } from "./clock.ts";
import type { Order } from "./order.ts";
import { Refusal } from "./refusal.ts";
import type { Change, Report } from "./report.ts";
import { DEFAULT_SETTINGS, type Settings } from "./settings.ts";
import type { Store } from "./store.ts";

/** Who did it: a sender of messages, a person at a screen, the plant's own logic, or a hand in the database. */
export type Actor = "integration" | "clerk" | "floor" | "hand";

export type Due =
  | { do: "decide"; message: number }
  | { do: "begin" }
  | { do: "portion"; operation: string }
  | { do: "down"; workCenter: string; minutes: number; reason: { code: string; message: string } }
  | { do: "up"; workCenter: string }
  | { do: "correct"; operation: string; n: number }
  | { do: "correct-consumption"; operation: string; n: number };

/** What everything on the floor needs: the state, the time, the calendar, and the two ways to be heard of. */
export class Plant {
  readonly store: Store;
  readonly clock: Clock;
  readonly seed: number;
  #settings: Settings;
  #calendar: Calendar;

  constructor(store: Store, vendor: "lyon" | "brno", seed: number) {
    this.store = store;
    this.seed = seed;
    this.#settings = { ...DEFAULT_SETTINGS[vendor], ...store.kept<Settings>("settings") };
    this.#calendar = calendarOf(this.#settings);
    this.clock = new Clock(store.kept<ClockState>("clock"));
  }

  get settings(): Settings {
    return this.#settings;
  }

  set settings(settings: Settings) {
    this.store.keep("settings", settings);
    this.#settings = settings;
    this.#calendar = calendarOf(settings);
  }

  get calendar(): Calendar {
    return this.#calendar;
  }

  order(workOrder: string): Order | undefined {
    return this.store.get<Order>("order", workOrder);
  }

  /** @throws Refusal 404 */
  existing(workOrder: string): Order {
    const order = this.order(workOrder);
    if (!order) throw new Refusal(404, "unknown-order", `work order ${workOrder} is not known here`);
    return order;
  }

  save(order: Order): void {
    this.store.put("order", order.workOrder, order);
  }

  /** Tells something about an order; the order is to be saved afterwards, its version has grown. */
  tell(at: number, order: Order, report: Omit<Report, "workOrder" | "productionOrder" | "version">): void {
    const { workOrder, productionOrder } = order;
    this.publish(at, { ...report, workOrder, productionOrder, version: ++order.version });
  }

  publish(at: number, report: Report): Change {
    const { head } = this.store.one<{ head: number }>("select coalesce(max(seq), 0) as head from feed")!;
    const change = { sequence: head + 1, id: randomUUID(), at, report };
    this.store.run(
      "insert into feed values (?, ?, ?, ?)",
      change.sequence,
      change.id,
      at,
      JSON.stringify(report),
    );
    if (this.#settings.webhookUrl !== null)
      this.store.run("insert or replace into delivery values (?, 0, ?)", change.sequence, Date.now());
    return change;
  }

  /** The book of what really happened: nothing is ever taken out of it. */
  enter(
    at: number,
    actor: Actor,
    op: string,
    { workOrder = null, reference = null, ...facts }: Record<string, unknown>,
  ): void {
    this.store.run(
      "insert into book (at, actor, op, reference, work_order, facts) values (?, ?, ?, ?, ?, ?)",
      at,
      actor,
      op,
      reference as string | null,
      workOrder as string | null,
      JSON.stringify(facts),
    );
  }

  /** Something that will happen at a time. */
  plan(at: number, workOrder: string | null, due: Due): void {
    this.store.run(
      "insert into agenda (at, work_order, what) values (?, ?, ?)",
      Math.round(at),
      workOrder,
      JSON.stringify(due),
    );
  }

  /** Takes what was planned for an order off the agenda; the time of the first of it. */
  unplan(workOrder: string, kind: Due["do"]): number | undefined {
    const planned = this.store
      .all<{ id: number; at: number; what: string }>(
        "select id, at, what from agenda where work_order = ? order by at, id",
        workOrder,
      )
      .filter(({ what }) => (JSON.parse(what) as Due).do === kind);
    for (const { id } of planned) this.store.run("delete from agenda where id = ?", id);
    return planned[0]?.at;
  }

  /** A number of the plant's own: LY-H-000007. */
  number(letter: string): string {
    const n = String(this.store.nextNumber(letter)).padStart(6, "0");
    return `${this.#settings.numberPrefix}-${letter}-${n}`;
  }
}

function calendarOf({ timeZone, shifts, holidays }: Settings): Calendar {
  return new Calendar(timeZone, shifts, holidays);
}
