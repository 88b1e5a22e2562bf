import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";

import type { CaseRules } from "../../case/open.ts";
import { loadContracts } from "../../contract/registry.ts";
import { createTestDatabase, type TestDatabase } from "../../db/testing/database.ts";
import { type Clock, systemClock } from "../../lease/deadline.ts";
import type { EventRow } from "../../ledger/queries.ts";
import { ledgerEvent, readAt } from "../../ledger/read.ts";
import { startDispatcher, type Dispatcher, type DispatcherOptions } from "../dispatcher.ts";
import { DECLARED, type ScriptedTarget } from "./scripted-target.ts";

export const RULES: CaseRules = { roleOf: () => "erp", caseDueAt: () => undefined };
const SYSTEM = "erp";
const CONTRACTS = loadContracts([join(import.meta.dirname, "../../../contracts")]);
/** Far above what a loaded machine needs: only a test that hangs meets it. */
const SOON_MS = 60_000;
/** More than the deadline, timeout and settle time of any call here. */
const PASS_MS = 60_000;

export interface Queued {
  readonly reference: string;
  readonly order: string;
  readonly type?: keyof typeof DECLARED;
  readonly content?: string;
  readonly probeFirst?: boolean;
  readonly name?: string;
}

/** A database with one system whose lease `hub-1` holds. Each test uses orders of its own. */
export class Bench {
  readonly database: TestDatabase;
  readonly failures: unknown[] = [];
  /** What its dispatchers knew to be in the ledger, without having read it. */
  readonly known: EventRow[] = [];
  /** Of its hubs: passes with `pass`. */
  readonly clock: Clock = {
    wall: systemClock.wall,
    monotonic: () => systemClock.monotonic() + this.#passedMs,
  };
  #passedMs = 0;

  static async open(): Promise<Bench> {
    const bench = new Bench(await createTestDatabase({ max: 8 }));
    await bench.own("hub-1", 1);
    return bench;
  }

  private constructor(database: TestDatabase) {
    this.database = database;
  }

