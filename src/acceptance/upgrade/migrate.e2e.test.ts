import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../db/testing/database.ts";
import type { Child } from "../../hub/testing/child.ts";
import { Stage, until } from "../../hub/testing/stage.ts";
import { installAfterSales, say } from "./testing/after-sales.ts";
import { call } from "./testing/hub-api.ts";

const EXAMPLE = join(import.meta.dirname, "../../../examples/order-confirmation");
/** Of each kind one: enough for every share of the partitions that two hubs may come to. */
const NUMBERS = Array.from({ length: 16 }, (_, i) => i + 1);

let folder: string;
let database: TestDatabase;
let stage: Stage;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "interlock-migrate-"));
  database = await createTestDatabase();
  stage = await Stage.open({ databaseUrl: database.url });
});
afterEach(async () => {
  await stage.close();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

/** A project with a version of the process. @returns its folder, and the file of the process in it */
function project(version: 1 | 2): { readonly project: string; readonly file: string } {
  const place = join(folder, `version-${version}`);
  cpSync(EXAMPLE, place, { recursive: true });
  return { project: place, file: installAfterSales(place, version) };
}

test("what version 1 stored in each phase, version 2 migrates and goes on with; whoever cannot be migrated is a case, and holds only itself", async () => {
  const old = await stage.startHub(project(1));
  await storeOneInEachPhase(old);
  await old.kill();

  const newer = project(2);
  const hub = await stage.startHub(newer);
  await untilStored({
    open: {
      version: 2,
      phase: "open",
      held: null,
      state: { salesOrder: "open", customer: "C-77", answers: [] },
    },
    updated: {
      version: 2,
      phase: "answered",
      held: null,
      state: { salesOrder: "updated", customer: "C-77", answers: ["update 1"] },
    },
    closed: {
      version: 2,
      phase: "closed",
      held: null,
      state: { salesOrder: "closed", customer: "C-77", answers: [] },
    },
    nobodys: {
      version: 1,
      phase: "open",
      held: expect.stringContaining("nobody knows whose order nobodys is"),
      state: { salesOrder: "nobodys", updates: 1 },
    },
  });

  // All others go on, while what comes for the one is kept behind it.
  await say(hub, { what: "Updated", serviceCase: "SC-nobodys", n: 2 });
  await say(hub, { what: "Opened", serviceCase: "SC-early", salesOrder: "early", customer: "C-77" });
  for (const name of ["open", "updated"])
    await say(hub, { what: "Updated", serviceCase: `SC-${name}`, n: 2 });
  await untilTold({
    early: ["opened", "answer 1 to C-77"],
    open: ["opened", "answer 1 to C-77"],
    updated: ["opened", "update 1", "answer 2 to C-77"],
    closed: ["opened", "closed"],
    nobodys: ["opened", "update 1"],
  });

  // The definition is mended, the hub started again, and a person releases the instance.
  await hub.kill();
  const source = readFileSync(newer.file, "utf8");
  const throws = "if (customer === undefined) throw new Error(`nobody knows whose order ${salesOrder} is`);";
  expect(source).toContain(throws);
  writeFileSync(
    newer.file,
    source
      .replace(throws, "")
      .replace(
        "state: { salesOrder, customer, answers }",
        'state: { salesOrder, customer: customer ?? "C-0", answers }',
      ),
  );
  const mended = await stage.startHub(newer);
  const { items } = await call<{ items: { id: number; kind: string }[] }>(
    mended,
    "GET",
    "/v1/cases?state=open",
  );
  expect(items).toMatchObject([{ kind: "PROCESS_HELD" }]);
  await call(mended, "POST", `/v1/cases/${items[0]!.id}/actions`, {
    action: "release",
    actor: "anna",
    reason: "the migration knows such orders now",
  });
  await untilTold({ nobodys: ["opened", "update 1", "answer 2 to C-0"] });
  expect(await call(mended, "GET", "/v1/cases?state=open")).toMatchObject({ items: [] });
});

test("beside each other, version 1's hub works on what is not migrated yet and leaves the rest alone, also when version 2's dies", async () => {
  const old = await stage.startHub(project(1));
  const order = (n: number) => ({ serviceCase: `SC-${n}`, salesOrder: `order-${n}`, customer: "C-77" });
  await Promise.all(NUMBERS.map((n) => say(old, { what: "Opened", ...order(n) })));
  await untilTold(Object.fromEntries(NUMBERS.map((n) => [`order-${n}`, ["opened"]])));

  const newer = project(2);
  const hub = await stage.startHub(newer);
  // It shares the partitions with the old one, and migrates what is in its own, though nothing comes for it.
  await until(
    async () => {
      const mine = [...(await versions()).values()].filter(({ newerHad }) => newerHad);
      return (await countNewer()) === 8 && mine.every(({ version }) => version === 2);
    },
    () => `the newer hub has no share of the work, or does not migrate it\n${stage.said()}`,
  );
  await Promise.all(NUMBERS.map((n) => say(old, { what: "Updated", ...order(n) })));
  await until(
    async () => [...(await told()).values()].every((messages) => messages.length === 2),
    () => `not everything is told\n${stage.said()}`,
  );
  const after = await versions();
  for (const [key, { version, newerHad }] of after) {
    const words = version === 2 ? ["opened", "answer 1 to C-77"] : ["opened", "update 1"];
    expect([key, version, (await told()).get(key)]).toEqual([key, newerHad ? 2 : 1, words]);
  }
  expect(new Set([...after.values()].map(({ version }) => version))).toEqual(new Set([1, 2]));

  // Alone, the old hub takes none of it.
  await hub.kill();
  await Promise.all(NUMBERS.map((n) => say(old, { what: "Closed", serviceCase: `SC-${n}` })));
  await until(
    async () => old.said().includes("LEASE_REVISION_OLDER"),
    () => `the old hub does not say that work lies idle\n${stage.said()}`,
  );
  await until(
    async () =>
      [...(await versions()).values()].every(({ newerHad, phase }) => newerHad || phase === "closed"),
    () => `the old hub does not go on with its own\n${stage.said()}`,
  );
  for (const { newerHad, version, phase } of (await versions()).values())
    if (newerHad) expect([version, phase]).toEqual([2, "answered"]);

  await stage.startHub(newer);
  await old.kill();
  await until(
    async () =>
      [...(await versions()).values()].every(({ version, phase }) => version === 2 && phase === "closed"),
    () => `not all are migrated and closed\n${stage.said()}`,
  );
  await until(
    async () => [...(await told()).values()].every((messages) => messages.length === 3),
    () => `not everything is told\n${stage.said()}`,
  );
  for (const messages of (await told()).values()) expect(messages.at(-1)).toBe("closed");
});

async function storeOneInEachPhase(hub: Child): Promise<void> {
  await say(hub, { what: "Updated", serviceCase: "SC-early", salesOrder: "early" });
  for (const name of ["open", "updated", "closed"])
    await say(hub, { what: "Opened", serviceCase: `SC-${name}`, salesOrder: name, customer: "C-77" });
  await say(hub, { what: "Opened", serviceCase: "SC-nobodys", salesOrder: "nobodys" });
  for (const name of ["updated", "nobodys"]) await say(hub, { what: "Updated", serviceCase: `SC-${name}` });
  await say(hub, { what: "Closed", serviceCase: "SC-closed" });
  await untilTold({
    open: ["opened"],
    updated: ["opened", "update 1"],
    closed: ["opened", "closed"],
    nobodys: ["opened", "update 1"],
  });
  // Nothing was decided on it yet: it has no state, only what is kept for it.
  await until(
    async () => (await database.pool.query("select from deferred where key = 'early'")).rows.length === 1,
    () => `what came too early is not kept\n${stage.said()}`,
  );
  expect(new Set([...(await stored()).values()].map(({ version }) => version))).toEqual(new Set([1]));
}

interface Stored {
  readonly version: number;
  readonly phase: string;
  readonly held: string | null;
  readonly state: unknown;
}

async function stored(): Promise<Map<string, Stored>> {
  const { rows } = await database.pool.query<Stored & { key: string; text: string }>(
    `select key, definition_version as version, phase, held, state as text from instances
     where process = 'after-sales' order by key`,
  );
  return new Map(
    rows.map(({ key, version, phase, held, text }) => [
      key,
      { version: Number(version), phase, held, state: JSON.parse(text) as unknown },
    ]),
  );
}

async function untilStored(expected: Readonly<Record<string, Stored>>): Promise<void> {
  const isReady = (one: Stored | undefined) => one && (one.version === 2 || one.held !== null);
  await until(
    async () => {
      const seen = await stored();
      return Object.keys(expected).every((key) => isReady(seen.get(key)));
    },
    () => `not all are migrated\n${stage.said()}`,
  );
  expect(Object.fromEntries(await stored())).toEqual(expected);
}

/** How many partitions a hub of the newer version has had. */
async function countNewer(): Promise<number> {
  return (await database.pool.query(NEWER)).rows.length;
}

const NEWER = `select substr(name, 9)::integer as partition from leases
  where name like 'process:%' and min_revision = (select max(min_revision) from leases where name like 'process:%')
    and min_revision > (select min(min_revision) from leases where name like 'process:%')`;

async function versions(): Promise<Map<string, { version: number; phase: string; newerHad: boolean }>> {
  const { rows } = await database.pool.query(
    `select key, definition_version as version, phase, partition in (${NEWER}) as newer from instances
     where process = 'after-sales' order by key`,
  );
  return new Map(
    rows.map(({ key, version, phase, newer }) => [key, { version: Number(version), phase, newerHad: newer }]),
  );
}

/** What the portal was told of each order, in its own book, in order. */
async function told(): Promise<Map<string, string[]>> {
  const { entries } = await stage.book(stage.portal);
  const found = new Map<string, string[]>();
  for (const { told: one } of entries) {
    if (!one) continue;
    const { details } = one as unknown as { details: { message: string } };
    found.set(one.number, [...(found.get(one.number) ?? []), details.message]);
  }
  return found;
}

async function untilTold(expected: Readonly<Record<string, readonly string[]>>): Promise<void> {
  let seen = new Map<string, string[]>();
  await until(
    async () => {
      seen = await told();
      return Object.entries(expected).every(
        ([key, messages]) => (seen.get(key) ?? []).length >= messages.length,
      );
    },
    () => `not everything is told: ${JSON.stringify([...seen])}\n${stage.said()}`,
  );
  expect(Object.fromEntries(seen)).toMatchObject(expected);
}
