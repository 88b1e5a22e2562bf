import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

import { type Verdict, verifyLedger } from "../audit/verify.ts";
import { openStore } from "../db/store.ts";
import { Failure } from "./failure.ts";
import { progress } from "./output.ts";

/** Verifies the ledger of a project, in its embedded database or the one of DATABASE_URL. */
export async function verifyProject(folder: string): Promise<Verdict> {
  const dir = join(resolve(folder), ".interlock");
  const databaseUrl = process.env["DATABASE_URL"];
  // Opening would make an empty one and find it in order.
  if (!databaseUrl && !existsSync(join(dir, "db"))) {
    throw new Failure(
      "LEDGER_ABSENT",
      `there is no database in ${dir}, and DATABASE_URL is not set`,
      "Name the project's folder with --project, or its database with DATABASE_URL.",
    );
  }
  const store = await openStore({
    dir: join(dir, "db"),
    databaseUrl,
    application: `interlock:audit-${process.pid}:verify`,
    max: 2,
  });
  const shown = progress();
  try {
    return await verifyLedger({
      pool: store.pool,
      dir,
      progress: (verified, of) => shown.say(`${verified} of ${of} events`),
    });
  } finally {
    shown.end();
    await store.close();
  }
}
