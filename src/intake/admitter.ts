/*
 * From kept to admitted: one step takes the oldest kept messages of one system, in the order they arrived, and gives each a
 * verdict. Nothing stops the stream: what cannot be translated or admitted is quarantined with a case, and only later messages
 * of the same object wait behind it.
 */
import { hash } from "node:crypto";
import type { CaseRules } from "../case/open.ts";
import type { Session, Translation } from "../connector/contract.ts";
import { ExactJsonError, parseExactJson } from "../contract/exact-json.ts";
import { isDataError } from "../db/errors.ts";
import type { Pool } from "../db/pool.ts";
import { sourceOf } from "../event/envelope.ts";
import { toUtc } from "../event/time.ts";
import type { Bell } from "../ledger/bell.ts";
import { appendRow } from "../ledger/row.ts";
import type { Sources } from "../ledger/source.ts";
import { FIELD_BYTES } from "../ledger/storable.ts";
import { type AdmissionRules, type AdmittedEvent, admit } from "./admit.ts";
import { conflictCase, quarantineCase } from "./case.ts";
import { type TellingEvent, settleTold } from "./evidence.ts";
import { identify } from "./native.ts";
import {
  type Admitted,
  admitInbound,
  type Held,
  type InboundVerdict,
  type KeptMessage,
  selectKept,
} from "./queries.ts";
import type { Refusal } from "./refusal.ts";

export interface AdmitterParts {
  readonly pool: Pool;
  readonly sources: Sources;
  readonly rules: AdmissionRules;
  readonly cases: CaseRules;
  /** Rung when something was appended. */
  readonly bell: Bell;
  readonly now?: () => string;
}

export interface Admitting {
  readonly system: string;
  readonly session: Pick<Session, "identify" | "translate">;
  readonly held: Held;
  readonly limit?: number;
}

export interface AdmitStep {
  /** Messages looked at. */
  readonly looked: number;
  /** Events appended. */
  readonly appended: number;
  /** Effects that ended by what the system told: their lanes may move. */
  readonly ended: number;
  /** Look again at once: there may be more, or what waited behind these was let go. */
  readonly more: boolean;
}

const BATCH = 200;

/** One step. @throws what the database throws; with SQLSTATE IL001 the lease is lost and nothing was written */
export async function admitNext(parts: AdmitterParts, on: Admitting): Promise<AdmitStep> {
  const { pool, bell } = parts;
  const limit = on.limit ?? BATCH;
  const now = parts.now?.() ?? toUtc(new Date().toISOString())!;
  const kept = await selectKept(pool, on.system, limit);
  if (kept.length === 0) return { looked: 0, appended: 0, ended: 0, more: false };

  const stopped = new Set<string>();
  const verdicts: InboundVerdict[] = [];
  const telling = new Map<number, Omit<TellingEvent, "seq">>();
  // All at once: what maps takes them by the batch, and one by one each would wait for its own way there and back.
  const judgements = await Promise.all(kept.map((message) => message.held || judge(parts, on, message)));
  for (const [n, message] of kept.entries()) {
    const judged = judgements[n]!;
    if (judged === true || stopped.has(message.object_key)) {
      verdicts.push({ id: message.id, state: "held", ...NOTHING });
      continue;
    }
    if ("refusal" in judged) {
      stopped.add(message.object_key);
      verdicts.push(quarantined(parts, on, message, judged.refusal, now));
    } else if ("skip" in judged) {
      const problem = JSON.stringify({ code: "SKIPPED", message: judged.skip.slice(0, 1_000) });
      verdicts.push({ id: message.id, state: "skipped", ...NOTHING, problem });
    } else {
      const { event } = judged;
      const sourceId = parts.sources.known(event.source) ?? (await parts.sources.idOf(event.source));
      const row = appendRow({ ...event, sourceId }, message.id);
      verdicts.push({ ...NOTHING, id: message.id, state: "admitted", event: row });
      if (event.causeEffect !== undefined)
        telling.set(message.id, { reference: event.causeEffect, source: event.source, id: event.id });
    }
  }

  const results = await admitAll(parts, on, new Map(kept.map((each) => [each.id, each])), verdicts, now);
  const appended = results.filter(({ eventSeq }) => eventSeq !== null);
  if (appended.length > 0) bell.ring();
  const told = appended.flatMap(({ id, eventSeq }) =>
    telling.has(id) ? { ...telling.get(id)!, seq: eventSeq! } : [],
  );
  const ended = await settleTold(pool, on.system, told, now);
  if (ended > 0) bell.ring();
  const taken = new Set(results.filter(({ state }) => state === "kept").map(({ id }) => id));
  if (taken.size > 0) {
    const conflicts = verdicts
      .filter(({ id }) => taken.has(id))
      .map((verdict) => conflicting(parts, on, verdict, now));
    await admitInbound(pool, on.held, conflicts);
  }
  return { looked: kept.length, appended: appended.length, ended, more: true };
}

/**
 * One message that the database cannot store does not fail the others: halving finds it, it is quarantined, and what comes
 * after it of the same object (`behind`) waits.
 */
