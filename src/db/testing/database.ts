import { createHash, randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";

import pg from "pg";

import { migrate, SQL_FOLDER } from "../migrate.ts";
import { readMigrations } from "../migration-files.ts";
import { openPool, type Pool } from "../pool.ts";

export interface TestDatabase {
  readonly pool: Pool;
  /** For processes under test, as DATABASE_URL. */
  readonly url: string;
  /** Closes the pool and ends whoever is still connected; the database goes at the end of the run at the latest. */
  drop(): Promise<void>;
}

/** The variable in which the tests of this process and its children find the cluster. */
export const CLUSTER_URL = "INTERLOCK_TEST_CLUSTER";

const TEMPLATE_LOCK = 0x746d706c;
const CLONE_TRIES = 200;
/** The template is in use for a moment, or was dropped by a run with other migrations. */
const TRY_AGAIN = new Set(["55006", "3D000"]);

/**
 * A database of its own for a test, with the whole schema: a clone of a template that is built once per state of the
 * migrations. Needs the cluster of `cluster.ts`.
 * @param options.max connections of the pool
 */
export async function createTestDatabase(
  options: { max?: number; folder?: string } = {},
): Promise<TestDatabase> {
  const cluster = clusterUrl();
  const name = `test_${process.pid}_${randomBytes(5).toString("hex")}`;
  await asOwner(cluster, (client) => clone(client, name, options.folder ?? SQL_FOLDER));
  const url = withDatabase(cluster, name);
  const pool = openPool({ url, application: "interlock:test:test", max: options.max ?? 10 });
  return {
    pool,
    url,
    async drop() {
      await pool.end();
      await asOwner(cluster, (client) => discard(client, name));
    },
  };
}

/**
 * File systems that avoid the inodes of files deleted minutes ago (ext4) slow down with every database that is dropped:
 * the next clone takes five times as long. So a run drops its databases when it ends, and at once only beyond a number.
 */
const KEPT_UNTIL_THE_END = 100;
let discarded = 0;

async function discard(client: pg.Client, name: string): Promise<void> {
  if (++discarded > KEPT_UNTIL_THE_END) await client.query(`drop database if exists ${name} with (force)`);
  else
    await client.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", [name]);
}

function clusterUrl(): string {
  const url = process.env[CLUSTER_URL];
  if (!url) throw new Error("the test cluster is not open; name the test *.db.test.ts or *.e2e.test.ts");
  return url;
}

async function clone(client: pg.Client, name: string, folder: string): Promise<void> {
  const template = `template_${digest(folder)}`;
  for (let tries = 1; ; tries++) {
    try {
      // Without fsync, copying files is twice as fast as logging their pages.
      await client.query(`create database ${name} template ${template} strategy file_copy`);
      return;
    } catch (error) {
      if (tries >= CLONE_TRIES || !TRY_AGAIN.has((error as pg.DatabaseError).code ?? "")) throw error;
      await ensureTemplate(client, template, folder);
      await delay(20);
    }
  }
}

function digest(folder: string): string {
  const hash = createHash("sha256");
  for (const { name, sha256 } of readMigrations(folder)) hash.update(`${name} ${sha256}\n`);
  return hash.digest("hex").slice(0, 16);
}

async function ensureTemplate(client: pg.Client, template: string, folder: string): Promise<void> {
  await alone(client, async () => {
    if (await exists(client, template)) return;
    // Built under another name: a template that exists is whole.
    const raw = `${template}_raw`;
    await client.query(`drop database if exists ${raw} with (force)`);
    await client.query(`create database ${raw} template template0`);
    await asOwner(withDatabase(clusterUrl(), raw), (own) => migrate(own, folder));
    await client.query(`alter database ${raw} with allow_connections false`);
    await client.query(`alter database ${raw} rename to ${template}`);
  });
}

/** One process at a time builds or drops templates; who clones meanwhile tries again. */
async function alone(client: pg.Client, work: () => Promise<void>): Promise<void> {
  await client.query("select pg_advisory_lock($1)", [TEMPLATE_LOCK]);
  try {
    await work();
  } finally {
    await client.query("select pg_advisory_unlock($1)", [TEMPLATE_LOCK]);
  }
}

async function exists(client: pg.Client, name: string): Promise<boolean> {
  return (await client.query("select from pg_database where datname = $1", [name])).rows.length > 0;
}

/** Drops the databases of processes that have ended, and the templates of migrations that have changed since. */
export async function dropLeftovers(cluster: string): Promise<void> {
  const current = `template_${digest(SQL_FOLDER)}`;
  await asOwner(cluster, (client) =>
    alone(client, async () => {
      const { rows } = await client.query<{ datname: string }>(
        "select datname from pg_database where datname ~ '^(test|template)_[0-9a-f]' and datname <> $1",
        [current],
      );
      for (const { datname } of rows) {
        const pid = /^test_(\d+)_/.exec(datname)?.[1];
        if (pid !== undefined && isAlive(Number(pid))) continue;
        // A template that another run clones at this moment is not left over.
        await client.query(`drop database if exists ${datname}`).catch(() => {});
      }
    }),
  );
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

async function asOwner<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
