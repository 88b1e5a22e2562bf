import type pg from "pg";

import { StoreError } from "./errors.ts";
import { selectServer } from "./queries.ts";

const OLDEST = 15;

/**
 * Refuses a server on which "accepted means kept" would not hold, or that cannot hold the schema.
 * @throws StoreError STORE_UNSAFE naming the setting, its value and the remedy
 */
export async function checkServer(client: pg.ClientBase): Promise<void> {
  const server = await selectServer(client);
  const major = Math.floor(server.version / 10_000);
  if (major < OLDEST) {
    throw refuse(`it is PostgreSQL ${major}; Interlock needs ${OLDEST} or newer`);
  }
  if (server.encoding !== "UTF8") {
    throw refuse(`its encoding is ${server.encoding}; create the database with encoding 'UTF8'`);
  }
  if (server.standby) throw refuse("it is a standby, which cannot be written to; connect to the primary");
  // A cluster that is made for tests and thrown away says so itself; nothing of a hub's own settings can.
  if (server.throwaway) return;
  for (const setting of ["fsync", "full_page_writes"] as const) {
    if (server[setting] === "on") continue;
    throw refuse(
      `${setting} is ${server[setting]}, so a power failure could lose what was accepted; set ${setting} = on`,
    );
  }
}

function refuse(why: string): StoreError {
  return new StoreError("STORE_UNSAFE", `the database server cannot be used: ${why}`);
}
