import { setTimeout as delay } from "node:timers/promises";
import { session, type Pool } from "../src/db/pool.ts";
import { appendEvents, selectHeadSeq } from "../src/ledger/queries.ts";
import { appendRow } from "../src/ledger/row.ts";
import { Sources } from "../src/ledger/source.ts";
import { orderData } from "./order.ts";
import { type BareRow, insertBareEvents, insertPast, moveHead } from "./queries.ts";

const CHUNK = 50_000;
const SOURCE = "/systems/portal";

/** A ledger that has seen something: `count` events with their identities, in order, all of it routed. */
export async function preload(pool: Pool, count: number, signal: AbortSignal): Promise<void> {
  const sourceId = await new Sources(pool).idOf(SOURCE);
  const body = orderData("past");
  await session(pool, async (client) => {
    for (let after = 0; after < count; after += CHUNK) {
      signal.throwIfAborted();
      await insertPast(client, { sourceId, after, count: Math.min(CHUNK, count - after), body });
    }
    await moveHead(client);
    // What is measured afterwards does not pay for this: statistics, visibility, and what is not on disk yet.
    await client.query("set statement_timeout = 0");
    await client.query("vacuum (analyze) events, identities");
    await client.query("checkpoint");
  });
}

/**
 * What bare PostgreSQL does: rows like events into the very table, preloaded as it is, one statement and one commit per batch,
 * one client. Nothing of the ledger is kept: no head, no identity, no chain, no answer per row.
 * @returns rows per second
 */
export async function measureBareInserts(pool: Pool, batch: number, seconds: number): Promise<number> {
  const sourceId = await new Sources(pool).idOf(SOURCE);
  let seq = await selectHeadSeq(pool);
  const first = seq;
  const began = performance.now();
  while (performance.now() - began < seconds * 1_000) {
    await insertBareEvents(
      pool,
      sourceId,
      Array.from({ length: batch }, () => bareRow(++seq)),
    );
  }
  const elapsed = (performance.now() - began) / 1_000;
  await session(pool, moveHead);
  return (seq - first) / elapsed;
}

/**
 * What the ledger itself takes from one client, without a hub: its own statement, with head, identities, hash chain and an answer
 * per row, one commit per batch. The next batch is made ready while PostgreSQL works on the last.
 * @returns events per second
 */
export async function measureLedgerInserts(pool: Pool, batch: number, seconds: number): Promise<number> {
  const sourceId = await new Sources(pool).idOf(SOURCE);
  const run = await selectHeadSeq(pool);
  let made = 0;
  const make = () => `[${Array.from({ length: batch }, () => ledgerRow(sourceId, run, ++made)).join(",")}]`;
  const began = performance.now();
  let rows = make();
  let done = 0;
  while (performance.now() - began < seconds * 1_000) {
    const appended = appendEvents(pool, rows);
    rows = make();
    done += (await appended).filter(({ status }) => status === "appended").length;
  }
  const elapsed = (performance.now() - began) / 1_000;
  if (done !== made - batch) throw new Error(`${made - batch} rows were new, and ${done} were appended`);
  return done / elapsed;
}

/** Lets the ledger grow at this rate, by its own statement; the rows are made before. @returns events per second that it came to */
export async function appendSteadily(pool: Pool, perSecond: number, seconds: number): Promise<number> {
  const sourceId = await new Sources(pool).idOf(SOURCE);
  const run = await selectHeadSeq(pool);
  const batch = perSecond / 10;
  let made = 0;
  const make = () => `[${Array.from({ length: batch }, () => ledgerRow(sourceId, run, ++made)).join(",")}]`;
  const batches = Array.from({ length: seconds * 10 }, make);
  let told = 0;
  const began = performance.now();
  const elapsed = () => (performance.now() - began) / 1_000;
  for (const rows of batches) {
    if (elapsed() >= seconds) break;
    await appendEvents(pool, rows);
    told += batch;
    await delay(Math.max(0, (told / perSecond - elapsed()) * 1_000));
  }
  return told / elapsed();
}

function ledgerRow(sourceId: number, run: number, n: number): string {
  const id = `ledger-${run}-${String(n).padStart(10, "0")}`;
  const event = {
    sourceId,
    source: SOURCE,
    id,
    type: "interlock.OrderRequested.v1",
    subject: `salesOrder/${id}`,
    time: "2026-03-02T08:00:00Z",
    body: orderData(id),
  };
  return JSON.stringify(appendRow(event, n));
}

function bareRow(seq: number): BareRow {
  const id = `bare-${String(seq).padStart(12, "0")}`;
  return { seq, id, subject: `salesOrder/${id}`, body: orderData(id) };
}
