import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { verifyWhenDue } from "../../audit/verification.ts";
import { setSystemPaused } from "../../case/system-action.ts";
import { now } from "../now.ts";
import { AUTHORIZED, openTestApi, type TestApi } from "../testing/app.ts";

const dir = mkdtempSync(join(tmpdir(), "audit-"));
let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
  const { pool } = api.database;
  const word = (actor: string, reason: string) => ({ actor, reason, now: now() });
  await setSystemPaused(pool, "works", true, word("anna", 'a "planned" stop, until noon'));
  await setSystemPaused(pool, "works", false, word("anna", "=done"));
  await setSystemPaused(pool, "works", true, word("bert", "the ERP is slow"));
});
afterAll(async () => {
  await api.close();
  rmSync(dir, { recursive: true });
});

async function entries(query: string) {
  return (await api.get(`/v1/audit?${query}`)).json as {
    items: Record<string, unknown>[];
    next: string | null;
  };
}

test("what people did is listed, the newest first, by who and what", async () => {
  expect(await entries("limit=1")).toMatchObject({
    items: [{ actor: "bert", what: "SystemPaused", reason: "the ERP is slow" }],
    next: expect.any(String),
  });
  const { next } = await entries("limit=1");
  expect((await entries(`limit=1&cursor=${next}`)).items).toMatchObject([
    { actor: "anna", what: "SystemResumed" },
  ]);
  expect((await entries("actor=anna&what=SystemPaused")).items).toHaveLength(1);
  expect((await entries("until=2026-01-01T00:00:00Z")).items).toEqual([]);
});

test("the same is exported for a spreadsheet, in which no word becomes a formula, and for programs", async () => {
  const csv = await api.app.inject({ url: "/v1/audit/export", headers: AUTHORIZED });
  expect(csv.headers["content-type"]).toBe("text/csv; charset=utf-8");
  const [header, ...lines] = csv.body.trimEnd().split("\r\n");
  expect([header, lines.length]).toEqual(["seq,at,actor,what,object,reason,plant,correlation,detail", 3]);
  expect(lines[1]).toContain(",'=done,");
  expect(lines[2]).toContain(',"a ""planned"" stop, until noon",');
  const jsonl = await api.app.inject({
    url: "/v1/audit/export?format=jsonl&actor=bert",
    headers: AUTHORIZED,
  });
  expect(
    jsonl.body
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as object),
  ).toMatchObject([{ actor: "bert", reason: "the ERP is slow" }]);
});

test("the chain is verified when somebody asks, and it says up to where", async () => {
  expect((await api.get("/v1/audit/chain")).json).toEqual({ head: 3, last: null, running: null });
  const url = "/v1/audit/verify";
  const asked = await api.app.inject({ method: "POST", url, headers: AUTHORIZED });
  expect([asked.statusCode, asked.json()]).toMatchObject([202, { running: { askedBy: "admin-token" } }]);
  const alarms: string[] = [];
  const parts = {
    pool: api.database.pool,
    hub: "one",
    dir,
    byClock: false,
    alarm: (what: string) => alarms.push(what),
  };
  const { signal } = new AbortController();
  expect(await verifyWhenDue(parts, signal)).toBe(true);
  expect(await verifyWhenDue(parts, signal)).toBe(false);
  expect((await api.get("/v1/audit/chain")).json).toMatchObject({
    last: { ok: true, verified: 3, of: 3, finding: null },
    running: null,
  });
  await api.database.pool.query("update events set actor = 'nobody' where seq = 2");
  await api.app.inject({ method: "POST", url, headers: AUTHORIZED });
  await verifyWhenDue(parts, signal);
  expect((await api.get("/v1/audit/chain")).json["last"]).toMatchObject({
    ok: false,
    verified: 1,
    finding: { at: 2, kind: "changed" },
  });
  expect(alarms).toEqual([expect.stringContaining("changed at 2")]);
});
