import type { TSchema } from "typebox";

/**
 * The connector contract. A connector speaks one product's native interface and knows nothing of other systems or of
 * processes. It never retries, sleeps, schedules or logs success: back-off, breaker, rate limit, token refresh, batching,
 * cursors and metrics are the engine's. Each call below is made at most once per attempt, by the one hub that owns the system.
 */
export interface Connector<Config = unknown> {
  /** The folder's name: `reference`, `salesforce`. */
  readonly product: string;
  readonly title: string;
  /** typebox schema of the system's `config` in interlock.yaml; a field with `secret: true` may only come from `${ENV}`. */
  readonly config: TSchema;
  readonly streams: Readonly<Record<string, StreamDeclaration>>;
  /** By effect contract name: `CreateSalesOrder`. */
  readonly effects: Readonly<Record<string, EffectDeclaration>>;
  /** Opens a session on one system. It may hold a connection pool; `close` ends it. Must not call the system yet. */
  readonly open: (context: ConnectorContext<Config>) => Session | Promise<Session>;
}

export interface ConnectorContext<Config> {
  readonly system: string;
  readonly config: Config;
  /** Upper bound of one call, milliseconds: the engine gives up a little later by itself. */
  readonly timeoutMs: number;
  /** Absent when no mapping of the system, shipped or of the project, is named after an effect. */
  readonly toNative?: ToNative;
}

/**
 * Puts an effect's payload into the system's own words, by the mapping named after the effect's contract
 * (`mappings/ReleaseWorkOrder.jsonata`). Never throws.
 */
export type ToNative = (effect: string, payload: unknown) => Promise<NativeContent>;

export type NativeContent =
  | { readonly ok: true; readonly content: unknown }
  /** Such as an item without a crosswalk row: nothing was sent, and `reject` is the answer. */
  | { readonly ok: false; readonly code: string; readonly message: string };

export type StreamDeclaration = {
  readonly kind: "webhook" | "poll";
  /** Canonical event names it can bring. */
  readonly events: readonly string[];
  readonly help: string;
  /** The mapping that translates it where it is not named as the stream: streams that carry the same messages share one. */
  readonly mapping?: string;
  /** poll: how often by default. */
  readonly intervalMs?: number;
};

export interface EffectDeclaration {
  /**
   * idempotent: the product itself applies the same reference once. probe: it can be looked up by the reference.
   * neither: an unseen answer parks the effect with a case.
   */
  readonly safety: "idempotent" | "probe" | "neither";
  /** How long after a write a probe may still miss it. */
  readonly settlesWithinMs: number;
  /** Idempotent only: how long the product remembers a reference; after it the effect counts as `probe`. */
  readonly idempotencyWindowMs?: number;
  /** How long after `accepted` the result may stay open before a person looks; 15 minutes unless told. */
  readonly resultWithinMs?: number;
  /** The target's own object, `kind/id`, from the effect's payload: effects on it go out in order. */
  readonly lane: (payload: never) => string;
  /** At most this many in one call of `applyBatch`; absent: one by one. */
  readonly batch?: number;
}

export interface OutgoingEffect {
  /** 16 characters of Crockford base 32, unique across installations: to be stored in the target's own reference field. */
  readonly reference: string;
  readonly type: string;
  readonly payload: unknown;
  /** From 1; above 1 the same reference may have reached the target before. */
  readonly attempt: number;
  readonly traceparent?: string;
  /** What an answer to an earlier send asked to `keep`, or what a look found missing. */
  readonly noted?: unknown;
  /**
   * To be called with nothing awaited between it and the write, above all after a token was fetched on the way. It throws
   * when this hub has slept past its right to send; let that pass. Before the first write it means "provably not applied"; of
   * several writes, that the effect is looked for.
   */
  readonly beforeWrite: () => void;
}

/** The target's own names and values, such as document and status: at most 20, of at most 400 characters. */
export type Evidence = Readonly<Record<string, string>>;

/** News that came as an answer: a message of one of the system's streams, to be identified and translated like the others. */
export interface Told {
  readonly stream: string;
  readonly message: NativeMessage;
}

/** What a send came to, by what happens next. */
export type Answer =
  /** The target has it. Evidence: its own numbers, small. */
  | {
      readonly class: "applied";
      readonly evidence: Evidence;
      readonly status?: string;
      /** What the target said beside that, above all to a question: kept before the effect counts as applied. */
      readonly told?: Told;
    }
  /** Queued, result open: `probe` is asked again after `checkAfterMs`. */
  | {
      readonly class: "accepted";
      readonly evidence: Evidence;
      readonly checkAfterMs: number;
      readonly status?: string;
    }
  /** Provably not applied: refused connection, DNS, TLS, 429, 503 before processing, 401 before processing with a fresh token to come. */
  | {
      readonly class: "retry";
      readonly why: string;
      readonly retryAfterMs?: number;
      readonly status?: string;
      /**
       * What must be on disk before anything is sent, such as the target's counters as they are now: the send follows at
       * once as `resume` with it as `missing`, and each look gets it as `noted`.
       */
      readonly keep?: unknown;
    }
  /** The target judged the content and said no. */
  | { readonly class: "reject"; readonly reason: string; readonly code?: string; readonly status?: string }
  /** Credentials or rights: the system pauses. */
  | { readonly class: "auth"; readonly why: string; readonly status?: string }
  /** Anything after the first byte of a write: timeout, reset, 408, 5xx; also "duplicate reference". */
  | { readonly class: "unknown"; readonly why: string; readonly status?: string };

