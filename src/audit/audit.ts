import type { Pool } from "../db/pool.ts";
import { Anchoring } from "./anchor.ts";
import { checkPast, endRecoveryWhenRead } from "./recovery.ts";

export interface AuditOptions {
  readonly pool: Pool;
  /** Outside the database: the project's `.interlock` folder. */
  readonly dir: string;
  /** Every stream that is polled: they say when a recovery is over. */
  readonly streams: readonly { readonly system: string; readonly stream: string }[];
  readonly everyEvents?: number;
  readonly everyMs?: number;
}

/** What a hub does for the audit while it runs. */
export interface Audit {
  /** Why a recovery began at this start, when one did. */
  readonly recovery: string | undefined;
  /** Signs an anchor when one is due and ends a recovery that is over. To be called every second or so. */
  step(): Promise<void>;
  /** Signs where the ledger stands at the end. */
  close(): Promise<void>;
}

/** Looks whether the past has come back, before this hub takes a lease or sends anything, then signs where the ledger stands. */
export async function openAudit({ pool, dir, streams, ...due }: AuditOptions): Promise<Audit> {
  const anchoring = new Anchoring({ pool, dir, ...due });
  const recovery = await checkPast({ pool, dir, anchoring });
  await anchoring.sign();
  return {
    recovery,
    async step() {
      await anchoring.step();
      await endRecoveryWhenRead(pool, streams);
    },
    async close() {
      await anchoring.sign();
    },
  };
}
