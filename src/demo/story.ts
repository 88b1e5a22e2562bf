import { once } from "node:events";
import { appendFileSync, watch } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Answer } from "./call.ts";
import { readBook } from "./book.ts";
import { DemoError } from "./errors.ts";
import type { Narrator } from "./narrate.ts";
import { CUSTOMERS, Draw, type Line, MISSING_ROW } from "./order.ts";
import { type Asked, Portal } from "./portal.ts";
import { Rest, untilAtRest } from "./rest.ts";
import type { Shop } from "./shop.ts";
import { until } from "./until.ts";

const REST_WITHIN_MS = 120_000;
/** Some file systems tell nothing of a file that is written. */
const TELLS_WITHIN_MS = 2_000;
/** Goes on credit hold in the middle of the day. */
const HELD = "C-900";
/** May owe 5,000, and orders more. */
const LIMITED = "C-200";

/** One working day of a portal and an ERP, and the hub between them. */
export class Story {
  readonly #shop: Shop;
  readonly #tell: Narrator;
  readonly #portal: Portal;
  readonly #draw: Draw;

  constructor(shop: Shop, narrator: Narrator) {
    this.#shop = shop;
    this.#tell = narrator;
    this.#portal = new Portal(shop);
    this.#draw = new Draw(shop.seed);
  }

  get asked(): readonly Asked[] {
    return this.#portal.asked;
  }

  async play(): Promise<void> {
    for (const customer of CUSTOMERS) await this.#putCustomer(customer, {});
    await this.#morning();
    await this.#badMessages();
    await this.#secondThoughts();
    await this.#badDay();
    await this.#death();
    await this.#rest();
  }

