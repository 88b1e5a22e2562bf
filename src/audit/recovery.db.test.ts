import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../db/testing/database.ts";
import { intend } from "../effect/testing/intend.ts";
import { Appender } from "../ledger/append.ts";
import { Bell } from "../ledger/bell.ts";
import { readAfter } from "../ledger/read.ts";
import { anEvent } from "../ledger/testing/event.ts";
import { writeAnchor } from "./anchor-file.ts";
import { openAnchorKey } from "./anchor-key.ts";
import { Anchoring } from "./anchor.ts";
import { openAudit } from "./audit.ts";
import { endRecoveryByPerson, endRecoveryWhenRead } from "./recovery.ts";
import { verifyLedger } from "./verify.ts";

let db: TestDatabase;
let dir: string;
let appender: Appender;
let anchoring: Anchoring;

beforeEach(async () => {
  db = await createTestDatabase({ max: 3 });
  dir = mkdtempSync(join(tmpdir(), "interlock-recovery-"));
  appender = new Appender(db.pool, new Bell());
  anchoring = new Anchoring({ pool: db.pool, dir });
});
afterEach(async () => {
  await db.drop();
  rmSync(dir, { recursive: true });
});

async function tell(...ids: string[]): Promise<void> {
  await appender.appendAll(ids.map((id) => anEvent(id)));
}

/** The state the database had after its first `seq` events. */
async function restoreTo(seq: number): Promise<void> {
  await db.pool.query("delete from identities where seq > $1", [seq]);
  await db.pool.query("delete from events where seq > $1", [seq]);
  await db.pool.query(
    "update ledger_head set (seq, chain) = (select seq, chain from events where seq = $1), epoch = 1",
    [seq],
  );
}

/** A decision: its effect is the head of its lane. */
function intended(reference: string): Promise<void> {
  return intend(db.pool, [{ reference, system: "erp", key: reference }]);
}

/** A hub starts. */
async function check(): Promise<string | undefined> {
  return (await openAudit({ pool: db.pool, dir, streams: [] })).recovery;
}

async function recoveries() {
  const { rows } = await db.pool.query("select anchor_seq, ended_by from recoveries order by id");
  return rows;
}

test("a ledger that went on since its last anchor is in order", async () => {
  // anchored while it was empty, by a hub that died before it signed again
  expect(await check()).toBeUndefined();
  await tell("1", "2");
  expect(await check()).toBeUndefined();
  await anchoring.sign();
  await tell("3");
  expect(await check()).toBeUndefined();
  expect(await recoveries()).toEqual([]);
});

test("a database restored to an earlier state begins a recovery, in which what is open is looked for before it is sent", async () => {
  await tell("1", "2", "3", "4");
  await anchoring.sign();
  await intended("0123456789ABCDEF");
  await restoreTo(2);
  expect(await check()).toMatch(/ends at position 2, but at .* it reached 4/);
  expect(await recoveries()).toEqual([{ anchor_seq: 4, ended_by: null }]);
  const [began] = await readAfter(db.pool, 2);
  expect(began).toMatchObject({ type: "interlock.RecoveryBegan.v1", data: { anchorSeq: 4, headSeq: 2 } });
  const { rows } = await db.pool.query("select probe_first from effects");
  expect(rows).toEqual([{ probe_first: true }]);

  // The new epoch is anchored: a second start finds nothing new, and the audit knows which past ended.
  expect(await check()).toBeUndefined();
  await tell("5", "6", "7");
  await anchoring.sign();
  const verdict = await verifyLedger({ pool: db.pool, dir });
  expect(verdict).toMatchObject({ ok: true, verified: 6, provenUpTo: { seq: 6 } });
  expect(verdict.notes).toEqual([
    expect.stringMatching(/began epoch 2 after a restore: the past is shared up to position 2/),
    "1 anchors are of a past that ended with a restore",
  ]);
});

