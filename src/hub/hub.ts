import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { openProjectMappings } from "../config/mappings.ts";
import { openStore } from "../db/store.ts";
import type { Hub, HubOptions } from "./bring-up.ts";

/** Brings a hub up: database, leases, API. Throws with what stands in the way, and then nothing is left running. */
export async function startHub(options: HubOptions): Promise<Hub> {
  const { project, databaseUrl, dataDir, log } = options;
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
  const mapping = openProjectMappings(project);
  // One that does not open, maybe before anybody waits for it, has nothing to close.
  const closing = [
    opening.then(({ close }) => close, nothing),
    mapping.then((mappings) => () => mappings?.close(), nothing),
  ];
  started.push(...closing.map((close) => async () => (await close)()));
  try {
    // Read while the database starts, and the process that maps.
    const { bringUp } = await import("./bring-up.ts");
    return await bringUp(options, id, { opening, mapping }, started, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

function nothing() {
  return () => undefined;
}
