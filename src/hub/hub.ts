import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { openStore } from "../db/store.ts";
import type { Hub, HubOptions } from "./bring-up.ts";

/** Brings a hub up: database, leases, API. Throws with what stands in the way, and then nothing is left running. */
export async function startHub(options: HubOptions): Promise<Hub> {
  const { databaseUrl, dataDir, log } = options;
  const id = randomBytes(6).toString("hex");
  const started: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const end of started.splice(0).toReversed()) {
      // One that cannot end, because the database is gone, must not keep the others from ending.
      await end().catch((error: unknown) => log.warn({ event: "stop.failed", err: error }, "could not end"));
    }
  };
  const opening = openStore({
    databaseUrl,
    dir: join(dataDir, "db"),
    application: `interlock:${id}:work`,
    max: 20,
    report: (line) => log.warn({ event: "database.report" }, line),
  });
  // One that does not open, maybe before anybody waits for it, has nothing to close.
  const closing = opening.then(
    ({ close }) => close,
    () => async () => undefined,
  );
  started.push(async () => (await closing)());
  try {
    // Read while the database starts.
    const { bringUp } = await import("./bring-up.ts");
    return await bringUp(options, id, opening, started, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}
