import { expect, test } from "vitest";

import { query } from "../pool.ts";
import { createTestDatabase } from "./database.ts";

test("gives each test a migrated database of its own", async () => {
  const [one, two] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  const names = {
    name: "names",
    text: "select current_database() as name, count(*) as migrations from migrations",
  };
  const [[a], [b]] = await Promise.all([query(one.pool, names), query(two.pool, names)]);
  expect(a!["migrations"]).toBeGreaterThan(0);
  expect(a!["name"]).not.toBe(b!["name"]);
  await Promise.all([one.drop(), two.drop()]);
});