  async #morning(): Promise<void> {
    this.#tell.chapter("An ordinary morning");
    const plain = numbers(1001, 6).map((so) => this.#draw.order(so, { lines: 2 }));
    plain[5] = { ...plain[5]!, customer: HELD };
    const native = numbers(1007, 4).map((so) => this.#draw.order(so, { items: 2 }));
    await Promise.all([
      ...plain.map((order) => this.#portal.place(order)),
      ...native.map((order) =>
        this.#portal.place(order, { native: true, remark: "in the portal's own format" }),
      ),
    ]);
    this.#tell.say("Customers order 10 times: 6 canonical events, 4 messages in the portal's own format.");
    await this.#shownAs("confirmed", numbers(1001, 10));
    this.#tell.say("The ERP has the 10 orders, and the portal shows the days it promises.");
  }

  async #badMessages(): Promise<void> {
    this.#tell.chapter("Messages that are not what they should be");
    const twice = await this.#portal.again("SO-1001");
    this.#tell.say(`The portal sends SO-1001 again: ${twice.body.status}, nothing is written.`);
    const conflict = await this.#portal.again("SO-1002", { customer: "C-310", customerReference: "other" });
    this.#expectStatus(conflict, 409);
    this.#tell.say("The id of SO-1002 comes back with other content: refused as a conflict, and a case.");

    const invalid = this.#draw.order("SO-1011", { lines: 1 });
    const comma = { ...invalid, lines: invalid.lines.map((line) => ({ ...line, quantity: "1,5" })) };
    const refused = await this.#portal.place(comma, {
      end: "refused at the door",
      remark: "invalid quantity",
    });
    this.#expectStatus(refused, 422);
    this.#tell.say(
      `SO-1011 wants "1,5" pieces: refused, the error points to ${refused.body.errors?.[0]?.pointer}.`,
    );

    const unknown = { ...this.#draw.order("SO-1012", { lines: 1 }), lines: [pump300(this.#draw.day())] };
    await this.#portal.place(unknown, { native: true, remark: "quarantined, repaired, readmitted" });
    await this.#until("SO-1012 is quarantined", () => this.#quarantined());
    this.#tell.say(
      "SO-1012 has an article that no crosswalk knows: kept as it came, quarantined, and a case.",
    );
  }

  async #secondThoughts(): Promise<void> {
    this.#tell.chapter("Second thoughts");
    const [first, second] = this.#linesOf("SO-1001");
    await this.#portal.change("SO-1001", [{ ...first!, quantity: "30" }], "quantity changed");
    await this.#portal.change(
      "SO-1003",
      [{ ...this.#linesOf("SO-1003")[1]!, quantity: "0" }],
      "a line taken out",
    );
    await this.#portal.change("SO-1004", [{ ...second!, line: 30, quantity: "2" }], "a line added");
    await this.#portal.cancel("SO-1005");
    this.#tell.say("Three customers change confirmed orders, one cancels.");

    await this.#putCustomer(HELD, { onHold: true, reason: "two invoices are overdue" });
    await this.#inLedger("CreditHoldPlaced");
    await this.#portal.place(this.#draw.order("SO-1013", { customer: HELD }), {
      remark: "waited for a credit hold",
    });
    this.#tell.say(
      `The ERP puts ${HELD} on credit hold: its new order SO-1013 waits in the hub, and finance has a case.`,
    );
    await this.#portal.place(
      { ...this.#draw.order("SO-1014", { customer: LIMITED }), lines: [pump300(this.#draw.day())] },
      { remark: "held by the ERP, released by a clerk" },
    );
    const alien = this.#draw.order("SO-1015", { lines: 1 });
    await this.#portal.place(
      { ...alien, lines: alien.lines.map((line) => ({ ...line, item: "PUMP-999" })) },
      { end: "refused by the ERP", remark: "an item the ERP does not have" },
    );
    await this.#shownAs("rejected", ["SO-1015"]);
    await this.#until("the ERP holds SO-1014", async () => {
      const { orders } = await readBook(this.#shop, "shop-erp");
      return orders.get("SO-1014")?.[0]?.status === "on-hold" ? true : undefined;
    });
    this.#tell.say("SO-1014 is above its customer's limit, SO-1015 has an item the ERP does not know.");
  }

  /** Each fault strikes the call that the sentence is about: the next order is sent when it has. */
  async #badDay(): Promise<void> {
    this.#tell.chapter("The ERP has a bad day");
    const create = ["createOrder", "batch"];
    const strike = async (fault: object, salesOrder: string, remark: string, words: string) => {
      await this.#struckBy(fault, () =>
        this.#portal.place(this.#draw.order(salesOrder, { lines: 2 }), { remark }),
      );
      this.#tell.say(`${salesOrder}: ${words}`);
    };
    await strike(
      { kind: "slow-commit", operations: ["createOrder"], delayMs: 500, afterProbes: 2 },
      "SO-1016",
      "stored late, after a first look",
      "the connection dies; the ERP will store it later, after somebody has looked in vain.",
    );
    await strike(
      { kind: "half-order", operations: ["createOrder"] },
      "SO-1017",
      "stored by half, completed",
      "the ERP stores one of its two lines and dies.",
    );
    await strike(
      { kind: "answer-lost", operations: create },
      "SO-1018",
      "stored, the answer lost",
      "the ERP stores it, and the answer is lost.",
    );
    await strike(
      { kind: "reset-before", operations: create },
      "SO-1019",
      "connection reset, nothing stored",
      "the connection is reset, and nothing is stored. To the hub it looks the same.",
    );
    const [line] = this.#linesOf("SO-1007");
    await this.#struckBy({ kind: "answer-lost", operations: ["changeOrder"] }, () =>
      this.#portal.change("SO-1007", [{ ...line!, quantity: "7" }], "changed, the answer lost"),
    );
    this.#tell.say("SO-1007: its change is made, and the answer is lost.");
    await strike(
      { kind: "throttle", operations: create, retryAfterSeconds: 1 },
      "SO-1020",
      "429 with Retry-After",
      "429, come back in a second.",
    );
  }

  async #death(): Promise<void> {
    this.#tell.chapter("The hub dies in the middle of it");
    await this.#shownAs("confirmed", ["SO-1020"]);
    const burst = numbers(1021, 8).map((so) => this.#draw.order(so, { items: 2 }));
    const remark = "sent as the hub was killed";
    await Promise.all([
      ...burst.map((order, i) => this.#portal.place(order, { native: i % 2 === 1, remark })),
      this.#killAndRestart(),
    ]);

    await this.#portal.cancel("SO-1022", "killed, then cancelled");
    const [line] = this.#linesOf("SO-1023");
    await this.#portal.change("SO-1023", [{ ...line!, quantity: "3" }], "killed, then changed");
    await this.#readmit();
    this.#tell.say("SO-1012 is read once more, and understood. SO-1022 is cancelled, SO-1023 changed.");
    await this.#clerks();
  }

  async #killAndRestart(): Promise<void> {
    const { hub, signal } = this.#shop;
    // The ERP answers when it has written: that soon after, the hub has not written down what it heard.
    const watcher = watch(this.#shop.journalOf("shop-erp"), { persistent: false });
    await Promise.race([once(watcher, "change"), delay(TELLS_WITHIN_MS, undefined, { signal })]);
    watcher.close();
    const { pid } = hub;
    await this.#shop.killHub();
    this.#tell.say(`8 orders at once. The ERP has got the first: kill -9 ${pid}. There is no hub any more.`);

    appendFileSync(join(this.#shop.folder, "crosswalks/portal.csv"), MISSING_ROW);
    this.#tell.say("The portal orders on, and knocks. A person adds the row that the crosswalk lacked.");
    const remark = "sent while there was no hub";
    await Promise.all([
      this.#portal.place(this.#draw.order("SO-1029"), { remark }),
      this.#portal.place(this.#draw.order("SO-1030"), { remark }),
      this.#shop.startHub(),
    ]);
    const { lanes } = await new Rest(this.#shop).look();
    const open = lanes.sending + lanes.unknown;
    this.#tell.say(
      `The hub is started again. ${open} calls have no answer: whether the ERP did them, nobody saw.`,
    );
  }

  async #readmit(): Promise<void> {
    const message = await this.#until("SO-1012 is quarantined", () => this.#quarantined());
    const word = { actor: "integration", reason: "the article has its row in the crosswalk" };
    const answer = await this.#shop.api(`/v1/inbound/${message}/readmit`, { method: "POST", body: word });
    this.#expectStatus(answer, 200);
  }

  async #clerks(): Promise<void> {
    await this.#putCustomer(HELD, { onHold: false });
    await this.#clerk("release", "SO-1014");
    await this.#clerk("cancel", "SO-1010");
    this.#portal.expect("SO-1010", "cancelled in the ERP", "cancelled by hand in the ERP");
    this.#tell.say(`Clerks of the ERP lift the hold of ${HELD}, release SO-1014 and cancel SO-1010 by hand.`);
  }

  async #rest(): Promise<void> {
    this.#tell.chapter("Until everything is at rest");
    this.#tell.say(
      "The new hub takes over when the dead one's leases run out (15 s), and looks before it sends again.",
    );
    const waits = (what: string) => this.#tell.wait(what);
    await untilAtRest(this.#shop, { waits, withinMs: REST_WITHIN_MS });
    this.#tell.say("Nothing waits any more but for a person.");
  }

  async #struckBy(fault: object, act: () => Promise<Answer>): Promise<void> {
    const ask = (body?: object[]) => this.#shop.ask("shop-erp", "faults", { body }) as Promise<unknown[]>;
    await ask([fault]);
    await act();
    const struck = async () => ((await ask()).length === 0 ? true : undefined);
    await this.#until(`the ERP was struck by ${JSON.stringify(fault)}`, struck, 20);
  }

  async #shownAs(status: string, orders: readonly string[]): Promise<void> {
    await this.#until(`the portal shows ${orders.length} orders as ${status}`, async () => {
      const { shown } = await readBook(this.#shop, "portal");
      return orders.every((order) => shown.get(order)?.status === status) ? true : undefined;
    });
  }

  async #inLedger(name: string): Promise<void> {
    await this.#until(`the ledger has ${name}`, async () => {
      const { body } = await this.#shop.api(`/v1/events?type=interlock.${name}.v1`);
      return body.items.length > 0 ? true : undefined;
    });
  }

  #until<Found>(what: string, look: () => Promise<Found | undefined>, everyMs = 100): Promise<Found> {
    return until(what, look, { signal: this.#shop.signal, everyMs });
  }

  /** The number of the message that waits for a person. */
  async #quarantined(): Promise<number | undefined> {
    const { body } = await this.#shop.api("/v1/inbound?state=quarantined");
    return body.items[0]?.id as number | undefined;
  }

  async #clerk(action: string, salesOrder: string): Promise<void> {
    const book = await readBook(this.#shop, "shop-erp");
    const number = book.orders.get(salesOrder)?.[0]?.number;
    const reason = "the customer called the ERP's office";
    await this.#shop.ask("shop-erp", "clerk", { body: { action, number, reason } });
  }

  async #putCustomer(customer: string, body: object): Promise<void> {
    await this.#shop.ask("shop-erp", `customers/${customer}`, { method: "PUT", body });
  }

  #linesOf(salesOrder: string): readonly Line[] {
    return this.#portal.asked.find((asked) => asked.salesOrder === salesOrder)!.lines;
  }

  #expectStatus({ status, body }: Answer, expected: number): void {
    if (status !== expected)
      throw new DemoError(
        `the hub answered ${status} where ${expected} was expected: ${JSON.stringify(body)}`,
      );
  }
}

/** Dear enough to take a customer above a limit, and an article of the portal without a row in the crosswalk. */
function pump300(requestedDate: string): Line {
  return { line: 10, item: "PUMP-300", quantity: "2", unit: "C62", price: "3450.00", requestedDate };
}

function numbers(from: number, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `SO-${from + i}`);
}
