import { readFileSync } from "node:fs";
import { join } from "node:path";

import pg from "pg";

import { StoreError } from "./errors.ts";
import { readMigrations, type Migration } from "./migration-files.ts";
import {
  createMigrations,
  insertMigration,
  lockMigrations,
  selectMigrations,
  type AppliedMigration,
} from "./queries.ts";

const ROOT = join(import.meta.dirname, "../..");

/** The folder of the migrations that this version of Interlock brings. */
export const SQL_FOLDER = join(ROOT, "sql");

/** The version of this Interlock, as its package.json names it. */
export const VERSION = (JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string })
  .version;

/**
 * Brings a database to this version's schema. Any number of hubs may do so at once: one works, the others wait and find it done.
 * @param client a session of its own: it loses its time limits, and keeps the others waiting until it ends
 * @param folder where the NNNN_name.sql files are
 * @returns the names of the migrations that were applied
 */
export async function migrate(client: pg.ClientBase, folder: string = SQL_FOLDER): Promise<string[]> {
  const migrations = readMigrations(folder);
  // Building an index on a large ledger takes its time, and so does waiting for another hub that does it.
  await client.query(
    "set statement_timeout = 0; set lock_timeout = 0; set idle_in_transaction_session_timeout = 0",
  );
  await lockMigrations(client);
  await createMigrations(client);
  const applied = await selectMigrations(client);
  refuseUnknown(migrations, applied);
  refuseEdited(migrations, applied);
  const missing = migrations.filter(({ number }) => !applied.some((each) => each.number === number));
  for (const migration of missing) await apply(client, migration);
  return missing.map(({ name }) => name);
}

/** A newer version may have added to the schema; this one works on as long as nothing it relies on was taken away. */
function refuseUnknown(migrations: readonly Migration[], applied: readonly AppliedMigration[]): void {
  const breaking = applied.find(({ number, breaking }) => number > migrations.length && breaking !== null);
  if (!breaking) return;
  throw new StoreError(
    "BINARY_TOO_OLD",
    `this is Interlock ${VERSION} with ${migrations.length} migrations, but the database was migrated to ${applied.length} by Interlock ${breaking.appliedBy}, and ${breaking.name} breaks older versions: ${breaking.breaking}; run Interlock ${breaking.appliedBy} or newer, or restore a backup from before that migration`,
  );
}

function refuseEdited(migrations: readonly Migration[], applied: readonly AppliedMigration[]): void {
  for (const { number, name, sha256, appliedBy } of applied) {
    const migration = migrations[number - 1];
    if (!migration || (migration.sha256 === sha256 && migration.name === name)) continue;
    throw new StoreError(
      "MIGRATION_EDITED",
      `migration ${migration.name} is not the ${name} that Interlock ${appliedBy} applied to this database; restore the released file and put the change into a new migration`,
    );
  }
}

async function apply(client: pg.ClientBase, migration: Migration): Promise<void> {
  await client.query("begin");
  try {
    await client.query(migration.text);
    await insertMigration(client, migration, VERSION);
    await client.query("commit");
  } catch (cause) {
    await client.query("rollback").catch(() => {});
    throw new StoreError(
      "MIGRATION_FAILED",
      `migration ${place(migration, cause)}: ${(cause as Error).message}; it was rolled back`,
      {
        cause,
      },
    );
  }
}

function place({ name, text }: Migration, error: unknown): string {
  const position = error instanceof pg.DatabaseError ? Number(error.position) : NaN;
  if (!(position > 0)) return name;
  return `${name} line ${text.slice(0, position).split("\n").length}`;
}
