import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { startEmbedded } from "../db/embedded.ts";
import { openPool, type Pool, query } from "../db/pool.ts";
import { Stage, until } from "./testing/stage.ts";

let stage: Stage | undefined;
let pool: Pool | undefined;
afterEach(async () => {
  await stopAll();
  await stage?.close();
  stage = undefined;
});

/** In order: the last to leave stops the embedded server. */
async function stopAll(): Promise<void> {
  await pool?.end();
  pool = undefined;
  const hub = stage?.hubs.at(-1);
  hub?.process.kill("SIGTERM");
  await hub?.ended;
}

/** The embedded server that the stage's hub has started. */
async function server(): Promise<{ pid: number; url: string }> {
  const { pid, url, close } = await startEmbedded(join(stage!.data, "db"));
  await close();
  return { pid, url };
}

/** A server that is started again may have another port: another program may have taken its last one. */
async function openOwnPool(): Promise<Pool> {
  return openPool({ url: (await server()).url, application: "interlock:test:test", max: 2 });
}

/** With owners and rights, as a backup does it. */
function copy(from: string, to: string): void {
  execFileSync("cp", ["-a", from, to]);
}

const accepted = (count: number) =>
  until(
    async () => stage!.accepted.size >= count,
    () => `fewer than ${count} orders are accepted\n${stage!.said()}`,
  );

test("the database is killed under load, alone and together with its hub, and comes back: nothing is lost or doubled", async () => {
  stage = await Stage.open({});
  const hub = await stage.startHub();
  const { pid } = await server();
  const sending = stage.order("load", 40);
  await accepted(5);
  process.kill(pid, "SIGKILL");
  await accepted(15);
  process.kill((await server()).pid, "SIGKILL");
  await hub.kill();
  await stage.startHub();
  await sending;
  pool = await openOwnPool();
  await stage.untilAtRest(pool);
  expect(await stage.differences()).toEqual([]);
});

test("a database restored from an old copy is noticed, and what it forgot is found in the target instead of done again", async () => {
  stage = await Stage.open({});
  const db = join(stage.data, "db");
  await stage.startHub();
  await stage.order("before", 3);
  pool = await openOwnPool();
  await stage.untilAtRest(pool);
  await stopAll();
  copy(db, join(stage.folder, "copy"));

  await stage.startHub();
  await stage.order("forgotten", 3);
  pool = await openOwnPool();
  await stage.untilAtRest(pool);
  await stopAll();
  rmSync(db, { recursive: true });
  copy(join(stage.folder, "copy"), db);

  await stage.startHub();
  pool = await openOwnPool();
  expect(await query(pool, { name: "recoveries", text: "select reason from recoveries" })).toEqual([
    { reason: expect.stringContaining("the database was restored to an earlier state") },
  ]);
  // Their senders heard nothing of the restore, and send again what they believe unanswered.
  await stage.order("forgotten", 3);
  await stage.order("after", 2);
  await stage.untilAtRest(pool, { confirmed: false });
  expect(await stage.differences({ confirmed: false })).toEqual([]);
});
