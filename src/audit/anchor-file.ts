/*
 * One line of JSON per anchor, each signed and each naming the hash of the line before. Whoever can change the database cannot
 * make such a line; whoever can change the file cannot take one out of its middle. Copy the file to where neither can write.
 */
import { hash } from "node:crypto";
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { withFileLock } from "../db/embedded/lock.ts";
import type { AnchorKey } from "./anchor-key.ts";

/** What is promised: at this moment the ledger with this id had this chain at this position. */
export interface Anchor {
  readonly ledgerId: string;
  /** Counts the restores of this ledger. */
  readonly epoch: number;
  readonly seq: number;
  /** Hexadecimal. */
  readonly chain: string;
  /** RFC 3339, the database's clock. */
  readonly signedAt: string;
  /** Which database server, and on which branch of its history. */
  readonly server: string;
  readonly timeline: number;
  /** First anchor of an epoch: up to here the past is shared with the epochs before; what they had beyond is gone. */
  readonly follows?: number;
}

export interface SignedAnchor extends Anchor {
  readonly previous: string;
  readonly key: string;
  readonly signature: string;
}

export interface AnchorLines {
  readonly anchors: readonly SignedAnchor[];
  /** The first line that is not as it was written, from 1, and why. */
  readonly broken?: { readonly line: number; readonly why: string };
}

const FILE = "anchors.jsonl";
const BEGINNING = "0".repeat(64);
const LINE_BYTES = 2_048;
const LOCK_WITHIN_MS = 30_000;

export function anchorFile(dir: string): string {
  return join(dir, FILE);
}

/** @returns nothing but what was written whole: a line that a crash cut short was never an anchor */
export function readAnchors(dir: string, key: Pick<AnchorKey, "id" | "verify">): AnchorLines {
  const lines = readLines(anchorFile(dir));
  const anchors: SignedAnchor[] = [];
  let previous = BEGINNING;
  for (const [n, line] of lines.entries()) {
    const anchor = parse(line);
    const why = anchor === undefined ? "it is no anchor" : whyBroken(anchor, previous, key);
    if (why !== undefined) return { anchors, broken: { line: n + 1, why } };
    anchors.push(anchor!);
    previous = hash("sha256", line, "hex");
  }
  return { anchors };
}

/** The last line, whatever stands before it; undefined when there is none. */
export function lastAnchor(dir: string): SignedAnchor | undefined {
  if (!existsSync(anchorFile(dir))) return undefined;
  const file = openSync(anchorFile(dir), "r");
  try {
    const { line } = readEnd(file);
    return line === undefined ? undefined : parse(line);
  } finally {
    closeSync(file);
  }
}

/** On disk when it resolves. Hubs that share a data folder take turns. */
export async function writeAnchor(dir: string, anchor: Anchor, key: AnchorKey): Promise<SignedAnchor> {
  mkdirSync(dir, { recursive: true });
  return withFileLock(join(dir, "anchors.lock"), LOCK_WITHIN_MS, async () => {
    const file = openSync(anchorFile(dir), constants.O_RDWR | constants.O_CREAT, 0o644);
    try {
      const { line, end } = readEnd(file);
      const previous = line === undefined ? BEGINNING : hash("sha256", line, "hex");
      const unsigned = { ...anchor, previous, key: key.id };
      const signed = { ...unsigned, signature: key.sign(textOf(unsigned)) };
      ftruncateSync(file, end);
      writeSync(file, `${JSON.stringify(signed)}\n`, end);
      fsyncSync(file);
      return signed;
    } finally {
      closeSync(file);
    }
  });
}

/** The last whole line, and where it ends: what stands behind was cut short by a crash. */
function readEnd(file: number): { line?: string; end: number } {
  const size = fstatSync(file).size;
  const tail = Buffer.alloc(Math.min(size, LINE_BYTES * 2));
  readSync(file, tail, 0, tail.length, size - tail.length);
  const newline = tail.lastIndexOf(0x0a);
  if (newline < 0) return { end: size - tail.length };
  const start = newline === 0 ? 0 : tail.lastIndexOf(0x0a, newline - 1) + 1;
  return { line: tail.toString("utf8", start, newline), end: size - tail.length + newline + 1 };
}

function readLines(file: string): string[] {
  if (!existsSync(file)) return [];
  const text = readFileSync(file, "utf8");
  return text
    .slice(0, text.lastIndexOf("\n") + 1)
    .split("\n")
    .slice(0, -1);
}

function parse(line: string): SignedAnchor | undefined {
  try {
    const anchor = JSON.parse(line) as SignedAnchor;
    return Number.isSafeInteger(anchor.seq) && typeof anchor.chain === "string" ? anchor : undefined;
  } catch {
    return undefined;
  }
}

function whyBroken(
  anchor: SignedAnchor,
  previous: string,
  key: Pick<AnchorKey, "id" | "verify">,
): string | undefined {
  if (anchor.previous !== previous) return "it does not follow the line before it";
  if (anchor.key !== key.id) return `it was signed with the key ${anchor.key}, not with ${key.id}`;
  return key.verify(textOf(anchor), anchor.signature) ? undefined : "its signature does not hold";
}

function textOf(anchor: Omit<SignedAnchor, "signature">): string {
  const { ledgerId, epoch, seq, chain, signedAt, server, timeline, follows = null, previous, key } = anchor;
  return JSON.stringify([
    "interlock anchor 1",
    ledgerId,
    epoch,
    seq,
    chain,
    signedAt,
    server,
    timeline,
    follows,
    previous,
    key,
  ]);
}
