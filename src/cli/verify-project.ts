import { join, resolve } from "node:path";

import { type Verdict, verifyLedger } from "../audit/verify.ts";
import { openStore } from "../db/store.ts";
import { progress } from "./output.ts";

/** Verifies the ledger of a project, in its embedded database or the one of DATABASE_URL. */
export async function verifyProject(folder: string): Promise<Verdict> {
  const dir = join(resolve(folder), ".interlock");
  const store = await openStore({
    dir: join(dir, "db"),
    databaseUrl: process.env["DATABASE_URL"],
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
