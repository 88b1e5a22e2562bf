import pg from "pg";

import { CommitUnknownError, StoreError } from "./errors.ts";
import { types } from "./values.ts";

export type Pool = pg.Pool;
export type Client = pg.PoolClient;

/** A named statement is parsed once per connection and then only executed. A name belongs to one text for ever. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

export interface PoolOptions {
  /** postgres://user:password@host:5432/database; a socket folder as percent-encoded host. */
  readonly url: string;
  /** Shown in pg_stat_activity: `interlock:<hub id>:<role>`, by which a successor finds and ends a dead hub's sessions. */
  readonly application: string;
  /** Connections at most. */
  readonly max: number;
}

const CONNECT_TIMEOUT_MS = 10_000;
/** After which the server cancels a statement and says so. */
const STATEMENT_TIMEOUT_MS = 30_000;
/** After which a server that has not even said that is taken for gone: its machine died, or the network swallows packets. */
const SILENCE_MS = STATEMENT_TIMEOUT_MS + 15_000;

/**
 * A pool of connections that all carry the same session settings, whatever the server's or the role's defaults are:
 * a commit is on disk when it answers, plans are made once per statement, nothing waits or idles without an end.
 */
export function openPool(options: PoolOptions): Pool {
  const pool = new pg.Pool({
    connectionString: withSettings(options.url, {
      synchronous_commit: "on",
      jit: "off",
      plan_cache_mode: "force_generic_plan",
      statement_timeout: STATEMENT_TIMEOUT_MS,
      lock_timeout: 10_000,
      // An open transaction keeps dead rows of the hot tables alive: ten seconds without a statement is a bug.
      idle_in_transaction_session_timeout: 10_000,
      timezone: "UTC",
      datestyle: "ISO",
      intervalstyle: "iso_8601",
      client_min_messages: "warning",
    }),
    application_name: options.application,
    max: options.max,
    // Prepared statements live with their connection, so connections stay.
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 5_000,
    types,
  });
  // A connection that breaks while nobody waits for it is replaced by the pool; the next statement says so if that fails.
  // Without listeners Node would end the process.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => broken.add(client)));
  return pool;
}

/** Settings travel as start-up options, which cost no round trip and outrank those of the role and the database. */
function withSettings(text: string, settings: Record<string, string | number>): string {
  let url: URL;
  try {
    url = new URL(text);
    if (!/^postgres(ql)?:$/.test(url.protocol)) throw new TypeError(url.protocol);
  } catch {
    // Neither the text nor the parser's error, which quotes it, is passed on: it may hold a password.
    throw new StoreError(
      "STORE_URL",
      "the database URL cannot be read; write it as postgres://user:password@host:5432/database",
    );
  }
  const ours = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  const theirs = url.searchParams.get("options");
  url.searchParams.set("options", [...(theirs ? [theirs] : []), ...ours].join(" "));
  url.searchParams.delete("application_name");
  return url.href;
}

/**
 * Runs one statement and returns its rows. On a pool it is a transaction by itself, so it is done again when the server chose
 * it to end a deadlock (hubs that settle and open shared cases crosswise), and a connection lost on the way raises CommitUnknownError; inside `transaction` it raises STORE_LOST, and the server rolls back.
 * @param on the pool, or the client that `transaction` handed out
 */
export async function query<Row extends pg.QueryResultRow>(
  on: Pool | Client,
  statement: Statement,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  if (on instanceof pg.Pool) return onOwnConnection(on, statement, values);
  try {
    return (await ask<Row>(on, statement, values)).rows;
  } catch (error) {
    throw named(on, error, "STORE_LOST");
  }
}

/** Of several transactions that wait for each other the server rolls one back. That one is done again so often. */
const DEADLOCK_TRIES = 5;

async function onOwnConnection<Row extends pg.QueryResultRow>(
  pool: Pool,
  statement: Statement,
  values: readonly unknown[],
  tries = 1,
): Promise<Row[]> {
  const client = await connect(pool);
  try {
    const { rows } = await ask<Row>(client, statement, values);
    client.release();
    return rows;
  } catch (error) {
    client.release(isLost(client, error));
    if (error instanceof pg.DatabaseError && error.code === "40P01" && tries < DEADLOCK_TRIES)
      return onOwnConnection(pool, statement, values, tries + 1);
    throw named(client, error, "STORE_COMMIT_UNKNOWN");
  }
}

