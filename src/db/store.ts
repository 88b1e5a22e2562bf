import { startEmbedded } from "./embedded.ts";
import { migrate } from "./migrate.ts";
import { openPool, session, type Pool } from "./pool.ts";
import { checkServer } from "./server-checks.ts";

export interface StoreOptions {
  /** A PostgreSQL of the user's own. Without it the embedded one is used. */
  readonly databaseUrl?: string | undefined;
  /** Where the embedded database lives, `<project>/.interlock/db`. */
  readonly dir: string;
  /** `interlock:<hub id>:<role>`, shown in pg_stat_activity. */
  readonly application: string;
  /** Connections of the pool at most; 10 unless told. */
  readonly max?: number;
  /** Told when the embedded server died and when it is back. */
  readonly report?: (line: string) => void;
}

export interface Store {
  readonly pool: Pool;
  /** With the password in it: for further pools and child processes, not for logs. */
  readonly url: string;
  readonly origin: "embedded" | "external";
  /** Lines a person should read: migrations that ran, accounts made, data placed elsewhere. */
  readonly say: readonly string[];
  /** Ends the pool, and the embedded server when nobody else uses it. */
  close(): Promise<void>;
}

/**
 * The database, ready for work: found or started, judged safe, and brought to this version's schema.
 * @throws StoreError with the code of whatever stands in the way
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const server = options.databaseUrl
    ? undefined
    : await startEmbedded(options.dir, options.report ? { report: options.report } : {});
  const url = server?.url ?? options.databaseUrl!;
  const pool = openPool({ url, application: options.application, max: options.max ?? 10 });
  async function close(): Promise<void> {
    await pool.end();
    await server?.close();
  }
  try {
    const applied = await session(pool, async (client) => {
      await checkServer(client);
      return migrate(client);
    });
    return {
      pool,
      url,
      origin: server ? "embedded" : "external",
      say: [...(server?.say ?? []), ...applied.map((name) => `migrated the database: ${name}`)],
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