async function admitAll(
  parts: AdmitterParts,
  on: Admitting,
  messages: ReadonlyMap<number, KeptMessage>,
  verdicts: readonly InboundVerdict[],
  now: string,
  behind = new Set<string>(),
): Promise<Admitted[]> {
  const due = verdicts.map((verdict): InboundVerdict => {
    const waits = behind.has(messages.get(verdict.id)!.object_key);
    return waits ? { ...NOTHING, id: verdict.id, state: "held" } : verdict;
  });
  try {
    return await admitInbound(parts.pool, on.held, due);
  } catch (error) {
    if (!isDataError(error)) throw error;
    if (due.length > 1) {
      const half = due.length >> 1;
      const first = await admitAll(parts, on, messages, due.slice(0, half), now, behind);
      return [...first, ...(await admitAll(parts, on, messages, due.slice(half), now, behind))];
    }
    const [verdict] = due;
    if (verdict!.state !== "admitted") throw error;
    const message = messages.get(verdict!.id)!;
    behind.add(message.object_key);
    const detail = `the database cannot store the event: ${(error as Error).message}`;
    return admitInbound(parts.pool, on.held, [
      quarantined(parts, on, message, { code: "EVENT_UNSTORABLE", detail }, now),
    ]);
  }
}

const NOTHING = { problem: null, event: null, case: null, conflict: null } as const;

type Judged =
  | { readonly event: AdmittedEvent }
  | { readonly skip: string }
  | { readonly refusal: MessageRefusal };

type MessageRefusal = Omit<Refusal, "status"> & {
  readonly missing?: { readonly kind: string; readonly native: string };
};

async function judge(parts: AdmitterParts, on: Admitting, message: KeptMessage): Promise<Judged> {
  const native = { contentType: message.content_type, raw: message.raw };
  if (identify(on.session, message.stream, native) === undefined)
    return {
      refusal: { code: "MESSAGE_UNIDENTIFIED", detail: "the connector found no identity in the message" },
    };
  let translation: Translation;
  try {
    translation = await on.session.translate(message.stream, native);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return {
      refusal: {
        code: "MESSAGE_NOT_TRANSLATED",
        detail: `the connector failed to translate the message: ${why}`,
      },
    };
  }
  if (!translation.ok) {
    const { code, message: detail, pointer, missing } = translation;
    return {
      refusal: { code, detail, ...(pointer !== undefined && { pointer }), ...(missing && { missing }) },
    };
  }
  if (translation.event === undefined) return { skip: translation.skip };

  const { reference, data, ...attributes } = translation.event;
  const text = JSON.stringify(data) ?? "null";
  try {
    parseExactJson(text);
  } catch (error) {
    if (!(error instanceof ExactJsonError)) throw error;
    return { refusal: { code: error.code, detail: error.message, pointer: `/data${error.pointer}` } };
  }
  const candidate = {
    attributes: {
      specversion: "1.0",
      source: sourceOf(on.system),
      ...(message.version !== null && { sourceversion: message.version }),
      ...attributes,
      id: attributes.id ?? eventId(message),
      ...(reference !== undefined && { causationid: reference }),
    },
    data,
    text,
  };
  const admission = admit(candidate, parts.rules);
  return admission.ok ? { event: admission.event } : { refusal: admission.refusal };
}

/** Native ids are unique within their stream; what is too long for an id is named by its hash. */
function eventId({ stream, native_id }: KeptMessage): string {
  const id = `${stream}:${native_id}`;
  return Buffer.byteLength(id) <= FIELD_BYTES.id
    ? id
    : `${stream.slice(0, 100)}:sha256:${hash("sha256", native_id, "hex")}`;
}

function quarantined(
  parts: AdmitterParts,
  on: Admitting,
  message: KeptMessage,
  refusal: MessageRefusal,
  now: string,
): InboundVerdict {
  // A connector's own words: a case and its fingerprint are made of them.
  const code = refusal.code.toWellFormed().slice(0, 100);
  const pointer = refusal.pointer?.toWellFormed().slice(0, 400);
  const { detail } = refusal;
  const about = {
    system: on.system,
    stream: message.stream,
    id: message.id,
    nativeId: message.native_id,
    objectKey: message.object_key,
    code,
    message: detail,
    pointer,
  };
  return {
    ...NOTHING,
    id: message.id,
    state: "quarantined",
    problem: JSON.stringify({
      code,
      message: detail.toWellFormed().slice(0, 2_000),
      ...(pointer !== undefined && { pointer }),
      ...(refusal.missing && isNameable(refusal.missing) && { missing: refusal.missing }),
    }),
    case: quarantineCase(about, parts.cases, now),
  };
}

/** A row can be written for it. */
function isNameable({ kind, native }: NonNullable<MessageRefusal["missing"]>): boolean {
  return kind.length <= 60 && native.length <= 200 && native.isWellFormed() && !native.includes("\0");
}

/** Its identity is in the ledger with other content: the same verdict again, with the case that this opens. */
function conflicting(
  parts: AdmitterParts,
  on: Admitting,
  verdict: InboundVerdict,
  now: string,
): InboundVerdict {
  const { id, subject, plant, correlation } = verdict.event!;
  const source = sourceOf(on.system);
  const happened = `message ${verdict.id} of ${on.system} becomes the event ${id}, which the ledger has with other content`;
  const member = { kind: "inbound", ref: String(verdict.id) } as const;
  const about = { source, id, subject, plant, correlation, system: on.system, happened, member };
  return { ...verdict, conflict: conflictCase(about, parts.cases, now) };
}