/**
 * Runs `work` in one transaction and commits. Whatever `work` throws rolls back and is thrown on.
 * @throws CommitUnknownError when the answer to the commit was lost: the only failure that may have written
 */
export async function transaction<T>(pool: Pool, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await connect(pool);
  let result: T;
  try {
    await query(client, BEGIN);
    result = await work(client);
  } catch (error) {
    await rollBack(client);
    throw error;
  }
  try {
    const { command } = await ask(client, COMMIT);
    client.release();
    // PostgreSQL answers a commit after a failed statement with ROLLBACK and no error.
    if (command === "COMMIT") return result;
  } catch (error) {
    client.release(isLost(client, error));
    throw named(client, error, "STORE_COMMIT_UNKNOWN");
  }
  throw new StoreError(
    "STORE_ROLLED_BACK",
    "a statement of the transaction had failed, so its commit rolled back",
  );
}

const BEGIN: Statement = { name: "begin", text: "begin" };
const COMMIT: Statement = { name: "commit", text: "commit" };

async function ask<Row extends pg.QueryResultRow>(
  client: Client,
  statement: Statement,
  values: readonly unknown[] = [],
): Promise<pg.QueryResult<Row>> {
  const silence = setTimeout(() => {
    broken.add(client);
    // pg drops a connection that is ended while it waits for an answer, and fails what waits.
    (client as unknown as pg.Client).end().catch(() => {});
  }, SILENCE_MS);
  try {
    return await client.query<Row>(statement as pg.QueryConfig, values as unknown[]);
  } finally {
    clearTimeout(silence);
  }
}

/** Lends `work` a session of its own, which ends with it: for what sets or locks something for as long as the session lasts. */
export async function session<T>(pool: Pool, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await connect(pool);
  try {
    return await work(client);
  } catch (error) {
    throw named(client, error, "STORE_LOST");
  } finally {
    client.release(true);
  }
}

async function rollBack(client: Client): Promise<void> {
  if (broken.has(client)) return client.release(true);
  try {
    await client.query("rollback");
    client.release();
  } catch {
    client.release(true);
  }
}

async function connect(pool: Pool): Promise<Client> {
  try {
    return await pool.connect();
  } catch (error) {
    const why = error instanceof Error && error.message ? error.message : "no answer";
    throw new StoreError(
      "STORE_UNREACHABLE",
      `cannot connect to the database: ${why}; check that it runs and that DATABASE_URL is right`,
      { cause: error },
    );
  }
}

/** Connections whose socket broke. pg reports that as a plain Error, which says nothing a program could rely on. */
const broken = new WeakSet<pg.ClientBase>();

/** SQLSTATEs with which the server itself ends a session: shutdown, crash of another session, dropped database, time-outs. */
const SESSION_ENDED = new Set(["57P01", "57P02", "57P03", "57P04", "57P05", "25P03", "25P04"]);

/** Whether the session is gone, as opposed to a statement that the server judged and refused. */
function isLost(client: Client, error: unknown): boolean {
  if (error instanceof pg.DatabaseError && SESSION_ENDED.has(error.code ?? "")) broken.add(client);
  return broken.has(client);
}

/** What a failed statement is thrown on as: the server's own DatabaseError, or a StoreError that says what is now known. */
function named(client: Client, error: unknown, lost: "STORE_LOST" | "STORE_COMMIT_UNKNOWN"): unknown {
  if (error instanceof StoreError) return error;
  const why = error instanceof Error ? error.message : String(error);
  if (isLost(client, error)) {
    if (lost === "STORE_COMMIT_UNKNOWN") return new CommitUnknownError({ cause: error });
    return new StoreError(
      lost,
      `the connection to the database broke inside a transaction, which rolls back: ${why}`,
      {
        cause: error,
      },
    );
  }
  if (error instanceof pg.DatabaseError && error.code === "53100") {
    return new StoreError("STORE_FULL", `the database has no space left on its disk: ${why}; free some`, {
      cause: error,
    });
  }
  return error;
}
