import { mock } from "node:test";
import { verifyLedger } from "../../audit/verify.ts";
import { createTestDatabase, type TestDatabase } from "../../db/testing/database.ts";
import { systemClock, type Clock } from "../../lease/deadline.ts";
import { insertLeases } from "../../lease/queries.ts";
import { type Action, type CLOCKS, HUBS, type KINDS } from "./action.ts";
import { Backup } from "./backup.ts";
import { LEASE_MS, NAMES, ScheduledHub } from "./hub.ts";
import { Traffic } from "./line.ts";
import { mistakesOf } from "./model.ts";
import {
  selectEffects,
  selectEvents,
  selectLedgerId,
  selectOpenLanes,
  selectReferences,
  selectUnrest,
  shiftTime,
} from "./queries.ts";
import { Targets, TICK_MS } from "./target.ts";

/** Statements follow each other within one turn of the event loop or two: this many without any means that all wait. */
const QUIET_TURNS = 3;
const ROUNDS_TO_REST = 200;
const GATHER_MS = 50;

/**
 * One schedule after the other on one database, each with orders of its own. Time is the schedule's: timers run when it lets
 * them, and the database's clock, which cannot be set, is passed by moving what is stored into the past.
 */
export class World {
  readonly database: TestDatabase;
  readonly #ledgerId: string;
  readonly #backup: Backup;
  #runs = 0;

  static async open(): Promise<World> {
    const database = await createTestDatabase({ max: 60 });
    await insertLeases(database.pool, NAMES);
    return new World(database, await selectLedgerId(database.pool));
  }

  private constructor(database: TestDatabase, ledgerId: string) {
    this.database = database;
    this.#ledgerId = ledgerId;
    this.#backup = new Backup(database.pool);
  }

  /** @throws Error with everything that is wrong at the end */
  async play(actions: readonly Action[]): Promise<void> {
    mock.timers.enable({ apis: ["setTimeout"] });
    const restored = actions.some((action) => action.do === "restore");
    const run = new Run(
      this.database,
      this.#ledgerId,
      `R${++this.#runs}`,
      restored ? this.#backup : undefined,
    );
    try {
      await run.begin();
      for (const action of actions) await run.act(action);
      const wrong = [...(await run.comeToRest()), ...(await run.mistakes())];
      if (wrong.length > 0) throw new Error(wrong.join("\n"));
    } finally {
      await run.end();
      mock.timers.reset();
    }
  }

  /** @returns how many events of the ledger are as they were written. @throws Error with the first that is not */
  async verify(): Promise<number> {
    const verdict = await verifyLedger({ pool: this.database.pool, dir: this.#backup.dir });
    if (!verdict.ok) throw new Error(`the ledger does not verify: ${JSON.stringify(verdict.finding)}`);
    return verdict.verified;
  }

  close(): Promise<void> {
    this.#backup.close();
    return this.database.drop();
  }
}

class Run {
  readonly #database: TestDatabase;
  readonly #name: string;
  readonly #clock: Clock;
  readonly #targets = new Targets();
  readonly #hubs = new Map<string, ScheduledHub>();
  readonly #traffic = new Traffic();
  readonly #faults: unknown[] = [];
  readonly #ledgerId: string;
  /** The hubs that live. */
  readonly #living: ScheduledHub[] = [];
  /** Events that a sender wants to get rid of, by order, and whether a hub said that it keeps them. */
  readonly #sent = new Map<string, Map<string, { event: object; kept: boolean }>>();
  /** What former pasts intended, which a restore has taken back. */
  readonly #forgotten = new Set<string>();
  /** Only for schedules with a restore. */
  readonly #backup: Backup | undefined;
  #past = 0;
  #passedMs = 0;
  /** By how much the hubs' wall clock and the database's clock were set away from the time that has passed. */
  readonly #steppedMs = { hubs: 0, database: 0 };
  /** The latest time that the database's clock has shown. */
  #latestMs = 0;
  #databaseAtBackupMs = 0;

  constructor(database: TestDatabase, ledgerId: string, name: string, backup: Backup | undefined) {
    this.#database = database;
    this.#backup = backup;
    this.#ledgerId = ledgerId;
    this.#name = name;
    this.#clock = {
      wall: () => systemClock.wall() + this.#passedMs + this.#steppedMs.hubs,
      monotonic: () => systemClock.monotonic() + this.#passedMs,
    };
  }

  async begin(): Promise<void> {
    // Whoever had the leases before is gone.
    await shiftTime(this.#database.pool, LEASE_MS);
    // Of a time at which no hub ran: after a restore, others can begin at once.
    await this.#backup?.take();
    await this.#startAll();
  }

  async #startAll(): Promise<void> {
    for (let place = 0; place < HUBS; place++) this.#start(place);
    this.#living[0]!.look("router");
    this.#living[1]!.look("process");
    await this.#quiet();
    this.#living[0]!.look("system");
    await this.#quiet();
  }

  #start(place: number): void {
    const id = `${this.#name}-${this.#hubs.size}`;
    const hub = new ScheduledHub(id, {
      pool: this.#database.pool,
      ledgerId: this.#ledgerId,
      past: this.#past,
      clock: this.#clock,
      targets: this.#targets,
      traffic: this.#traffic,
      hubs: this.#hubs,
      faults: this.#faults,
    });
    this.#hubs.set(id, hub);
    this.#living[place] = hub;
  }

