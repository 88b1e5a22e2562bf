import { afterEach, expect, test } from "vitest";
import { request } from "undici";
import { query } from "../db/pool.ts";
import { createTestDatabase, type TestDatabase } from "../db/testing/database.ts";
import { type Child } from "./testing/child.ts";
import { Stage, TOKEN, until } from "./testing/stage.ts";

let database: TestDatabase | undefined;
let stage: Stage | undefined;
afterEach(async () => {
  await stage?.close();
  await database?.drop();
});

const PAUSED = {
  name: "target.paused",
  text: `select s.system, s.paused, c.kind, c.state, (select count(*) from lanes l
      where l.system = s.system and (l.state = 'sending' or l.doing is not null)) as sending
    from systems s left join cases c on c.system = s.system and c.kind = 'SYSTEM_WENT_BACK'`,
};

type Paused = { system: string; paused: string | null; kind: string | null; state: string; sending: number };

const paused = () => query<Paused>(database!.pool, PAUSED);

async function resume(hub: Child, system: string): Promise<void> {
  const answer = await request(`${hub.ready["url"]}/v1/systems/${system}/resume`, {
    method: "POST",
    headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
    body: JSON.stringify({ actor: "admin", reason: "entered again by hand what its restore had lost" }),
  });
  await answer.body.dump();
  expect(answer.statusCode).toBe(200);
}

/**
 * What a person does who has the ERP's paper copy: each order that its restore took back is entered again, as it was. Those that
 * the hub still has to send are left to it: entered by hand, without its reference, they would stand there twice.
 */
async function enterAgain(): Promise<number> {
  const { entries } = await stage!.book(stage!.erp);
  const open = new Set((await query<{ lane: string }>(database!.pool, OPEN)).map(({ lane }) => lane));
  const lost = entries.filter(
    ({ op, undone, order }) => op === "create" && undone && !open.has(`salesOrder/${order!.sourceOrder}`),
  );
  for (const { order } of lost) {
    const { sourceOrder, customer, lines } = order!;
    await stage!.admin(stage!.erp, "POST", "clerk", { action: "create", sourceOrder, customer, lines });
  }
  return lost.length;
}

/** How often each order stands in the ERP now. */
async function standing(): Promise<Map<string, number>> {
  const { entries } = await stage!.book(stage!.erp);
  const times = new Map<string, number>();
  for (const { op, order, undone } of entries)
    if (op === "create" && !undone) times.set(order!.sourceOrder!, (times.get(order!.sourceOrder!) ?? 0) + 1);
  return times;
}

test("S14 an ERP restored under load is noticed and gets nothing more; a person makes it whole and resumes, and each order stands once", async () => {
  database = await createTestDatabase();
  stage = await Stage.open({ databaseUrl: database.url });
  const hub = await stage.startHub();
  await stage.order("kept", 3);
  await stage.untilAtRest(database.pool);
  await stage.admin(stage.erp, "PUT", "snapshots/yesterday");
  // More than what comes until the next look: numbers that are reached again tell nothing.
  await stage.order("lost", 60);
  await stage.untilAtRest(database.pool);
  await stage.admin(stage.erp, "POST", "faults", [{ kind: "answer-lost", probability: 0.1 }]);
  const sending = stage.order("load", 40);
  await until(
    async () => stage!.accepted.size >= 68,
    () => `the load does not begin\n${stage!.said()}`,
  );
  await stage.admin(stage.erp, "POST", "restore/yesterday");
  await sending;
  await until(
    async () => (await paused()).some(({ paused, sending }) => paused !== null && sending === 0),
    () => `nobody notices\n${stage!.said()}`,
  );
  expect(await paused()).toEqual([
    {
      system: "shop-erp",
      paused: expect.stringMatching(/the highest number in shop-erp\/orders went back from \d+ to \d+/),
      kind: "SYSTEM_WENT_BACK",
      state: "open",
      sending: 0,
    },
  ]);

  await stage.admin(stage.erp, "DELETE", "faults");
  // The paused system gets nothing, whatever waits for it.
  const before = await standing();
  await stage.order("meanwhile", 5);
  await until(
    async () => (await waiting()) >= 5,
    () => `the orders do not come as far as the ERP's lanes\n${stage!.said()}`,
  );
  expect(await standing()).toEqual(before);

  expect(await enterAgain()).toBeGreaterThan(40);
  await resume(hub, "shop-erp");
  await stage.untilAtRest(database.pool);
  expect(new Set((await standing()).values())).toEqual(new Set([1]));
  expect([...(await standing()).keys()].toSorted()).toEqual([...stage.accepted].toSorted());
  expect(await paused()).toMatchObject([{ paused: null, kind: "SYSTEM_WENT_BACK", state: "closed" }]);
  const told = new Map(
    (await stage.book(stage.portal)).entries.flatMap(({ told }) =>
      told ? [[told.number, told.status]] : [],
    ),
  );
  expect([...stage.accepted].filter((order) => told.get(order) !== "confirmed")).toEqual([]);
});

const OPEN = {
  name: "target.open",
  text: "select lane from lanes where system = 'shop-erp' and state <> 'idle'",
};

const WAITING = {
  name: "target.waiting",
  text: "select count(*) as lanes from lanes where system = 'shop-erp' and state = 'ready' and lane like '%meanwhile%'",
};

async function waiting(): Promise<number> {
  return (await query<{ lanes: number }>(database!.pool, WAITING))[0]!.lanes;
}
