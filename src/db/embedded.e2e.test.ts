import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import pg from "pg";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";

import { startEmbedded, type EmbeddedServer } from "./embedded.ts";
import { findPlace } from "./embedded/place.ts";
import { openStore } from "./store.ts";

const PREFIX = "interlock-e2e-";
const asRoot = process.getuid?.() === 0;

let dir: string;
let server: EmbeddedServer;
/** Not in `dir` where the server's account may not enter that. */
const place = () => findPlace(dir);
const pidFile = (folder = dir) => join(findPlace(folder).data, "postmaster.pid");

beforeAll(async () => {
  await clearUp();
  dir = enterable();
  server = await startEmbedded(dir);
  await run("create table kept (id integer)");
});
afterAll(async () => {
  await server.close();
  remove(dir);
});

/** A folder that the server's account may enter, unless all temporary files are private. */
function enterable(): string {
  const folder = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  chmodSync(folder, 0o755);
  return folder;
}

/** Stops and removes what a run that was killed has left. */
async function clearUp(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((each) => each.startsWith(PREFIX))) {
    const pid = Number.parseInt(name.slice(PREFIX.length), 10);
    const left = join(tmpdir(), name);
    if (!pid || existsSync(`/proc/${pid}`) || statSync(left).uid !== process.getuid?.()) continue;
    if (existsSync(findPlace(left).data)) await (await startEmbedded(left)).close();
    remove(left);
  }
}

function remove(folder: string): void {
  rmSync(findPlace(folder).folder, { recursive: true });
  rmSync(folder, { recursive: true, force: true });
}

async function run(text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: server.url });
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

function kill(pid: number): Promise<void> {
  process.kill(pid, "SIGKILL");
  return vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow("ESRCH"), {
    timeout: 60_000,
    interval: 10,
  });
}

test("the first start makes a cluster that only its own account can read", () => {
  expect(server.started).toBe(true);
  expect(statSync(place().password).mode & 0o777).toBe(0o600);
  expect(statSync(place().data).mode & 0o777).toBe(0o700);
  if (asRoot) expect(statSync(place().data).uid).not.toBe(0);
});

test("the last to leave stops the server, and the next start finds what was kept", async () => {
  await run("insert into kept values (1)");
  const second = await startEmbedded(dir);
  expect([second.started, second.pid]).toEqual([false, server.pid]);
  await server.close();
  expect(existsSync(pidFile())).toBe(true);
  await second.close();
  expect(existsSync(pidFile())).toBe(false);
  server = await startEmbedded(dir);
  expect(server.started).toBe(true);
  expect(await run("select id from kept")).toEqual([{ id: 1 }]);
});

test("the store migrates the embedded database, and a second store finds it done", async () => {
  const first = await openStore({ dir, application: "interlock:h1:test" });
  expect(first.origin).toBe("embedded");
  expect(first.say).toContain("migrated the database: 0001_ledger.sql");
  const second = await openStore({ dir, databaseUrl: first.url, application: "interlock:h2:test" });
  expect([second.origin, second.say]).toEqual(["external", []]);
  await second.close();
  await first.close();
});

test("a server that is killed under a hub comes back with all that was committed", async () => {
  const store = await openStore({ dir, application: "interlock:h1:test" });
  await store.pool.query("insert into kept values (2)");
  const busy = run("begin; insert into kept values (3); select pg_sleep(600)").catch(
    (error: unknown) => error,
  );
  const sleeping = "select from pg_stat_activity where wait_event = 'PgSleep'";
  await vi.waitFor(async () => expect(await run(sleeping)).toHaveLength(1), 60_000);
  const before = server.pid;
  await kill(before);
  await vi.waitFor(() => expect(server.pid).not.toBe(before), 60_000);
  expect(await busy).toBeInstanceOf(Error);
  const { rows } = await store.pool.query("select id from kept order by id");
  expect(rows).toEqual([{ id: 1 }, { id: 2 }]);
  await store.close();
});

test("after a crash of the machine, a pid file whose number is another program's by now does not stand in the way", async () => {
  await server.close();
  const hub = await starter(dir);
  await kill(hub.process.pid!);
  process.kill(hub.pid, "SIGKILL");
  const { uid, gid } = statSync(place().data);
  const other = spawn("sleep", ["600"], asRoot ? { uid, gid } : {});
  onTestFinished(() => void other.kill("SIGKILL"));
  await once(other, "spawn");
  writeFileSync(pidFile(), readFileSync(pidFile(), "utf8").replace(/^\d+/, String(other.pid)));
  server = await startEmbedded(dir);
  expect(server.started).toBe(true);
  expect(other.exitCode).toBe(null);
  expect(await run("select id from kept order by id")).toEqual([{ id: 1 }, { id: 2 }]);
});

/** Another process that starts the embedded server, says what it found, and holds on. */
async function starter(folder: string): Promise<{ process: ChildProcess; pid: number; started: boolean }> {
  const program = `
    const { startEmbedded } = await import(${JSON.stringify(join(import.meta.dirname, "embedded.ts"))});
    const { pid, started } = await startEmbedded(${JSON.stringify(folder)});
    console.log(JSON.stringify({ pid, started }));`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    // A group of its own, as a terminal gives to what it runs.
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  return { process: child, ...(JSON.parse(line) as { pid: number; started: boolean }) };
}

test("of two that start at once one starts and the other adopts, and Ctrl-C leaves the server to the next", async () => {
  const fresh = enterable();
  const both = await Promise.all([starter(fresh), starter(fresh)]);
  expect(both.map(({ started }) => started).toSorted()).toEqual([false, true]);
  expect(both[0].pid).toBe(both[1].pid);
  for (const { process: hub } of both) {
    process.kill(-hub.pid!, "SIGINT");
    await once(hub, "exit");
  }
  const heir = await startEmbedded(fresh);
  expect([heir.started, heir.pid]).toEqual([false, both[0].pid]);
  await heir.close();
  expect(existsSync(pidFile(fresh))).toBe(false);
  remove(fresh);
});

test("a server that will not start says why", async () => {
  await server.close();
  await expect(startEmbedded(dir, { settings: { shared_buffers: "plenty" } })).rejects.toMatchObject({
    code: "EMBEDDED_START",
    message: expect.stringContaining('invalid value for parameter "shared_buffers": "plenty"'),
  });
  server = await startEmbedded(dir);
});

test("below a folder that its account may not enter, the database goes elsewhere and stays there", async (context) => {
  if (!asRoot) context.skip("only root starts the database as another account");
  const home = mkdtempSync(join(tmpdir(), "interlock-"));
  const asked = join(home, "db");
  const one = await startEmbedded(asked);
  onTestFinished(() => {
    remove(asked);
    rmSync(home, { recursive: true });
  });
  expect(findPlace(asked).folder).not.toBe(asked);
  expect(one.say).toContainEqual(expect.stringContaining(`database in ${findPlace(asked).folder}`));
  await one.close();
  const two = await startEmbedded(asked);
  expect([two.started, two.say]).toEqual([true, []]);
  await two.close();
});
