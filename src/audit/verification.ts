/*
 * The whole ledger is looked through once a day and when somebody asks for it, by one hub and in no hurry: the line goes first.
 */
import { setTimeout as delay } from "node:timers/promises";

import type { Pool } from "../db/pool.ts";
import {
  claimVerification,
  insertDueVerification,
  noteVerification,
  type Outcome,
  recordVerification,
} from "./queries.ts";
import { verifyLedger } from "./verify.ts";

const EVERY_HOURS = 24;
/** A run takes this part of the time of one connection at most. */
const SHARE = 0.2;

export interface VerificationParts {
  readonly pool: Pool;
  readonly hub: string;
  /** The folder of key and anchors. */
  readonly dir: string;
  /** Whether the day's run is begun too, and not only one that was asked for. */
  readonly byClock: boolean;
  /** The ledger is not as it was written. */
  readonly alarm: (what: string) => void;
}

/** Does one verification when one is due or asked for. @returns whether it did */
export async function verifyWhenDue(
  { pool, hub, dir, byClock, alarm }: VerificationParts,
  signal: AbortSignal,
): Promise<boolean> {
  if (byClock) await insertDueVerification(pool, EVERY_HOURS);
  const id = await claimVerification(pool, hub);
  if (id === undefined) return false;
  let began = performance.now();
  const progress = async (verified: number) => {
    await noteVerification(pool, id, verified);
    const took = performance.now() - began;
    await delay(took * (1 / SHARE - 1), undefined, { signal });
    began = performance.now();
  };
  const { ok, verified, of, provenUpTo, finding } = await verifyLedger({ pool, dir, progress, signal });
  const outcome: Outcome = {
    ok,
    verified,
    head: of,
    provenSeq: provenUpTo?.seq ?? null,
    provenAt: provenUpTo?.signedAt ?? null,
    finding: finding ? JSON.stringify(finding) : null,
  };
  await recordVerification(pool, id, outcome);
  if (finding)
    alarm(`the ledger is not as it was written: ${finding.kind} at ${finding.at}: ${finding.differs}`);
  return true;
}
