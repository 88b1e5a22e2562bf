import type pg from "pg";

import type { Migration } from "./migration-files.ts";

export interface AppliedMigration {
  readonly number: number;
  readonly name: string;
  readonly sha256: string;
  readonly breaking: string | null;
  readonly appliedBy: string;
}

/** "intl" in ASCII: the key of the advisory lock under which one hub migrates. */
const MIGRATION_LOCK = 0x696e746c;

/** Waits for its turn to migrate, which lasts as long as the session. */
export async function lockMigrations(client: pg.ClientBase): Promise<void> {
  await client.query("select pg_advisory_lock($1)", [MIGRATION_LOCK]);
}

export async function createMigrations(client: pg.ClientBase): Promise<void> {
  await client.query(`
    create table if not exists migrations (
      number     integer primary key,
      name       text not null,
      sha256     text not null,
      breaking   text,
      applied_by text not null,
      applied_at timestamptz not null default now()
    )`);
}

export async function selectMigrations(client: pg.ClientBase): Promise<AppliedMigration[]> {
  const { rows } = await client.query<AppliedMigration>(
    'select number, name, sha256, breaking, applied_by as "appliedBy" from migrations order by number',
  );
  return rows;
}

export async function insertMigration(
  client: pg.ClientBase,
  migration: Migration,
  appliedBy: string,
): Promise<void> {
  await client.query(
    "insert into migrations (number, name, sha256, breaking, applied_by) values ($1, $2, $3, $4, $5)",
    [migration.number, migration.name, migration.sha256, migration.breaking, appliedBy],
  );
}

export interface Server {
  /** 180004 for 18.4. */
  readonly version: number;
  readonly fsync: string;
  readonly full_page_writes: string;
  readonly encoding: string;
  readonly standby: boolean;
  readonly throwaway: boolean;
}

export async function selectServer(client: pg.ClientBase): Promise<Server> {
  const { rows } = await client.query<Server>(`
    select current_setting('server_version_num')::integer as version,
           current_setting('fsync') as fsync,
           current_setting('full_page_writes') as full_page_writes,
           current_setting('server_encoding') as encoding,
           pg_is_in_recovery() as standby,
           coalesce(current_setting('interlock.throwaway', true) = 'on', false) as throwaway`);
  return rows[0]!;
}
