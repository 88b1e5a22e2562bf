import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../db/testing/database.ts";
import { Appender } from "../ledger/append.ts";
import { Bell } from "../ledger/bell.ts";
import { separate } from "../ledger/personal.ts";
import { readAfter } from "../ledger/read.ts";
import { anEvent } from "../ledger/testing/event.ts";
import { anchorFile } from "./anchor-file.ts";
import { Anchoring } from "./anchor.ts";
import { redactSubject } from "./redact.ts";
import { verifyLedger } from "./verify.ts";

let db: TestDatabase;
let dir: string;
let appender: Appender;
let anchoring: Anchoring;

/** A ledger of 12 events, the fifth with personal values, anchored at 0, 6 and 12. */
async function begin(max: number): Promise<void> {
  db = await createTestDatabase({ max });
  dir = mkdtempSync(join(tmpdir(), "interlock-audit-"));
  appender = new Appender(db.pool, new Bell());
  anchoring = new Anchoring({ pool: db.pool, dir, everyEvents: 6 });
  await anchoring.step();
  for (let n = 1; n <= 12; n++) {
    await appender.append(
      n === 5 ? personalEvent() : anEvent(`event-${n}`, { subject: `salesOrder/SO-${n}` }),
    );
    await anchoring.step();
  }
}

async function end(): Promise<void> {
  await db.drop();
  rmSync(dir, { recursive: true });
}

function personalEvent() {
  const body = '{"contact":{"name":"Erika Mustermann","phone":"+49 30 1"},"note":"kept"}';
  return anEvent("event-5", {
    subject: "salesOrder/SO-5",
    ...separate(body, ["/contact/name", "/contact/phone"]),
  });
}

function verify() {
  return verifyLedger({ pool: db.pool, dir });
}

describe("what somebody with the database's password changes", () => {
  beforeAll(() => begin(1));
  afterAll(end);

  test.each<[what: string, sql: string, at: number, kind: string]>([
    ["a body", "update events set body = replace(body, 'SO-1', 'SO-2') where seq = 7", 7, "changed"],
    [
      "a body with its hash",
      "update events set body = '{}', body_hash = sha256('{}') where seq = 7",
      7,
      "changed",
    ],
    [
      "a time, by a microsecond",
      "update events set occurred_at = occurred_at + interval '1 microsecond' where seq = 3",
      3,
      "changed",
    ],
    [
      "the moment of recording",
      "update events set recorded_at = recorded_at + interval '1 microsecond' where seq = 3",
      3,
      "changed",
    ],
    ["an actor", "update events set actor = 'nobody' where seq = 12", 12, "changed"],
    ["a hash", "update events set body_hash = sha256('x') where seq = 2", 2, "changed"],
    ["a source", "update sources set name = '/systems/other' where id = 1", 1, "changed"],
    ["a row taken out", "delete from events where seq = 4", 4, "missing"],
    ["the first row taken out", "delete from events where seq = 1", 1, "missing"],
    ["the last rows taken out", "delete from events where seq > 10", 11, "missing"],
    [
      "the last rows taken out, and the head set back",
      "delete from events where seq > 10; update ledger_head set (seq, chain) = (select seq, chain from events where seq = 10)",
      11,
      "missing",
    ],
    [
      "two rows swapped",
      "update events set seq = -seq where seq in (8, 9); update events set seq = case seq when -8 then 9 else 8 end where seq < 0",
      8,
      "reordered",
    ],
    ["the head's chain", "update ledger_head set chain = sha256('x')", 12, "head"],
    ["an identity", "delete from identities where id = 'event-6'", 6, "identity"],
    [
      "a personal value",
      `update personal set value = '"Max"' where pointer = '/contact/name'`,
      5,
      "personal",
    ],
    ["a personal value taken out", "delete from personal where pointer = '/contact/name'", 5, "personal"],
    [
      "a row added behind the head",
      "insert into events select 13, source_id, 'x', type, subject, occurred_at, time_text, recorded_at, plant, business_unit, correlation, cause_seq, cause_effect, source_version, actor, reason, traceparent, body, personal, body_hash, chain from events where seq = 12",
      13,
      "head",
    ],
  ])("finds %s", async (_what, sql, at, kind) => {
    // The pool's one connection: each finds the same ledger.
    await db.pool.query("begin");
    try {
      await db.pool.query(sql);
      expect(await verify()).toMatchObject({ ok: false, finding: { at, kind } });
    } finally {
      await db.pool.query("rollback");
    }
  });
});

