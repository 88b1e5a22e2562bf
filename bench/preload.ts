import { session, type Pool } from "../src/db/pool.ts";
import { selectHeadSeq } from "../src/ledger/queries.ts";
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

function bareRow(seq: number): BareRow {
  const id = `bare-${String(seq).padStart(12, "0")}`;
  return { seq, id, subject: `salesOrder/${id}`, body: orderData(id) };
}
