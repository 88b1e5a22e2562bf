// docs/interlock.schema.json lets editors complete and explain interlock.yaml. It is written from src/config/schema.ts:
//   node scripts/check-config-schema.ts --write

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { CONFIG_SCHEMA } from "../src/config/schema.ts";
import { formatText } from "./check/format.ts";
import { report, root } from "./check/project-files.ts";

const PAGE = join(root, "docs/interlock.schema.json");
const schema = { $schema: "https://json-schema.org/draft/2020-12/schema", ...CONFIG_SCHEMA };
const text = await formatText(PAGE, JSON.stringify(schema));

if (process.argv.includes("--write")) writeFileSync(PAGE, text);
const fresh = existsSync(PAGE) && readFileSync(PAGE, "utf8") === text;
report(
  fresh ? [] : ["docs/interlock.schema.json is stale: node scripts/check-config-schema.ts --write"],
  "docs/interlock.schema.json",
);
