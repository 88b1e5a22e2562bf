import { appendFileSync, cpSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { verifyLedger } from "../../audit/verify.ts";
import { startEmbedded } from "../../db/embedded.ts";
import { openPool, type Pool } from "../../db/pool.ts";
import type { Child } from "../../hub/testing/child.ts";
import { Stage, until } from "../../hub/testing/stage.ts";
import { installAfterSales, say } from "./testing/after-sales.ts";
import { call, tell } from "./testing/hub-api.ts";
import { type Previous, unpackPrevious } from "./testing/previous.ts";

const HOUR_MS = 3_600_000;
/** After which an order that the ERP has not confirmed is overdue. */
const OVERDUE_MS = 4 * HOUR_MS;

let previous: Previous | undefined;
let stage: Stage | undefined;
let pool: Pool | undefined;
afterEach(async () => {
  await pool?.end();
  const hub = stage?.living().at(-1);
  hub?.process.kill("SIGTERM");
  await hub?.ended;
  await stage?.close();
  previous?.remove();
  previous = stage = pool = undefined;
});

test("what the previous commit's hub leaves in every unfinished state, this one finishes: each once, in one unbroken ledger", async (context) => {
  const found = unpackPrevious();
  if ("missing" in found) return context.skip(found.missing);
  previous = found;
  const project = join(previous.folder, "..", "project");
  cpSync(join(previous.folder, "examples/order-confirmation"), project, { recursive: true });
  installAfterSales(project, 1);
  stage = await Stage.open({ project });
  const old = await stage.startHub({ home: previous.folder });
  pool = await openDatabase(stage);

  await stage.order("done", 3);
  await stage.untilAtRest(pool);
  const bringBack = await leaveUnfinished(stage, pool, old);
  // Whatever it was doing with these.
  const sending = stage.order("load", 20);
  await until(
    async () => stage!.accepted.size >= 12,
    () => `the load does not begin\n${stage!.said()}`,
  );
  await old.kill();
  expect(await unfinished(pool)).toEqual({
    parked: ["salesOrder/refused"],
    underWay: expect.arrayContaining(["salesOrder/unanswered", "salesOrder/waiting"]),
    timers: expect.arrayContaining(["refused", "waiting"]),
    quarantined: ["salesOrder/unreadable", "salesOrder/unreadable"],
    deferred: ["changed-early"],
    unlinked: ["SC-early"],
    onHold: ["held"],
  });
  const { rows: before } = await pool.query("select seq, encode(chain, 'hex') as chain from ledger_head");

  await bringBack();
  // The confirmation of what waits comes late enough for the timer that the old hub set.
  await stage.admin(stage.erp, "POST", "faults", [
    { kind: "outage", operations: ["createOrder", "batch"], probability: 1 },
  ]);
  appendFileSync(join(project, "crosswalks/portal.csv"), "portal,item,SHOP-9999,SEAL-9\n");
  const hub = await stage.startHub();
  await sending;
  await until(
    async () => (await overdue(pool!)).includes("waiting"),
    () => `the timer that the old hub set does not fire\n${stage!.said()}`,
  );
  await stage.admin(stage.erp, "DELETE", "faults");
  await finish(stage, hub);
  await stage.untilAtRest(pool);

  expect(await stage.differences({ changed: ["changed-early"] })).toEqual([]);
  expect(await unfinished(pool)).toEqual({
    parked: [],
    underWay: [],
    timers: [],
    quarantined: [],
    deferred: [],
    unlinked: [],
    onHold: [],
  });
  const { rows: open } = await pool.query("select kind, title from cases where state = 'open'");
  expect(open).toEqual([]);
  const { rows: still } = await pool.query(
    "select seq, encode(chain, 'hex') as chain from events where seq = $1",
    [before[0].seq],
  );
  expect(still).toEqual(before);
  const verdict = await verifyLedger({ pool, dir: stage.data });
  expect(verdict).toMatchObject({ ok: true, verified: verdict.of, notes: [] });
  expect(verdict.provenUpTo!.seq).toBeGreaterThan(0);
});

/** The embedded database that the hub has started. */
async function openDatabase({ data }: Stage): Promise<Pool> {
  const { url, close } = await startEmbedded(join(data, "db"));
  await close();
  return openPool({ url, application: "interlock:test:test", max: 2 });
}

/** One of each thing that can be under way. @returns what brings the ERP back that dies meanwhile */
async function leaveUnfinished(at: Stage, db: Pool, hub: Child): Promise<() => Promise<void>> {
  const order = async (
    salesOrder: string,
    { customer = "C-77", item = "PUMP-200", time = new Date() } = {},
  ) => {
    const lines = [{ line: 1, item, quantity: { value: "1", unit: "C62" } }];
    await tell(hub, {
      id: `requested-${salesOrder}`,
      name: "OrderRequested",
      subject: `salesOrder/${salesOrder}`,
      data: { salesOrder, customer, lines },
      time,
    });
    at.accepted.add(salesOrder);
  };
  const comes = (what: keyof Unfinished, name: string) =>
    until(
      async () => (await unfinished(db))[what].includes(name),
      () => `${name} is not ${what}\n${at.said()}`,
    );

  await at.admin(at.erp, "PUT", "customers/C-900", { onHold: true, reason: "does not pay" });
  await until(
    async () =>
      (await db.query("select from facts where kind = 'creditHold' and key = 'C-900'")).rows.length > 0,
    () => `nobody hears of the credit hold\n${at.said()}`,
  );
  await order("held", { customer: "C-900" });
  await comes("onHold", "held");

  await order("refused", { item: "NO-SUCH-ITEM" });
  await comes("parked", "salesOrder/refused");

  await tell(hub, {
    id: "change-early",
    name: "OrderChangeRequested",
    subject: "salesOrder/changed-early",
    data: {
      salesOrder: "changed-early",
      lines: [{ line: 1, item: "PUMP-200", quantity: { value: "7", unit: "C62" } }],
    },
  });
  await comes("deferred", "changed-early");
  await say(hub, { what: "Updated", serviceCase: "SC-early" });
  await comes("unlinked", "SC-early");

  await native(hub, 1);
  await native(hub, 2);
  await until(
    async () => (await unfinished(db)).quarantined.length === 2,
    () => `the message is not quarantined\n${at.said()}`,
  );

  // Neither a look nor what the ERP tells of its own accord may settle it.
  await at.admin(at.erp, "POST", "faults", [
    { kind: "answer-lost", operations: ["createOrder"], count: 1 },
    { kind: "outage", operations: ["findOrders", "readChanges"], probability: 1 },
  ]);
  await order("unanswered");
  await until(
    async () => (await db.query("select from lanes where state = 'unknown'")).rows.length === 1,
    () => `no answer was lost\n${at.said()}`,
  );
  const bringBack = await at.loseErp();
  // Due at once; but nobody knows whether the ERP, which is away, has confirmed it in time.
  await order("waiting", { time: new Date(Date.now() - OVERDUE_MS) });
  await comes("underWay", "salesOrder/waiting");
  await comes("timers", "waiting");
  return bringBack;
}

/** The portal's own message, about an article that no crosswalk knows. */
function native(hub: Child, version: number): Promise<unknown> {
  return call(hub, "POST", "/v1/systems/portal/inbound/requests", {
    messageId: `native-${version}`,
    order: {
      number: "unreadable",
      version,
      state: "placed",
      placedAt: "2026-03-01T10:00:00",
      currency: "EUR",
      customer: { number: "C-77" },
      positions: [{ pos: 1, article: "SHOP-9999", amount: 1, unit: "kilo", price: "89,90" }],
    },
  });
}

/** What people and systems do next, at the new hub. */
async function finish(at: Stage, hub: Child): Promise<void> {
  const person = { actor: "anna", reason: "after the upgrade" };
  await at.admin(at.erp, "PUT", "customers/C-900", { onHold: false });

  const refused = await openCase(hub, "EFFECT_REJECTED");
  const [effect] = refused.effects;
  const payload = structuredClone(effect!.payload) as { lines: { item: string }[] };
  payload.lines[0]!.item = "PUMP-200";
  const { reference, state, attempt } = effect!;
  await call(hub, "POST", `/v1/cases/${refused.id}/actions`, {
    action: "resubmit",
    effects: [{ reference, state, attempt }],
    payload,
    ...person,
  });

  const unreadable = await openCase(hub, "MESSAGE_QUARANTINED");
  await call(hub, "POST", `/v1/cases/${unreadable.id}/actions`, { action: "readmit", ...person });
  at.accepted.add("unreadable");

  await tell(hub, {
    id: "requested-changed-early",
    name: "OrderRequested",
    subject: "salesOrder/changed-early",
    data: {
      salesOrder: "changed-early",
      customer: "C-77",
      lines: [{ line: 1, item: "PUMP-200", quantity: { value: "1", unit: "C62" } }],
    },
  });
  at.accepted.add("changed-early");
  await say(hub, { what: "Opened", serviceCase: "SC-early", salesOrder: "AS-1", customer: "C-77" });
  await until(
    async () => (await lastTold(at, "AS-1")) === "update 1",
    () => `what waited for its link is not told\n${at.said()}`,
  );
  await until(
    async () => (await quantityOf(at, "changed-early")) === "7",
    () => `the change that came before its order is not made\n${at.said()}`,
  );
}

interface Case {
  readonly id: number;
  readonly effects: readonly { reference: string; state: string; attempt: number; payload: unknown }[];
}

async function openCase(hub: Child, kind: string): Promise<Case> {
  const { items } = await call<{ items: { id: number }[] }>(hub, "GET", `/v1/cases?state=open&kind=${kind}`);
  expect(items).toHaveLength(1);
  return call<Case>(hub, "GET", `/v1/cases/${items[0]!.id}`);
}

async function lastTold(at: Stage, number: string): Promise<string | undefined> {
  const { entries } = await at.book(at.portal);
  const told = entries.findLast(({ told: each }) => each?.number === number)?.told;
  return (told as unknown as { details?: { message?: string } } | undefined)?.details?.message;
}

async function quantityOf(at: Stage, salesOrder: string): Promise<string | undefined> {
  const { entries } = await at.book(at.erp);
  const last = entries.findLast(({ order }) => order?.sourceOrder === salesOrder);
  return (last?.order?.lines[0] as { quantity?: string } | undefined)?.quantity;
}

async function overdue(db: Pool): Promise<string[]> {
  const { rows } = await db.query(
    "select body::json ->> 'salesOrder' as key from events where type = 'interlock.ConfirmationOverdue.v1'",
  );
  return rows.map(({ key }) => key as string);
}

interface Unfinished {
  /** Lanes of the ERP. */
  readonly parked: readonly string[];
  /** Not sent yet, being tried at this moment, or with an answer that was lost. */
  readonly underWay: readonly string[];
  /** Keys of instances. */
  readonly timers: readonly string[];
  readonly deferred: readonly string[];
  readonly onHold: readonly string[];
  /** Objects of messages. */
  readonly quarantined: readonly string[];
  /** Objects that nobody knows a link of. */
  readonly unlinked: readonly string[];
}

async function unfinished(db: Pool): Promise<Unfinished> {
  const lanes = (states: string) =>
    `select lane as what from lanes where system = 'shop-erp' and state in (${states}) order by lane`;
  const read = async (text: string) => (await db.query(text)).rows.map(({ what }) => what as string);
  return {
    parked: await read(lanes("'parked'")),
    underWay: await read(lanes("'ready', 'sending', 'unknown'")),
    timers: await read("select key as what from timers where not fired order by key"),
    quarantined: await read(
      "select object_key as what from inbound where state in ('quarantined', 'held') order by id",
    ),
    deferred: await read("select key as what from deferred order by key"),
    unlinked: await read("select id as what from waiting order by id"),
    onHold: await read("select key as what from instances where phase = 'on-hold' order by key"),
  };
}
