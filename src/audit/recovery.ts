/*
 * The past cannot return. A database restored from a backup, or failed over to a replica that lagged, does not know what the
 * hub did after that state: to it, effects that the targets hold were never sent. The anchor file lies outside the database and
 * remembers. When they disagree the hub is in recovery: it looks before it sends, until the targets' streams have told it what
 * it forgot.
 */
import type { Pool } from "../db/pool.ts";
import { toUtc } from "../event/time.ts";
import { appendRow, engineEvent } from "../ledger/row.ts";
import { lastAnchor, readAnchors, type SignedAnchor } from "./anchor-file.ts";
import { openAnchorKey } from "./anchor-key.ts";
import type { Anchoring } from "./anchor.ts";
import { AuditError } from "./errors.ts";
import {
  beginRecovery,
  endRecovery,
  selectChainAt,
  selectOpenRecovery,
  selectStanding,
  selectUnreadStreams,
  type Standing,
} from "./queries.ts";

/** Why the ledger is not the one that was anchored last; undefined when it is. */
async function whyNotAfter(
  pool: Pool,
  anchor: SignedAnchor,
  standing: Standing,
): Promise<string | undefined> {
  if (standing.ledgerId !== anchor.ledgerId)
    return `this is the ledger ${standing.ledgerId}, the last anchor is of ${anchor.ledgerId}`;
  if (standing.seq < anchor.seq)
    return `the ledger ends at position ${standing.seq}, but at ${anchor.signedAt} it reached ${anchor.seq}: the database was restored to an earlier state`;
  const chain = anchor.seq === standing.seq ? standing.chain : await chainAt(pool, anchor);
  if (chain !== anchor.chain)
    return `at position ${anchor.seq} the ledger is not the one that was anchored at ${anchor.signedAt}: it went another way since`;
  if (standing.server !== anchor.server || standing.timeline !== anchor.timeline)
    return `the database moved from server ${anchor.server}, timeline ${anchor.timeline}, to server ${standing.server}, timeline ${standing.timeline}: what was committed last may be missing`;
  return undefined;
}

/**
 * To be called at start, before anything is sent and before the first anchor is signed.
 * @returns why a recovery began, or undefined
 */
export async function checkPast(parts: {
  readonly pool: Pool;
  readonly dir: string;
  readonly anchoring: Anchoring;
}): Promise<string | undefined> {
  const { pool, dir, anchoring } = parts;
  const anchor = lastAnchor(dir);
  if (anchor === undefined) return undefined;
  const standing = await selectStanding(pool);
  const reason = await whyNotAfter(pool, anchor, standing);
  if (reason === undefined) return undefined;
  const { anchors } = readAnchors(dir, openAnchorKey(dir));
  const epoch = Math.max(standing.epoch, anchor.epoch, ...anchors.map((each) => each.epoch)) + 1;
  const event = engineEvent({
    name: "RecoveryBegan",
    id: `recovery/${epoch}/began`,
    subject: "hub/recovery",
    time: toUtc(standing.now)!,
    data: { reason, anchorSeq: anchor.seq, headSeq: standing.seq, anchoredAt: anchor.signedAt },
  });
  const follows = await sharedUpTo(pool, anchors, standing);
  await beginRecovery(pool, {
    reason,
    epoch,
    anchor_seq: anchor.seq,
    anchor_at: anchor.signedAt,
    event: appendRow(event, 0),
  });
  await anchoring.sign({ follows });
  return reason;
}

/** What this ledger has where the anchor was signed. Every ledger begins with the same chain, of which there is no row. */
async function chainAt(pool: Pool, { seq, chain }: SignedAnchor): Promise<string | undefined> {
  return seq === 0 ? chain : selectChainAt(pool, seq);
}

/** The last position up to which this ledger and the one that was anchored are known to be the same. */
async function sharedUpTo(pool: Pool, anchors: readonly SignedAnchor[], standing: Standing): Promise<number> {
  let diverged = false;
  for (const anchor of anchors.toReversed()) {
    if (anchor.ledgerId !== standing.ledgerId || anchor.seq > standing.seq) continue;
    const chain = await chainAt(pool, anchor);
    if (chain === anchor.chain) return diverged ? anchor.seq : standing.seq;
    diverged = true;
  }
  return diverged || anchors.every(({ ledgerId }) => ledgerId !== standing.ledgerId) ? 0 : standing.seq;
}

/**
 * Ends a recovery once every stream was read, and what it brought was admitted, beyond the moment the recovery began: all that
 * the restored database forgot lies before it. Without a stream to read only a person can know. To be called every few seconds.
 * @param streams every stream that is polled
 * @returns true when it ended now
 */
export async function endRecoveryWhenRead(
  pool: Pool,
  streams: readonly { readonly system: string; readonly stream: string }[],
): Promise<boolean> {
  const open = await selectOpenRecovery(pool);
  if (open === undefined || streams.length === 0) return false;
  if ((await selectUnreadStreams(pool, streams, open.readUpTo)).length > 0) return false;
  return end(pool, open.id, { why: `every polled stream was read beyond ${open.readUpTo}` });
}

/** A person knows that the targets and the ledger agree. @returns false when no recovery is open */
export async function endRecoveryByPerson(
  pool: Pool,
  { actor, reason }: { readonly actor: string; readonly reason: string },
): Promise<boolean> {
  if (reason.trim() === "" || reason.length > 1_000)
    throw new AuditError("REASON_REQUIRED", "ending a recovery needs a reason of 1 to 1000 characters");
  const open = await selectOpenRecovery(pool);
  return open !== undefined && end(pool, open.id, { why: reason, actor });
}

async function end(
  pool: Pool,
  id: number,
  { why, actor }: { why: string; actor?: string },
): Promise<boolean> {
  const { now, epoch } = await selectStanding(pool);
  const event = engineEvent({
    name: "RecoveryEnded",
    id: `recovery/${epoch}/ended`,
    subject: "hub/recovery",
    time: toUtc(now)!,
    data: { why, ...(actor !== undefined && { actor }) },
    actor,
    reason: actor === undefined ? undefined : why,
  });
  return endRecovery(pool, { id, ended_by: actor ?? "interlock", event: appendRow(event, 0) });
}
