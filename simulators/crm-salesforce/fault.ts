import { Refusal } from "./refusal.ts";

/** What can go wrong, and when. The words of the second column are the ones of the README's table. */
export const FAULTS = {
  "reset-before": "the connection is reset before anything was done",
  outage: "503 `SERVER_UNAVAILABLE`, nothing was done",
  throttle: "503 `SERVER_UNAVAILABLE` with Retry-After (`retryAfterSeconds`), nothing was done",
  "request-limit": "403 `REQUEST_LIMIT_EXCEEDED` without Retry-After, nothing was done",
  "token-expired": "every session ends: 401 `INVALID_SESSION_ID`, nothing was done",
  "session-refused": "401 that no new session will cure: the app may not use the API",
  "lock-row": "400 `UNABLE_TO_LOCK_ROW`; in a collection every second row. Rolled back, nothing was done",
  "answer-lost": "done, then the connection is reset instead of an answer",
  "error-after": "done, then answered with `status` (500 `UNKNOWN_EXCEPTION`)",
  "duplicate-answer": "done, then answered 400 `DUPLICATE_VALUE`, as behind a gateway that sent it twice",
  "slow-commit":
    "the connection is reset; it is done `delayMs` later, and only after `afterProbes` queries that name its reference found nothing",
  "upsert-race":
    "an upsert that finds nothing meets another of the same key: `DUPLICATE_VALUE`, or with `uniqueReference` off two records, and 300 from then on",
  "half-batch": "the first half of a collection's rows is done, then the connection is reset",
  "late-commit":
    "what is written carries its stamp at once, but queries see it only after `delayMs` and after `afterQueries` that would have shown it",
  "poll-gap": "a query in order of SystemModstamp leaves out its first row, which a later one shows",
} as const;
export type FaultKind = keyof typeof FAULTS;

export type Fault = {
  kind: FaultKind;
  /** Only these operations are struck; absent: each that the fault fits. */
  operations?: string[];
  /** Strikes this often, then is gone; absent: once, or for ever with a probability. */
  count?: number;
  /** Strikes with this chance each time, drawn from the seed. */
  probability?: number;
  retryAfterSeconds?: number;
  status?: number;
  delayMs?: number;
  afterProbes?: number;
  afterQueries?: number;
};

/** `update` or `updateOrder`: a verb strikes it for all objects. */
export type Struck = { readonly verb: string; readonly object: string };

/** Where each fault can strike at all; a fault that is armed for more would be silently useless. */
const WRITES = ["create", "update", "upsert", "delete", "collections", "composite"];
const FITS: Partial<Record<FaultKind, readonly string[]>> = {
  "lock-row": WRITES,
  "answer-lost": WRITES,
  "error-after": WRITES,
  "duplicate-answer": ["create", "update", "upsert"],
  "slow-commit": WRITES,
  "upsert-race": ["upsert"],
  "half-batch": ["collections"],
  "late-commit": [...WRITES, "clerk"],
  "poll-gap": ["query"],
};

type Armed = Fault & { left: number };

/** The faults switched on. One operation is struck by at most one of them, the one armed first. */
export class Faults {
  #armed: Armed[] = [];
  #random: () => number;
  readonly #struck = new Map<FaultKind, number>();

  constructor(seed: number) {
    this.#random = randomFrom(seed);
  }

  get armed(): readonly Fault[] {
    return this.#armed.map(({ left: _left, ...fault }) => fault);
  }

  arm(faults: unknown): void {
    if (!Array.isArray(faults)) throw new Refusal(422, "INVALID_FAULT", "send an array of faults");
    for (const fault of faults as Fault[]) {
      if (!Object.hasOwn(FAULTS, fault?.kind))
        throw new Refusal(
          422,
          "UNKNOWN_FAULT",
          `${String(fault?.kind)} is none of ${Object.keys(FAULTS).join(", ")}`,
        );
      const left = fault.count ?? (fault.probability === undefined ? 1 : Number.POSITIVE_INFINITY);
      this.#armed.push({ ...fault, left });
    }
  }

  /** How often each kind struck since the process began. */
  get struck(): Record<string, number> {
    return Object.fromEntries(
      (Object.keys(FAULTS) as FaultKind[]).map((kind) => [kind, this.#struck.get(kind) ?? 0]),
    );
  }

  clear(): void {
    this.#armed = [];
  }

  reseed(seed: number): void {
    this.#random = randomFrom(seed);
  }

  /** The fault that strikes this operation now, if one does; it is used up by that. */
  draw(struck: Struck): Fault | undefined {
    if (this.#armed.length === 0) return undefined;
    const fault = this.#armed.find(
      (armed) =>
        fits(armed, struck) && (armed.probability === undefined || this.#random() < armed.probability),
    );
    if (!fault) return undefined;
    if (--fault.left <= 0) this.#armed = this.#armed.filter((armed) => armed !== fault);
    this.#count(fault.kind, 1);
    return fault;
  }

  /** It met nothing, as a gap in an empty page: it did not strike, and is not used up. */
  spare(fault: Fault): void {
    const armed = fault as Armed;
    armed.left++;
    if (!this.#armed.includes(armed)) this.#armed.push(armed);
    this.#count(fault.kind, -1);
  }

  #count(kind: FaultKind, change: 1 | -1): void {
    this.#struck.set(kind, (this.#struck.get(kind) ?? 0) + change);
  }
}

function fits(fault: Fault, { verb, object }: Struck): boolean {
  const where = FITS[fault.kind];
  if (where ? !where.includes(verb) : verb === "token" && !fault.operations) return false;
  if (!where && verb === "clerk") return false;
  if (fault.kind === "poll-gap" && object !== "InOrder") return false;
  return (
    fault.operations === undefined || fault.operations.some((name) => name === verb || name === verb + object)
  );
}

/** mulberry32: the same seed, the same faults. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
