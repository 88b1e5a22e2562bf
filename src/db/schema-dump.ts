import type pg from "pg";

import { StoreError } from "./errors.ts";
import {
  selectColumns,
  selectComments,
  selectConstraints,
  selectFunctions,
  selectIndexes,
  selectTables,
  selectTriggers,
  selectUnwritable,
  type ColumnRow,
  type ConstraintRow,
  type FunctionRow,
  type TableRow,
} from "./catalog/queries.ts";

const HEAD = `-- The whole schema as the migrations leave it, for reading. Written from the catalogs by \`npm run schema\`; the check
-- fails when it differs.
set check_function_bodies = off;`;

/**
 * Writes the schema of a migrated database as DDL: functions that constraints call, tables with their constraints, indexes,
 * triggers and comments, then the other functions. The order depends on names and references only, so the text changes only where the schema does.
 * @throws StoreError MIGRATION_FILES when the schema holds a kind of object this cannot write
 */
export async function dumpSchema(client: pg.ClientBase): Promise<string> {
  const [stranger] = await selectUnwritable(client);
  if (stranger) {
    throw new StoreError(
      "MIGRATION_FILES",
      `the schema dump cannot write ${stranger.kind} ${stranger.name}; use tables, indexes, functions, aggregates and triggers, or extend dumpSchema`,
    );
  }
  const tables = byReference(await selectTables(client), await selectConstraints(client));
  const columns = groupBy(await selectColumns(client), ({ relation }) => relation);
  const constraints = groupBy(await selectConstraints(client), ({ relation }) => relation);
  const indexes = groupBy(await selectIndexes(client), ({ relation }) => relation);
  const triggers = groupBy(await selectTriggers(client), ({ relation }) => relation);
  const comments = groupBy(await selectComments(client), ({ owner }) => owner);
  const functions = Map.groupBy(await selectFunctions(client), ({ checks }) => checks);

  const lines = (rows: readonly { definition: string }[] = []) =>
    rows.map(({ definition }) => `${definition};`);
  const createFunctions = (rows: readonly FunctionRow[] = []) =>
    rows.map(({ name, definition }) => [`${definition.trimEnd()};`, ...lines(comments.get(name))].join("\n"));
  return [
    HEAD,
    ...createFunctions(functions.get(true)),
    ...tables.map((table) =>
      [
        createTable(table, columns.get(table.name) ?? [], constraints.get(table.name) ?? []),
        ...lines(indexes.get(table.name)),
        ...lines(comments.get(table.name)),
      ].join("\n"),
    ),
    ...createFunctions(functions.get(false)),
    ...tables.flatMap((table) => lines(triggers.get(table.name))),
    "",
  ].join("\n\n");
}

function createTable(
  table: TableRow,
  columns: readonly ColumnRow[],
  constraints: readonly ConstraintRow[],
): string {
  const parts = [
    ...columns.map(({ name, definition }) => `${name} ${definition}`),
    ...constraints.map(({ name, definition }) => `constraint ${name} ${definition}`),
  ];
  const options = table.options ? ` with (${table.options})` : "";
  const partition = table.partition ? ` partition by ${table.partition}` : "";
  return `create ${table.kind} ${table.name} (\n  ${parts.join(",\n  ")}\n)${partition}${options};`;
}

/** By name, but a table after those it refers to. */
function byReference(tables: readonly TableRow[], constraints: readonly ConstraintRow[]): TableRow[] {
  const written: TableRow[] = [];
  const waiting = [...tables];
  const isWritten = (name: string) => written.some((table) => table.name === name);
  while (waiting.length > 0) {
    const next = waiting.findIndex(({ name }) =>
      constraints.every(
        (each) => each.relation !== name || !each.refers || each.refers === name || isWritten(each.refers),
      ),
    );
    written.push(...waiting.splice(Math.max(next, 0), 1));
  }
  return written;
}

function groupBy<T>(rows: readonly T[], key: (row: T) => string): Map<string, T[]> {
  return Map.groupBy(rows, key);
}