  async rows<Row = Record<string, unknown>>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    return (await this.database.pool.query(sql, values as unknown[])).rows as Row[];
  }

  /** Gives the system to a hub. */
  async own(hub: string, fence: number): Promise<void> {
    await this.rows(
      `insert into leases (name, hub_id, fence, expires_at) values ('system:erp', $1, $2, clock_timestamp() + interval '1 hour')
       on conflict (name) do update set hub_id = excluded.hub_id, fence = excluded.fence`,
      [hub, fence],
    );
  }

  start(target: ScriptedTarget, options: Partial<DispatcherOptions> = {}): Promise<Dispatcher> {
    return startDispatcher({
      pool: this.database.pool,
      hub: "hub-1",
      system: SYSTEM,
      fence: 1,
      leaseMs: 3_600_000,
      session: target.session,
      effects: DECLARED,
      rules: RULES,
      lookout: { everyMs: 10 },
      clock: this.clock,
      random: () => 0,
      lost: () => {},
      keep: async () => {},
      settled: (told = []) => void this.known.push(...told),
      failed: (error) => void this.failures.push(error),
      ...options,
      // A test that is not about the first look is not to meet it.
      pace: { ...options.pace, patience: { firstLookMs: PASS_MS, ...options.pace?.patience } },
    });
  }

  /** What a decision does with its effects. @returns references that are already sending */
  async queue(effects: readonly Queued[], claims: readonly object[] = []): Promise<string[]> {
    const rows = effects.map((effect, ord) => row(effect, ord, claims.length > 0));
    const [answer] = await this.rows<{ claimed: string[] }>("select queue_effects($1, $2) as claimed", [
      JSON.stringify(rows),
      JSON.stringify(claims),
    ]);
    return answer!.claimed;
  }

  async lane(order: string): Promise<Record<string, unknown>> {
    const [lane] = await this.rows("select * from lanes where lane = $1", [`salesOrder/${order}`]);
    return lane ?? {};
  }

  /** Waits until the lane looks like this. */
  async reaches(order: string, expected: Record<string, unknown>): Promise<void> {
    let lane: Record<string, unknown> = {};
    await this.until(
      async () => {
        lane = await this.lane(order);
        return Object.entries(expected).every(([name, value]) => isDeepStrictEqual(lane[name], value));
      },
      () => `lane ${order} should be ${JSON.stringify(expected)}, but is ${JSON.stringify(lane)}`,
    );
  }

  async until(condition: () => unknown, what = () => String(condition)): Promise<void> {
    const until = performance.now() + SOON_MS;
    while (!(await condition())) {
      if (performance.now() > until) throw new Error(what());
      await delay(10);
    }
  }

  /** To be called after each test: the dispatcher did not fail on the way, and all that was told is so, and keeps its contract. */
  async check(): Promise<void> {
    if (this.failures.length > 0) throw new AggregateError(this.failures.splice(0), "the dispatcher failed");
    const told = this.known.toSorted((a, b) => a.seq - b.seq).map(ledgerEvent);
    const seqs = told.map(({ seq }) => seq);
    const read = await readAt(this.database.pool, seqs);
    if (!isDeepStrictEqual(told, read))
      throw new Error(`it knew ${JSON.stringify(told)}, but in the ledger is ${JSON.stringify(read)}`);
    for (const { type, body } of await this.rows<{ type: string; body: string }>(
      "select type, body from events",
    )) {
      const verdict = CONTRACTS.byType("event", type)?.validate(JSON.parse(body));
      if (!verdict?.ok) throw new Error(`${type} breaks its contract: ${JSON.stringify(verdict)} ${body}`);
    }
  }

  /** Lets the deadline, timeout and settle time of a lane's last send pass, and whatever it waits for. */
  async pass(order: string): Promise<void> {
    this.#passedMs += PASS_MS;
    await this.step(order);
  }

  /** The same on the database's clock alone, as when somebody sets it forward. */
  async step(order: string): Promise<void> {
    await this.rows(
      `update lanes set send_deadline = clock_timestamp(), settled_after = clock_timestamp(),
         wake_at = case when wake_at is not null then clock_timestamp() end
       where lane = $1`,
      [`salesOrder/${order}`],
    );
  }

  /** Events told of an effect, by name. */
  async told(reference: string): Promise<string[]> {
    const rows = await this.rows<{ type: string }>(
      "select type from events where cause_effect = $1 order by seq",
      [reference],
    );
    return rows.map(({ type }) => type.split(".")[1]!);
  }

  async outcome(reference: string): Promise<string | undefined> {
    return (
      await this.rows<{ kind: string }>("select kind from outcomes where reference = $1", [reference])
    )[0]?.kind;
  }

  async openCases(reference: string): Promise<Record<string, unknown>[]> {
    return this.rows(
      `select c.* from cases c join case_members m on m.case_id = c.id
       where m.ref = $1 and not m.settled and c.state = 'open'`,
      [reference],
    );
  }
}

/** `ref("a")`: a valid reference that a reader can tell from others. */
export function ref(name: string): string {
  return name
    .toUpperCase()
    .replaceAll(/[ILOU-]/g, "Z")
    .padEnd(16, "0");
}

function row(
  { reference, order, type = "Create", content = "4", probeFirst = false, name = "create" }: Queued,
  ord: number,
  claim: boolean,
) {
  return {
    ord,
    reference,
    system: SYSTEM,
    lane: `salesOrder/${order}`,
    type: `${type}.v1`,
    process: "order-confirmation",
    key: order,
    name,
    cause_seq: 1,
    correlation: `salesOrder/${order}`,
    payload: JSON.stringify({ order, content }),
    payload_hash: "00",
    settle_ms: 100,
    probe_first: probeFirst,
    claim,
  };
}
