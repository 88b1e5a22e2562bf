import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { verifyLedger } from "../../audit/verify.ts";
import { migrate, SQL_FOLDER } from "../../db/migrate.ts";
import { readMigrations } from "../../db/migration-files.ts";
import { session } from "../../db/pool.ts";
import { createTestDatabase, type TestDatabase } from "../../db/testing/database.ts";
import { Stage, until } from "../../hub/testing/stage.ts";
import { type Previous, unpackPrevious } from "./testing/previous.ts";

let previous: Previous | { readonly missing: string };
let database: TestDatabase | undefined;
let stage: Stage | undefined;
beforeEach(() => {
  previous = unpackPrevious();
});
afterEach(async () => {
  await stage?.close();
  await database?.drop();
  if ("remove" in previous) previous.remove();
  stage = database = undefined;
});

test("a rolling upgrade: the previous commit's hubs and this one's share one database under load, then the old ones go", async (context) => {
  if ("missing" in previous) return context.skip(previous.missing);
  const home = previous.folder;
  database = await createTestDatabase({ folder: join(home, "sql") });
  stage = await Stage.open({ databaseUrl: database.url, project: join(home, "examples/order-confirmation") });
  await stage.admin(stage.erp, "POST", "faults", [
    { kind: "answer-lost", probability: 0.1 },
    { kind: "outage", probability: 0.1 },
  ]);
  const accepted = (count: number) =>
    until(
      async () => stage!.accepted.size >= count,
      () => `fewer than ${count} orders are accepted\n${stage!.said()}`,
    );
  const [first, second] = [await stage.startHub({ home }), await stage.startHub({ home })];
  const sending = stage.order("load", 80);
  await accepted(10);
  // The schema is brought along while the others work on.
  const third = await stage.startHub();
  await until(
    async () => (await owners()).has(third.ready["id"]!),
    () => `the new hub has no work\n${stage!.said()}`,
  );
  await accepted(30);
  first.process.kill("SIGTERM");
  await first.ended;
  await accepted(50);
  await second.kill();
  await sending;
  await until(
    async () => [...(await owners()).keys()].join() === third.ready["id"],
    () => `the new hub does not take over\n${stage!.said()}`,
  );
  await stage.admin(stage.erp, "DELETE", "faults");
  await stage.untilAtRest(database.pool);
  expect(await stage.differences()).toEqual([]);
  const verdict = await verifyLedger({ pool: database.pool, dir: stage.data });
  expect(verdict).toMatchObject({ ok: true, verified: verdict.of });
});

test("the previous commit's hub works on after a newer schema was brought that only adds, and refuses one that breaks it", async (context) => {
  if ("missing" in previous) return context.skip(previous.missing);
  const home = previous.folder;
  database = await createTestDatabase();
  stage = await Stage.open({ databaseUrl: database.url, project: join(home, "examples/order-confirmation") });
  await bring("adds", "create table a_later_thing (id bigint primary key);\n");
  const old = await stage.startHub({ home });
  await stage.order("added", 3);
  await stage.untilAtRest(database.pool);
  expect(await stage.differences()).toEqual([]);
  await old.kill();

  await bring("breaks", "-- breaking: a hub of before would not write it\nselect 1;\n");
  await expect(stage.startHub({ home })).rejects.toThrow(
    /breaks older versions: a hub of before would not write it; run Interlock[^]*BINARY_TOO_OLD/,
  );
});

/** Which hubs work on something now. */
async function owners(): Promise<Map<string, number>> {
  const { rows } = await database!.pool.query<{ hub: string; names: string }>(
    `select hub_id as hub, count(*) as names from leases
     where not starts_with(name, 'hub:') and expires_at > clock_timestamp() group by hub_id`,
  );
  return new Map(rows.map(({ hub, names }) => [hub, Number(names)]));
}

const brought: { readonly name: string; readonly text: string }[] = [];

/** Migrates the database as a later version of Interlock would, whose sql/ has one file more. */
async function bring(name: string, text: string): Promise<void> {
  brought.push({ name, text });
  const folder = mkdtempSync(join(tmpdir(), "interlock-later-"));
  cpSync(SQL_FOLDER, folder, { recursive: true });
  const there = readMigrations(SQL_FOLDER).length;
  for (const [i, each] of brought.entries())
    writeFileSync(join(folder, `${String(there + i + 1).padStart(4, "0")}_${each.name}.sql`), each.text);
  const applied = await session(database!.pool, (client) => migrate(client, folder));
  expect(applied).toHaveLength(1);
  rmSync(folder, { recursive: true });
}
