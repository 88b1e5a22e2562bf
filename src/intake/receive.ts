import type { CaseRules } from "../case/open.ts";
import { StoreError } from "../db/errors.ts";
import type { Pool } from "../db/pool.ts";
import { systemOf } from "../event/envelope.ts";
import { toUtc } from "../event/time.ts";
import type { Appended, Appender } from "../ledger/append.ts";
import { LedgerError } from "../ledger/errors.ts";
import type { Sources } from "../ledger/source.ts";
import { parseTraceparent } from "../telemetry/trace.ts";
import { type AdmissionRules, type AdmittedEvent, admit } from "./admit.ts";
import { type Read, readRequest } from "./canonical.ts";
import { conflictCase } from "./case.ts";
import { settleTold } from "./evidence.ts";
import { openCases } from "./queries.ts";
import type { Refusal } from "./refusal.ts";

export interface IntakeParts {
  readonly pool: Pool;
  readonly appender: Appender;
  readonly sources: Sources;
  readonly rules: AdmissionRules;
  readonly cases: CaseRules;
  readonly now?: () => string;
}

/** What became of one event. `seq` is where it is in the ledger, since now or since before. */
export type Receipt =
  | { readonly ok: true; readonly status: "appended" | "duplicate"; readonly seq: number }
  | { readonly ok: false; readonly refusal: Refusal };

export type Answer =
  | { readonly kind: "one"; readonly receipt: Receipt }
  /** In the order of the batch. */
  | { readonly kind: "batch"; readonly receipts: readonly Receipt[] }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/**
 * Canonical events pushed by their senders. An answer that says `ok` comes after the commit: the event is on disk. What is
 * invalid, unauthorised or conflicting is not kept: its sender still has it, and hears why.
 */
export class Intake {
  readonly #parts: IntakeParts;

  constructor(parts: IntakeParts) {
    this.#parts = parts;
  }

  /**
   * @param headers names in lower case
   * @param only the one system whose events the sender may tell; any unless told
   */
  async receive(
    headers: Readonly<Record<string, string | string[] | undefined>>,
    raw: Buffer,
    only?: string,
  ): Promise<Answer> {
    const request = readRequest(headers, raw);
    if (request.kind === "refused") return request;
    const trace = traceOf(headers);
    if (request.kind === "one") return { kind: "one", receipt: await this.#take(request.read, trace, only) };
    return {
      kind: "batch",
      receipts: await Promise.all(request.reads.map((read) => this.#take(read, trace, only))),
    };
  }

  async #take(read: Read, trace: string | undefined, only: string | undefined): Promise<Receipt> {
    if (!read.ok) return read;
    const { source } = read.candidate.attributes;
    if (only !== undefined && (typeof source !== "string" || systemOf(source) !== only)) {
      const detail = `the source is not the sender's own: it tells the events of /systems/${only}`;
      return { ok: false, refusal: { status: 403, code: "SOURCE_DENIED", detail, pointer: "/source" } };
    }
    const admission = admit(read.candidate, this.#parts.rules);
    if (!admission.ok) return admission;
    const event = { ...admission.event, traceparent: admission.event.traceparent ?? trace };
    const { sources, appender } = this.#parts;
    try {
      const sourceId = sources.known(event.source) ?? (await sources.idOf(event.source));
      const appended = await appender.append({ ...event, sourceId });
      return await this.#receipt(event, appended);
    } catch (error) {
      return { ok: false, refusal: storeRefusal(error) };
    }
  }

  async #receipt(event: AdmittedEvent, { status, seq }: Appended): Promise<Receipt> {
    const { pool, cases } = this.#parts;
    const system = systemOf(event.source)!;
    if (status === "conflict") {
      const happened = `${event.source} sent ${event.type} with the id ${event.id} again, and its content is not that at ledger position ${seq}`;
      const { id, source, subject, plant, correlation = subject } = event;
      const member = { kind: "event", ref: String(seq) } as const;
      const about = { source, id, subject, plant, correlation, system, happened, member };
      await openCases(pool, [conflictCase(about, cases, this.#now())]);
      return {
        ok: false,
        refusal: { status: 409, code: "EVENT_CONFLICT", detail: happened, pointer: "/id" },
      };
    }
    // Of a duplicate as well: what was told the first time may have died before it settled anything.
    if (event.causeEffect !== undefined) {
      const { source, id, causeEffect: reference } = event;
      await settleTold(pool, system, [{ source, id, seq, reference }], this.#now());
    }
    return { ok: true, status, seq };
  }

  #now(): string {
    return this.#parts.now?.() ?? toUtc(new Date().toISOString())!;
  }
}

/** The trace of the request is that of its events, unless they carry one of their own. */
function traceOf({
  traceparent,
}: Readonly<Record<string, string | string[] | undefined>>): string | undefined {
  return typeof traceparent === "string" && parseTraceparent(traceparent) ? traceparent : undefined;
}

/** Whose fault it is decides what the sender hears: an event that cannot be stored, or a store that cannot now. */
function storeRefusal(error: unknown): Refusal {
  if (error instanceof LedgerError) {
    const status = error.code === "LEDGER_BUSY" ? 503 : 422;
    const at = error.field === undefined ? {} : { pointer: `/${error.field}` };
    return { status, code: error.code, detail: error.message, ...at };
  }
  if (error instanceof StoreError) return { status: 503, code: error.code, detail: error.message };
  throw error;
}