describe("a ledger of its own", () => {
  beforeEach(() => begin(3));
  afterEach(end);

  test("an untouched ledger is proven up to the last anchor, and the key is for nobody else's eyes", async () => {
    const lines = readFileSync(anchorFile(dir), "utf8").trim().split("\n");
    expect(lines.map((line) => JSON.parse(line).seq)).toEqual([0, 6, 12]);
    await appender.append(anEvent("after-the-last-anchor"));
    expect(await verify()).toMatchObject({
      ok: true,
      verified: 13,
      of: 13,
      provenUpTo: { seq: 12 },
      notes: [],
    });
    expect(statSync(join(dir, "anchor-key.pem")).mode & 0o777).toBe(0o600);
  });

  test("the chain holds when two hubs append side by side what partly is the same", async () => {
    const hubs = [appender, new Appender(db.pool, new Bell())];
    const events = Array.from({ length: 60 }, (_, n) => anEvent(`both-${n % 40}`));
    const results = await Promise.all(events.map((event, n) => hubs[n % 2]!.append(event)));
    expect(results.filter(({ status }) => status === "appended")).toHaveLength(40);
    expect(await verify()).toMatchObject({ ok: true, verified: 52, of: 52 });
  });

  test("finds a history that was rewritten with hashes that fit, between the last anchor that agrees and the next", async () => {
    await db.pool.query("delete from identities where seq > 8");
    await db.pool.query("delete from events where seq > 8");
    await db.pool.query(
      "update ledger_head set (seq, chain) = (select seq, chain from events where seq = 8)",
    );
    for (let n = 9; n <= 13; n++) await appender.append(anEvent(`forged-${n}`));
    expect(await verify()).toMatchObject({
      ok: false,
      verified: 6,
      provenUpTo: { seq: 6 },
      finding: { at: 7, kind: "rewritten" },
    });
  });

  test("finds a changed anchor file, and takes a line that a crash cut short for none", async () => {
    const lines = readFileSync(anchorFile(dir), "utf8");
    appendFileSync(anchorFile(dir), '{"ledgerId":"cut sh');
    expect(await verify()).toMatchObject({ ok: true, provenUpTo: { seq: 12 } });
    await appender.append(anEvent("one-more"));
    await anchoring.sign();
    expect(await verify()).toMatchObject({ ok: true, provenUpTo: { seq: 13 } });

    const publicKey = join(dir, "anchor-key.pub.pem");
    expect(await verifyLedger({ pool: db.pool, dir, publicKey })).toMatchObject({ ok: true });

    writeFileSync(anchorFile(dir), lines.replace('"seq":6', '"seq":7'));
    expect(await verify()).toMatchObject({ ok: false, finding: { at: 2, kind: "anchor-file" } });
    writeFileSync(anchorFile(dir), lines.split("\n").toSpliced(1, 1).join("\n"));
    expect(await verify()).toMatchObject({ ok: false, finding: { at: 2, kind: "anchor-file" } });
  });

  test("redacted values are gone for good, the chain still verifies, and the ledger says who did it and why", async () => {
    const redaction = { subject: "salesOrder/SO-5", actor: "admin", reason: "asked for by the person" };
    await db.pool.query(
      "insert into inbound (system, stream, native_id, object_key, content_type, raw, raw_hash, state, event_seq) values ('crm', 's', 'n', 'k', 't', 'Erika', sha256('Erika'), 'admitted', 5)",
    );
    expect(await redactSubject(db.pool, { ...redaction, pointers: ["/contact/phone"] })).toBe(1);
    expect(await redactSubject(db.pool, redaction)).toBe(1);
    expect(await redactSubject(db.pool, redaction)).toBe(0);
    expect(await verify()).toMatchObject({ ok: true, verified: 14 });

    const [event] = await readAfter(db.pool, 4, 1);
    expect(event!.data).toEqual({ contact: { name: null, phone: null }, note: "kept" });
    const told = await readAfter(db.pool, 12);
    expect(
      told.map(({ type, actor, reason, data }) => [
        type,
        actor,
        reason,
        (data as { pointers: string[] }).pointers,
      ]),
    ).toEqual([
      ["interlock.PersonalDataRedacted.v1", "admin", "asked for by the person", ["/contact/phone"]],
      ["interlock.PersonalDataRedacted.v1", "admin", "asked for by the person", ["/contact/name"]],
    ]);
    const { rows } = await db.pool.query<{ salt: null; raw: Buffer }>(
      "select p.salt, i.raw from personal p join inbound i on i.event_seq = p.seq where p.seq = 5",
    );
    expect(rows.map(({ salt, raw }) => [salt, raw.length])).toEqual([
      [null, 0],
      [null, 0],
    ]);
    // What could be tried against a list of names is gone too, so the same message sent again cannot be told from another.
    expect(await appender.append(personalEvent())).toEqual({ status: "conflict", seq: 5 });
  });
});
