import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { readMigrations } from "./migration-files.ts";

function folderWith(...names: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "interlock-sql-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const name of names) writeFileSync(join(folder, name), `-- breaking: ${name} takes something away\n`);
  return folder;
}

test("reads a series with the reasons of its breaking steps", () => {
  const migrations = readMigrations(folderWith("0002_b.sql", "0001_a_b.sql", "schema.sql", "README.md"));
  expect(migrations.map(({ number, name, breaking }) => [number, name, breaking])).toEqual([
    [1, "0001_a_b.sql", "0001_a_b.sql takes something away"],
    [2, "0002_b.sql", "0002_b.sql takes something away"],
  ]);
});

test.each([
  ["a gap", ["0001_a.sql", "0003_c.sql"], "0003_c.sql"],
  ["a double", ["0001_a.sql", "0001_b.sql"], "0001_b.sql"],
  ["a name of another form", ["0001_a.sql", "two.sql"], "two.sql"],
])("refuses %s", (_, names, named) => {
  expect(() => readMigrations(folderWith(...names))).toThrow(named);
});