  async act(action: Action): Promise<void> {
    switch (action.do) {
      case "pass":
        return this.#pass(action.ms);
      case "step":
        return this.#step(action.of, action.ms);
      case "backup":
        return this.#takeBackup();
      case "restore":
        return this.#restore();
      case "trust":
        return this.#backup?.trust();
      case "end":
        pick(this.#targets.calls, action.call)?.end(action.how, action.deaf);
        break;
      default:
        this.#actOn(this.#living[action.hub]!, action);
    }
    await this.#quiet();
    if (action.do === "work") await this.#work(this.#living[action.hub]!);
    await this.#backup?.sign();
  }

  async #work(hub: ScheduledHub): Promise<void> {
    for (const step of ["decide", "dispatch"] as const) {
      hub[step]();
      await this.#quiet();
    }
    // A sender gathers for some milliseconds before it asks for work.
    await this.#pass(GATHER_MS);
  }

  async #takeBackup(): Promise<void> {
    await this.#backup?.take();
    this.#databaseAtBackupMs = this.#databaseMs();
  }

  #databaseMs(): number {
    return this.#passedMs + this.#steppedMs.database;
  }

  /** Does nothing while the backup is where the last anchor was signed: such a restore cannot be told from none. */
  async #restore(): Promise<void> {
    if (!(await this.#backup?.sign())) return;
    const { pool } = this.#database;
    for (const { line } of this.#hubs.values()) line.cut();
    await this.#quiet();
    for (const reference of await selectReferences(pool, `${this.#name}-`)) this.#forgotten.add(reference);
    this.#past += 1;
    if ((await this.#backup!.restore()) === undefined) this.#faults.push("a restore that nobody noticed");
    // The backup is as old as it is.
    await shiftTime(pool, this.#databaseMs() - this.#databaseAtBackupMs);
    await this.#resend();
    await this.#startAll();
  }

  /** Senders learn what was lost, and send it again, in any order, when they come to it. */
  async #resend(): Promise<void> {
    for (const [order, sent] of this.#sent) {
      const events = new Set((await selectEvents(this.#database.pool, order)).map(({ id }) => id));
      for (const [id, sending] of sent) sending.kept = events.has(id);
    }
  }

  #actOn(hub: ScheduledHub, action: Extract<Action, { hub: number }>): void {
    switch (action.do) {
      case "send":
        return this.#send(hub, action.order, action.kind, action.nth);
      case "tell":
        return this.#tell(hub, action.entry);
      case "hold":
        return hub.line.hold(action.at, action.gates);
      case "wake":
        return hub.line.wake();
      case "lose":
        return hub.line.loseNext(action.what);
      case "crash":
        hub.line.cut();
        return this.#start(this.#living.indexOf(hub));
      case "give":
        return hub.give(action.kind);
      case "work":
        return hub.route();
      default:
        return hub[action.do]();
    }
  }

  #send(hub: ScheduledHub, order: number, kind: (typeof KINDS)[number], nth: number): void {
    const salesOrder = `${this.#name}-${order}`;
    const id = `${salesOrder}-${kind}-${kind === "OrderRequested" ? 0 : nth}`;
    const lines = [{ line: 1, item: "PUMP-200", quantity: { value: String(nth + 1), unit: "C62" } }];
    const data = {
      OrderRequested: { salesOrder, customer: "C-77", lines },
      OrderChangeRequested: { salesOrder, lines },
      OrderCancelRequested: { salesOrder },
    }[kind];
    const of = this.#sent.get(salesOrder) ?? new Map<string, { event: object; kept: boolean }>();
    this.#sent.set(salesOrder, of);
    // On the database's own time, which stands still: what came after a recovery must not look older than it.
    const time = new Date().toISOString();
    const event = { ...cloudEvent("crm", id, kind, salesOrder, data), time };
    const sending = of.get(id) ?? { event, kept: false };
    of.set(id, sending);
    this.#offer(hub, sending);
  }

  #offer(hub: ScheduledHub, sending: { event: object; kept: boolean }): void {
    hub
      .take(sending.event)
      .then((kept) => (sending.kept ||= kept))
      .catch((error: unknown) => this.#faults.push(error));
  }

  #tell(hub: ScheduledHub, nth: number): void {
    const entry = pick(
      this.#targets.book.filter(({ type }) => type === "CreateSalesOrder"),
      nth,
    );
    if (!entry) return;
    const { salesOrder, reference } = entry;
    const data = { salesOrder, document: "4711", confirmedDate: "2026-03-24", reference };
    const event = cloudEvent("erp", `confirmed-${reference}`, "OrderConfirmed", salesOrder, data);
    this.#offer(hub, { event: { ...event, causationid: reference }, kept: false });
  }

  async #pass(ms: number): Promise<void> {
    await shiftTime(this.#database.pool, ms);
    this.#passedMs += ms;
    this.#latestMs = Math.max(this.#latestMs, this.#databaseMs());
    // Step by step: a timer that is set while one long step is made would count from its end.
    for (let left = ms; left > 0; left -= TICK_MS) mock.timers.tick(Math.min(left, TICK_MS));
    await this.#quiet();
  }

  async #step(of: (typeof CLOCKS)[number], ms: number): Promise<void> {
    if (of !== "database") this.#steppedMs.hubs += ms;
    if (of === "hubs") return;
    this.#steppedMs.database += ms;
    this.#latestMs = Math.max(this.#latestMs, this.#databaseMs());
    await shiftTime(this.#database.pool, ms);
  }

  async #quiet(): Promise<void> {
    for (let turns = 0; turns < QUIET_TURNS;) {
      await this.#traffic.idle();
      await new Promise(setImmediate);
      turns = this.#traffic.quiet ? turns + 1 : 0;
    }
  }

  /**
   * Another hub comes, and finds what is left to do while those that sleep sleep on: when they wake, everything they had in
   * hand was done by others long ago.
   * @returns what did not come to rest
   */
  async comeToRest(): Promise<string[]> {
    this.#start(HUBS);
    for (const order of this.#sent.keys())
      this.#send(this.#living[HUBS]!, Number(order.slice(order.lastIndexOf("-") + 1)), "OrderRequested", 0);
    // What was due before the database's clock was set back is due when it has come there again.
    await this.#pass(this.#latestMs - this.#databaseMs());
    const restless = await this.#drain();
    if (restless.length > 0) return restless;
    for (const hub of this.#hubs.values()) hub.line.wake();
    await this.#quiet();
    const still = await this.#drain();
    await this.#backup?.trust();
    return still;
  }

  async #drain(): Promise<string[]> {
    const last = this.#living[HUBS]!;
    let unrest = "";
    for (let round = 0; round < ROUNDS_TO_REST; round++) {
      const open = [...this.#sent.values()].flatMap((of) => [...of.values()]).filter(({ kept }) => !kept);
      for (const each of open) this.#offer(last, each);
      await this.#quiet();
      for (const call of [...this.#targets.calls]) call.end("done");
      await this.#quiet();
      for (let hub = 0; hub < this.#living.length; hub++) await this.act({ do: "work", hub });
      if (open.length === 0) {
        unrest = JSON.stringify(await selectUnrest(this.#database.pool));
        if (!/[1-9]/.test(unrest)) return [];
      }
      if (round % 3 !== 2) continue;
      await this.#pass(round % 2 === 0 ? 1_500 : 20_000);
      for (const hub of this.#living) hub.look();
      await this.#quiet();
    }
    const lanes = await selectOpenLanes(this.#database.pool);
    return [`not at rest: ${unrest}`, ...[...lanes, ...this.#living.map((hub) => hub.show())].map(asText)];
  }

  async mistakes(): Promise<string[]> {
    const wrong = this.#faults.map(
      (fault) => `a hub met ${fault instanceof Error ? fault.stack : JSON.stringify(fault)}`,
    );
    const { pool } = this.#database;
    const known = new Set(this.#forgotten);
    for (const [order, sent] of this.#sent) {
      const effects = await selectEffects(pool, order);
      const book = this.#targets.book.filter(({ salesOrder }) => salesOrder === order);
      for (const { reference } of effects) known.add(reference);
      const events = await selectEvents(pool, order);
      wrong.push(...mistakesOf(order, new Set(sent.keys()), events, effects, book, this.#past));
    }
    for (const { reference } of this.#targets.book)
      if (!known.has(reference)) wrong.push(`nobody intended ${reference}, which was written`);
    return wrong;
  }

  /** Whatever is still under way ends. */
  async end(): Promise<void> {
    for (const { line } of this.#hubs.values()) line.cut();
    await this.#quiet();
  }
}

function asText(what: unknown): string {
  return JSON.stringify(what);
}

function pick<T>(list: readonly T[], nth: number): T | undefined {
  return list[nth % Math.max(1, list.length)];
}

function cloudEvent(system: string, id: string, name: string, salesOrder: string, data: object) {
  return {
    specversion: "1.0",
    id,
    source: `/systems/${system}`,
    type: `interlock.${name}.v1`,
    subject: `salesOrder/${salesOrder}`,
    time: "2026-03-02T08:00:00Z",
    data,
  };
}
