import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { startEmbedded } from "../db/embedded.ts";
import { openPool, query } from "../db/pool.ts";
import type { Proof } from "../testing/proof.ts";
import { Stage, until as reach } from "./testing/stage.ts";

const DISK_MB = 256;
const FREE_BYTES = 1_048_576;
const STOP_WITHIN_MS = 30_000;

const proof: Proof = {
  name: "disk",
  purpose:
    "The database's disk runs full under load and gets room again: what was accepted is kept, the hub goes on by itself, each order is in the ERP once.",
  async run({ report }) {
    const stage = await Stage.open({});
    const db = join(stage.data, "db");
    mkdirSync(db, { recursive: true });
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${DISK_MB}m`, "tmpfs", db]);
    try {
      if (mounted.status !== 0) {
        report(
          `skipped: a small disk cannot be mounted here: ${String(mounted.stderr ?? mounted.error).trim()}`,
        );
        return { skipped: 1 };
      }
      return await fill(stage, db, report);
    } finally {
      // In order, so that the embedded server ends as well.
      const [hub] = stage.hubs;
      hub?.process.kill("SIGTERM");
      await Promise.race([hub?.ended, delay(STOP_WITHIN_MS)]);
      if (mounted.status === 0) spawnSync("umount", ["-l", db]);
      await stage.close();
    }
  },
};

async function fill(
  stage: Stage,
  db: string,
  report: (line: string) => void,
): Promise<Record<string, number>> {
  await stage.startHub();
  const { url, close } = await startEmbedded(db);
  await close();
  await stage.order("before", 5);
  const pool = openPool({ url, application: "interlock:test:test", max: 2 });
  try {
    const filler = join(db, "filler");
    const { bavail, bsize } = statfsSync(db);
    writeFileSync(filler, Buffer.alloc(bavail * bsize - FREE_BYTES));
    const sending = stage.order("full", 100);
    // The log goes on in a new file, for which there is no room.
    await reach(
      async () => {
        await query(pool, { name: "disk.new-file", text: "select pg_switch_wal()" }).catch(() => {});
        return stage.unanswered > 10;
      },
      () => `the disk does not fill\n${stage.said()}`,
    );
    report(
      `the disk is full: ${stage.accepted.size} orders are accepted, ${stage.unanswered} tries were not`,
    );
    rmSync(filler);
    await sending;
    await stage.untilAtRest(pool);
  } finally {
    await pool.end();
  }
  const differences = await stage.differences();
  if (differences.length > 0) throw new Error(`${differences.join("\n")}\n${stage.said()}`);
  return { orders: stage.accepted.size, unanswered: stage.unanswered };
}

export default proof;
