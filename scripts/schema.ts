// sql/schema.sql shows the schema that the migrations add up to.
//   npm run schema              write it
//   npm run schema -- --check   fail when it differs

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { session } from "../src/db/pool.ts";
import { dumpSchema } from "../src/db/schema-dump.ts";
import { openTestCluster } from "../src/db/testing/cluster.ts";
import { createTestDatabase } from "../src/db/testing/database.ts";
import { report, root } from "./check/project-files.ts";

const FILE = join(root, "sql/schema.sql");

const cluster = await openTestCluster();
const database = await createTestDatabase();
const schema = await session(database.pool, dumpSchema);
await database.drop();
await cluster.close();

const problems: string[] = [];
if (!process.argv.includes("--check")) writeFileSync(FILE, schema);
else if (!existsSync(FILE) || readFileSync(FILE, "utf8") !== schema) {
  problems.push("sql/schema.sql differs from what the migrations make: run npm run schema");
}
report(problems, "sql/schema.sql");
