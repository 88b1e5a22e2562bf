import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { StoreError } from "./errors.ts";

/** One file of sql/: a step of the schema, run once, for ever the same. */
export interface Migration {
  /** Counts up from 1 without gaps. */
  readonly number: number;
  /** The file's name, `0001_ledger.sql`. */
  readonly name: string;
  readonly text: string;
  readonly sha256: string;
  /** Why an older Interlock cannot work with the schema after this step, from a first line `-- breaking: <reason>`. */
  readonly breaking: string | null;
}

const NAME = /^(\d{4})_[a-z0-9]+(?:_[a-z0-9]+)*\.sql$/;
/** The dump beside the migrations, no step itself. */
const DUMP = "schema.sql";

/** @throws StoreError MIGRATION_FILES when the names are not a series */
export function readMigrations(folder: string): Migration[] {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith(".sql") && name !== DUMP)
    .toSorted();
  return names.map((name, index) => {
    const number = Number(NAME.exec(name)?.[1]);
    if (number !== index + 1) {
      throw new StoreError(
        "MIGRATION_FILES",
        `${join(folder, name)} stands where migration ${String(index + 1).padStart(4, "0")}_name.sql should; migrations count up from 0001 without gaps or doubles`,
      );
    }
    // A checkout on Windows may end its lines otherwise; the migration is the same.
    const text = readFileSync(join(folder, name), "utf8").replaceAll("\r\n", "\n");
    return {
      number,
      name,
      text,
      sha256: createHash("sha256").update(text).digest("hex"),
      breaking: /^-- breaking: (.+)/.exec(text)?.[1]?.trim() ?? null,
    };
  });
}
