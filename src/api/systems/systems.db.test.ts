import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { startOrderSystem } from "../../../simulators/reference/server.ts";
import type { Session } from "../../connector/contract.ts";
import { loadConnectors } from "../../connector/load.ts";
import { AUTHORIZED, openTestApi, type TestApi } from "../testing/app.ts";
import { insertLane } from "../testing/rows.ts";

const dataDir = mkdtempSync(join(tmpdir(), "systems-"));
const closing: (() => unknown)[] = [];
let api: TestApi;
let right: Session;
let wrong: Session;
let session: Session;

beforeAll(async () => {
  const connectors = await loadConnectors([join(import.meta.dirname, "../../../connectors")]);
  const works = await startOrderSystem({ port: 0, dataDir, seed: 1 });
  closing.push(() => works.close());
  const open = (clientSecret: string) =>
    connectors.get("reference")!.open({
      system: "works",
      config: { baseUrl: works.url, clientId: "interlock", clientSecret },
      timeoutMs: 30_000,
    });
  right = await open("reference-secret");
  wrong = await open("another-secret");
  closing.push(() => Promise.all([right.close(), wrong.close()]));
  session = right;
  api = await openTestApi({
    sessionOf: (system) => (system === "works" ? session : undefined),
    pulseOf: (system) =>
      system === "works"
        ? {
            breaker: "closed",
            quietMs: 0,
            callsUnderWay: 1,
            concurrency: 32,
            rate: { perSecond: 5, free: 2 },
          }
        : undefined,
  });
  const config = { baseUrl: works.url, clientId: "interlock", clientSecret: "reference-secret" };
  Object.assign(api.context.systems.get("works")!, { config });
  Object.assign(api.context.project, { connectors });
});
afterAll(async () => {
  await api.close();
  for (const close of closing) await close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function act(action: string, payload?: object) {
  const url = `/v1/systems/${action}`;
  const answer = await api.app.inject({
    method: "POST",
    url,
    headers: AUTHORIZED,
    ...(payload && { payload }),
  });
  return answer.json<Record<string, unknown>>();
}

test("a system shows how it fares, what waits for it and how it is configured, without its secrets", async () => {
  const { pool } = api.database;
  expect((await api.get("/v1/systems/works")).json).toMatchObject({ health: "healthy", why: null });
  await insertLane(pool, "SO-1", { effects: 1 });
  await pool.query(
    `insert into inbound (system, stream, native_id, object_key, content_type, raw, raw_hash, state, problem)
     values ('works', 'orders', 'm1', 'o/1', 'application/json', '{}', '\\x00', 'quarantined', '{}')`,
  );
  const { json, status } = await api.get("/v1/systems/works");
  expect([status, json]).toMatchObject([
    200,
    {
      health: "attention",
      why: "1 parked effect, 1 quarantined message",
      lanes: { parked: 1 },
      waitingMessages: 1,
      quarantined: 1,
      lastMessageAt: expect.any(String),
      pulse: { breaker: "closed", rate: { free: 2 } },
      config: { clientId: "interlock", clientSecret: "(hidden)" },
      streams: expect.arrayContaining([expect.objectContaining({ kind: "poll" })]),
      effects: expect.arrayContaining([
        expect.objectContaining({ effect: "CreateSalesOrder", safety: "probe" }),
      ]),
    },
  ]);
  expect(JSON.stringify(json)).not.toContain("reference-secret");
  expect(JSON.stringify((await api.get("/v1/systems/shop")).json)).not.toContain("shop-secret");
});

test("a paused system says why and by whom, until it is resumed", async () => {
  const word = { actor: "ops", reason: "the ERP is upgraded" };
  expect(await act("works/pause", word)).toMatchObject({
    health: "paused",
    why: "the ERP is upgraded",
    pausedBy: "ops",
  });
  expect(await act("works/resume", word)).toMatchObject({ paused: null });
  expect(await act("nothing/pause", word)).toMatchObject({ code: "OBJECT_UNKNOWN" });
});

test("a connection is tested by reading, and nothing moves", async () => {
  expect(await act("works/test")).toMatchObject({ outcome: "answered", stream: expect.any(String) });
  const { rows } = await api.database.pool.query("select * from cursors");
  expect(rows).toEqual([]);
  session = wrong;
  expect(await act("works/test")).toMatchObject({ outcome: "refused" });
  expect(await act("shop/test")).toMatchObject({ outcome: "untestable", tookMs: null });
});