/** What a look by reference came to. */
export type ProbeAnswer =
  /** The target has it and its content is ours. */
  | { readonly class: "applied"; readonly evidence: Evidence; readonly status?: string }
  | {
      readonly class: "accepted";
      readonly evidence: Evidence;
      readonly checkAfterMs: number;
      readonly status?: string;
    }
  /** The target had queued it, judged the content later and did nothing of it. */
  | { readonly class: "reject"; readonly reason: string; readonly code?: string; readonly status?: string }
  /** Not there, as far as the target can see now. */
  | { readonly class: "absent"; readonly status?: string }
  /** Our reference with other content: a case. */
  | {
      readonly class: "different";
      readonly difference: string;
      readonly evidence: Evidence;
      readonly status?: string;
    }
  /** A part of it is there: `apply` with `resume` completes only what is missing. */
  | {
      readonly class: "partial";
      readonly missing: unknown;
      readonly evidence: Evidence;
      readonly status?: string;
    }
  | {
      readonly class: "retry";
      readonly why: string;
      readonly retryAfterMs?: number;
      readonly status?: string;
    }
  | { readonly class: "auth"; readonly why: string; readonly status?: string };

export interface NativeIdentity {
  /** The product's own message id, or a deterministic one from its business content. */
  readonly id: string;
  /** `kind/id` of the object it is about: a quarantined message holds later ones of the same object. */
  readonly objectKey: string;
  /** Monotone per object where the product has one. */
  readonly version?: string;
}

export interface NativeMessage {
  readonly contentType: string;
  readonly raw: Uint8Array;
}

/** A canonical event as a connector translates it: the engine adds specversion, source and identity when absent. */
export interface TranslatedEvent {
  readonly id?: string;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  readonly data: unknown;
  readonly plant?: string;
  readonly correlationid?: string;
  readonly sourceversion?: string;
  /** The reference of the effect this event answers, when the product echoes it: settles that effect without a probe. */
  readonly reference?: string;
}

export type Translation =
  | { readonly ok: true; readonly event: TranslatedEvent }
  /** The message is of no interest; why goes into its record. */
  | { readonly ok: true; readonly event?: undefined; readonly skip: string }
  | {
      readonly ok: false;
      readonly code: string;
      readonly message: string;
      readonly pointer?: string;
      /** The native value that the crosswalk has no row for. */
      readonly missing?: { readonly kind: string; readonly native: string };
    };

export interface Session {
  readonly apply: (effect: OutgoingEffect, signal: AbortSignal) => Promise<Answer>;
  /** Answers in the order of `effects`. */
  readonly applyBatch?: (
    effects: readonly OutgoingEffect[],
    signal: AbortSignal,
  ) => Promise<readonly Answer[]>;
  /** Completes what `partial` found missing, or sends what follows a `keep`. */
  readonly resume?: (effect: OutgoingEffect, missing: unknown, signal: AbortSignal) => Promise<Answer>;
  /**
   * May be asked while the target still works on the write. `applied` is for what it proves to have, by the effect's own
   * reference: it is believed at once. Everything else is asked again once `settlesWithinMs` has passed.
   */
  readonly probe?: (effect: OutgoingEffect, signal: AbortSignal) => Promise<ProbeAnswer>;
  /** Identity without any mapping: must not throw on bad content, but say `undefined`. */
  readonly identify: (stream: string, message: NativeMessage) => NativeIdentity | undefined;
  readonly translate: (stream: string, message: NativeMessage) => Promise<Translation>;
  /**
   * One page after the cursor. `caughtUpTo`: everything that happened before this time was read.
   * `share`, above 0 and up to 1: how much of its usual page the connector shall read, and at least one entry: `entriesOf`
   * counts them. It is less than 1 after a page that took too long and was given up. Absent: all of it.
   */
  readonly read?: (
    stream: string,
    cursor: string | undefined,
    signal: AbortSignal,
    share?: number,
  ) => Promise<ReadAnswer>;
  /** Webhook: is this request from the system? Constant time; headers in lower case. */
  readonly verify?: (stream: string, headers: Readonly<Record<string, string>>, raw: Uint8Array) => boolean;
  readonly close: () => Promise<void>;
}

export type ReadAnswer =
  | {
      readonly class: "page";
      readonly messages: readonly NativeMessage[];
      readonly cursor: string;
      readonly more: boolean;
      readonly caughtUpTo?: string;
      /** The target's own highest number, as text; one that went back means it was restored. */
      readonly highWater?: string;
    }
  | { readonly class: "retry"; readonly why: string; readonly retryAfterMs?: number }
  | { readonly class: "auth"; readonly why: string };

export function defineConnector<Config>(connector: Connector<Config>): Connector<Config> {
  return connector;
}
