import { systemCase, type CaseRules } from "../case/open.ts";
import type { ReadAnswer, Session } from "../connector/contract.ts";
import type { Pool } from "../db/pool.ts";
import { toUtc } from "../event/time.ts";
import type { Bell } from "../ledger/bell.ts";
import { appendRow, engineEvent } from "../ledger/row.ts";
import { inboundMessage } from "./native.ts";
import { portionOf } from "./portion.ts";
import { type Held, keepInbound, pauseRestoredSystem, selectCursor } from "./queries.ts";

export interface Polling {
  readonly pool: Pool;
  readonly system: string;
  readonly stream: string;
  readonly session: Pick<Session, "identify" | "read">;
  readonly held: Held;
  readonly cases: CaseRules;
  /** Rung when messages were kept. */
  readonly bell: Bell;
  readonly now?: () => string;
  /** How long a whole page may take; 5 minutes unless told. */
  readonly withinMs?: number;
  /** By which that is measured; the machine's unless told. */
  readonly stopwatch?: Stopwatch;
}

export interface Stopwatch {
  /** Milliseconds since whenever. */
  readonly now: () => number;
  /** @returns takes the call back */
  readonly after: (ms: number, call: () => void) => () => void;
}

const WITHIN_MS = 300_000;

const STOPWATCH: Stopwatch = {
  now: () => performance.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

/** more: read again at once. retry, auth: nothing was read. restored: the system's numbers went back and it is paused. */
export type PollStep =
  | { readonly outcome: "read"; readonly kept: number; readonly more: boolean }
  | { readonly outcome: "retry"; readonly why: string; readonly retryAfterMs?: number }
  | { readonly outcome: "auth"; readonly why: string }
  | { readonly outcome: "restored"; readonly why: string };

/**
 * Reads one page after the cursor and keeps it. Page and cursor are one commit, so a page is never lost and never skipped;
 * read again after a crash it is the same messages, which are told by their identity.
 */
export async function pollOnce(polling: Polling, signal: AbortSignal): Promise<PollStep> {
  const { pool, system, stream, session, held, bell } = polling;
  if (!session.read) throw new TypeError(`the connector of ${system} cannot read the stream ${stream}`);
  const { position, highWater } = await selectCursor(pool, system, stream);
  const page = await readPage(polling, position ?? undefined, signal);
  if (page.class !== "page") {
    const { class: outcome, ...said } = page;
    return { outcome, ...said };
  }
  if (page.highWater !== undefined && highWater !== null && isBefore(page.highWater, highWater))
    return pauseRestored(polling, highWater, page.highWater);

  const results = await keepInbound(
    pool,
    page.messages.map((message, ord) => inboundMessage(polling, message, ord)),
    {
      held,
      cursor: {
        system,
        stream,
        position: page.cursor,
        caught_up_to: page.caughtUpTo ?? null,
        high_water: page.highWater ?? null,
      },
    },
  );
  const kept = results.filter(({ status }) => status === "kept").length;
  if (kept > 0) bell.ring();
  return { outcome: "read", kept, more: page.more };
}

/**
 * A connector may be anyone's code: one that never answers must neither silence the stream nor keep the hub from stopping. A
 * page that took too long is let go, whatever comes of it later; the cursor stands where it was, and less is asked for next time.
 */
async function readPage(
  { session, stream, withinMs = WITHIN_MS, stopwatch = STOPWATCH }: Polling,
  position: string | undefined,
  signal: AbortSignal,
): Promise<ReadAnswer> {
  signal.throwIfAborted();
  const portion = portionOf(session, stream);
  const began = stopwatch.now();
  const ending = new AbortController();
  const given = Promise.withResolvers<ReadAnswer>();
  const end = () => {
    ending.abort();
    given.reject(new Error(`reading ${stream} was ended`));
  };
  const stopWaiting = stopwatch.after(portion.withinMs(withinMs), () => {
    ending.abort();
    given.resolve({ class: "retry", why: portion.shrink(withinMs) });
  });
  signal.addEventListener("abort", end);
  try {
    const reading = session.read!(stream, position, ending.signal, portion.share);
    const answer = await Promise.race([reading, given.promise]);
    if (answer.class === "page") portion.grow(stopwatch.now() - began, withinMs);
    return answer;
  } finally {
    stopWaiting();
    signal.removeEventListener("abort", end);
  }
}

/** Numbers are compared as numbers of any length, all else as text. */
export function isBefore(one: string, other: string): boolean {
  const digits = /^[0-9]{1,1000}$/;
  return digits.test(one) && digits.test(other) ? BigInt(one) < BigInt(other) : one < other;
}

/**
 * The page is not kept: it may repeat numbers that meant something else. The lower number becomes the known one. Where the old
 * numbers end and new ones begin nobody can say, so the stream is read again from its beginning: what was read before is told by
 * its identity. A hub that dies in between finds the lower number once more.
 */
async function pauseRestored(polling: Polling, before: string, now: string): Promise<PollStep> {
  const { pool, system, held, cases } = polling;
  const time = polling.now?.() ?? toUtc(new Date().toISOString())!;
  const why = `the highest number in ${system}/${polling.stream} went back from ${before} to ${now}: it was restored or refreshed`;
  const event = engineEvent({
    name: "SystemPaused",
    id: `system/${system}/went-back/${time}`,
    subject: `system/${system}`,
    time,
    data: { system, why },
  });
  const beginning = { position: null, caught_up_to: null, high_water: null };
  await keepInbound(pool, [], { held, cursor: { system, stream: polling.stream, ...beginning } });
  await pauseRestoredSystem(pool, held, {
    system,
    stream: polling.stream,
    why,
    high_water: now,
    event: appendRow(event, 0),
    case: systemCase(
      "SYSTEM_WENT_BACK",
      {
        system,
        subject: `system/${system}`,
        happened: why,
        evidence: { before, now },
        sameAs: [system],
        member: { kind: "system", ref: system },
      },
      cases,
      time,
    ),
  });
  return { outcome: "restored", why };
}
