import { hash } from "node:crypto";
import type { Pool } from "../db/pool.ts";
import { type AnchorLines, readAnchors, type SignedAnchor } from "./anchor-file.ts";
import { openAnchorKey, openPublicKey } from "./anchor-key.ts";
import type { Finding } from "./finding.ts";
import { selectBeyondHead, selectChunk, selectStanding, type Standing } from "./queries.ts";
import { checkRow } from "./row-check.ts";

const CHUNK = 2_000;
const GENESIS = hash("sha256", "interlock", "buffer");

export interface VerifyOptions {
  readonly pool: Pool;
  /** The folder of key and anchor file. */
  readonly dir: string;
  /** A copy of the public key, kept where whoever can write to `dir` cannot; the key in `dir` unless told. */
  readonly publicKey?: string;
  /** After each chunk; waited for, so that who is in no hurry can leave the machine to others. */
  readonly progress?: (verified: number, of: number) => void | Promise<void>;
  readonly signal?: AbortSignal;
}

export interface Verdict {
  readonly ok: boolean;
  /** Events that are as they were written. */
  readonly verified: number;
  /** Where the ledger stood when verification began. */
  readonly of: number;
  /** Up to here any tampering is found: the last anchor that was compared. What comes later could have been rewritten as a whole. */
  readonly provenUpTo?: { readonly seq: number; readonly signedAt: string };
  readonly finding?: Finding;
  /** What a reader of the verdict should know: restores, anchors of a past that is gone. */
  readonly notes: readonly string[];
}

/**
 * Walks the whole ledger in short reads, recomputes every hash and compares every anchor. Names the first place that is not as
 * it was written. Events appended meanwhile are left to the next time.
 */
export async function verifyLedger({
  pool,
  dir,
  publicKey,
  progress,
  signal,
}: VerifyOptions): Promise<Verdict> {
  const standing = await selectStanding(pool);
  const key = publicKey === undefined ? openAnchorKey(dir) : openPublicKey(publicKey);
  const lines = readAnchors(dir, key);
  const { anchors, notes } = relevant(lines.anchors, standing);
  const verdict = (verified: number, finding?: Finding): Verdict => {
    const proven = anchors.findLast(({ seq }) => seq <= verified);
    return {
      ok: finding === undefined,
      verified,
      of: standing.seq,
      ...(proven && { provenUpTo: { seq: proven.seq, signedAt: proven.signedAt } }),
      ...(finding && { finding }),
      notes,
    };
  };
  const broken = whyBroken(lines);
  if (broken) return verdict(0, broken);

  let chain: Uint8Array = GENESIS;
  let seq = 0;
  let proven = 0;
  const waiting = anchors.values();
  let anchor = waiting.next().value;
  const compare = (): Finding | undefined => {
    for (; anchor && anchor.seq <= seq; anchor = waiting.next().value) {
      if (anchor.seq === seq && anchor.chain !== Buffer.from(chain).toString("hex"))
        return {
          at: proven + 1,
          kind: "rewritten",
          differs: `the rows from ${proven + 1} to ${seq} agree with each other, but not with the anchor signed at ${anchor.signedAt}`,
        };
      proven = anchor.seq;
    }
    return undefined;
  };

  const atStart = compare();
  if (atStart) return verdict(0, atStart);
  while (seq < standing.seq) {
    signal?.throwIfAborted();
    const rows = await selectChunk(pool, seq, standing.seq, CHUNK);
    if (rows.length === 0) return verdict(seq, missing(seq + 1, standing.seq));
    for (const row of rows) {
      const finding = row.seq === seq + 1 ? checkRow(row, chain, rows) : missing(seq + 1, row.seq - 1);
      if (finding) return verdict(finding.kind === "rewritten" ? proven : seq, finding);
      seq = row.seq;
      chain = Buffer.from(row.chain, "hex");
      const rewritten = compare();
      if (rewritten) return verdict(proven, rewritten);
    }
    await progress?.(seq, standing.seq);
  }
  return verdict(
    seq,
    whyHeadDiffers(standing, chain) ?? cutOff(anchor, standing) ?? (await beyondHead(pool)),
  );
}

function missing(from: number, to: number): Finding {
  const differs = from === to ? "the row is missing" : `the rows from ${from} to ${to} are missing`;
  return { at: from, kind: "missing", differs };
}

function whyHeadDiffers({ seq, chain }: Standing, computed: Uint8Array): Finding | undefined {
  if (chain === Buffer.from(computed).toString("hex")) return undefined;
  return { at: seq, kind: "head", differs: "the head does not carry the chain of the last row" };
}

/** An anchor that no row reaches. */
function cutOff(anchor: SignedAnchor | undefined, { seq }: Standing): Finding | undefined {
  if (anchor === undefined) return undefined;
  const differs = `the ledger ends at ${seq}, but the anchor signed at ${anchor.signedAt} is of position ${anchor.seq}: the rows between are missing`;
  return { at: seq + 1, kind: "missing", differs };
}

async function beyondHead(pool: Pool): Promise<Finding | undefined> {
  const seq = await selectBeyondHead(pool);
  return seq === undefined ? undefined : { at: seq, kind: "head", differs: "a row stands behind the head" };
}

function whyBroken({ broken }: AnchorLines): Finding | undefined {
  return broken && { at: broken.line, kind: "anchor-file", differs: `line ${broken.line}: ${broken.why}` };
}

/** The anchors this ledger must agree with, in its order. Those of a past that a restore ended are told, not compared. */
function relevant(
  all: readonly SignedAnchor[],
  standing: Standing,
): { anchors: SignedAnchor[]; notes: string[] } {
  const notes: string[] = [];
  const own = all.filter(({ ledgerId }) => ledgerId === standing.ledgerId);
  if (own.length < all.length)
    notes.push(`${all.length - own.length} anchors are of other ledgers and were not compared`);
  const restores = own.filter((anchor) => anchor.follows !== undefined);
  const anchors = own.filter(
    ({ epoch, seq }) => !restores.some((restore) => epoch < restore.epoch && seq > restore.follows!),
  );
  for (const { epoch, follows, signedAt } of restores)
    notes.push(
      `at ${signedAt} the ledger began epoch ${epoch} after a restore: the past is shared up to position ${follows}`,
    );
  if (anchors.length < own.length)
    notes.push(`${own.length - anchors.length} anchors are of a past that ended with a restore`);
  if (anchors.length === 0)
    notes.push("no anchor was compared: consistent changes of all rows would not be found");
  return { anchors: anchors.toSorted((a, b) => a.seq - b.seq), notes };
}