test("S13 what was looked for twice and was to be sent again when the backup was made is looked for once more", async () => {
  await tell("1", "2");
  await intended("SENT000000000000");
  await intended("NEVERSENT0000000");
  // The next thing to happen to both was a send, which the restored database does not know of.
  await db.pool.query(
    "update lanes set probes = 2, sends = case when head like 'SENT%' then 1 else 0 end where head is not null",
  );
  await anchoring.sign();
  await restoreTo(1);
  await check();
  const { rows } = await db.pool.query("select head, state, sends, probes from lanes order by head");
  expect(rows).toEqual([
    // Dispatch looks for the head of a ready lane first when it was never sent.
    { head: "NEVERSENT0000000", state: "ready", sends: 0, probes: 0 },
    { head: "SENT000000000000", state: "unknown", sends: 1, probes: 0 },
  ]);
});

test("a database that went another way is noticed, also when it is longer; a restore of a restore has an epoch of its own", async () => {
  await tell("1", "2");
  await anchoring.sign();
  await tell("3", "4");
  await anchoring.sign();
  await restoreTo(3);
  await tell("other-4", "other-5");
  expect(await check()).toMatch(/at position 4 the ledger is not the one/);
  await restoreTo(1);
  expect(await check()).toMatch(/ends at position 1/);
  expect(await verifyLedger({ pool: db.pool, dir })).toMatchObject({ ok: true, verified: 2 });
  const { rows } = await db.pool.query("select epoch from ledger_head");
  expect(rows).toEqual([{ epoch: 3 }]);
});

test("another ledger, another server and another timeline are noticed", async () => {
  await tell("1");
  const standing = (await anchoring.sign())!;
  for (const [changed, said] of [
    [{ ledgerId: "another" }, /the last anchor is of another/],
    [{ server: "1" }, /moved from server 1,/],
    [{ timeline: standing.timeline + 1 }, /timeline/],
  ] as const) {
    const { seq, chain, epoch, ledgerId, server, timeline, signedAt } = standing;
    await writeAnchor(
      dir,
      { ledgerId, epoch, seq, chain, signedAt, server, timeline, ...changed },
      openAnchorKey(dir),
    );
    expect(await check()).toMatch(said);
  }
});

test("a recovery ends when every stream was read and admitted beyond its beginning, not before", async () => {
  await tell("1", "2");
  await anchoring.sign();
  await restoreTo(1);
  await check();
  const streams = [{ system: "erp", stream: "changes" }];
  const end = () => endRecoveryWhenRead(db.pool, streams);
  expect(await end()).toBe(false);
  await db.pool.query(
    "insert into cursors (system, stream, caught_up_to) values ('erp', 'changes', clock_timestamp() - interval '1 hour')",
  );
  expect(await end()).toBe(false);
  await db.pool.query("update cursors set caught_up_to = clock_timestamp() + interval '1 second'");
  await db.pool.query(
    "insert into inbound (system, stream, native_id, object_key, content_type, raw, raw_hash) values ('erp', 'changes', '1', 'k/1', 't', '', '')",
  );
  expect(await end()).toBe(false);
  await db.pool.query("update inbound set state = 'admitted'");
  expect(await endRecoveryWhenRead(db.pool, [])).toBe(false);
  expect(await end()).toBe(true);
  expect(await end()).toBe(false);
  expect(await recoveries()).toEqual([{ anchor_seq: 2, ended_by: "interlock" }]);
});

test("a person ends a recovery with a reason that the ledger keeps", async () => {
  const word = { actor: "admin", reason: "compared by hand" };
  expect(await endRecoveryByPerson(db.pool, word)).toBe(false);
  await tell("1", "2");
  await anchoring.sign();
  await restoreTo(1);
  await check();
  await expect(endRecoveryByPerson(db.pool, { actor: "admin", reason: " " })).rejects.toMatchObject({
    code: "REASON_REQUIRED",
  });
  expect(await endRecoveryByPerson(db.pool, word)).toBe(true);
  expect((await readAfter(db.pool, 2))[0]).toMatchObject({ type: "interlock.RecoveryEnded.v1", ...word });
});
