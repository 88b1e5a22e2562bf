import { Refusal } from "../refusal.ts";

/** What can go wrong, and when. */
export const FAULTS = {
  "reset-before": "the connection is reset before anything was done",
  outage: "503, nothing was done",
  throttle: "429 with Retry-After (`retryAfterSeconds`, `null` for none), nothing was done",
  "token-expired": "every token dies: 401 before anything was done, or in a batch from part `afterRows` on",
  "update-conflict": "500 with the product's update-conflict text, nothing was done",
  "answer-lost": "done, then the connection is reset instead of an answer",
  "error-after": "done, then answered with `status` (500)",
  "duplicate-answer":
    "done, then refused as a record that already exists, as behind a gateway that sent it twice",
  "slow-commit":
    "the connection is reset; it is done `delayMs` later and only after `afterProbes` reads by its reference found nothing",
  "half-batch": "the first half of the batch is done, then the connection is reset",
  "queue-stall": "the message processor does nothing for `delayMs`",
  "queue-overtake": "a message is picked up `delayMs` later, so that messages of other orders overtake it",
  "message-fails": "one attempt of a message fails for a technical reason",
  "event-duplicate": "an event is pushed twice",
  "event-reorder": "an event is held back until the next one was pushed",
  "event-gap": "an event is not pushed at all",
  "feed-duplicate": "a page of the event log shows its first event twice",
  "poll-gap": "a page of the event log leaves out its first event, which a later page shows",
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
  retryAfterSeconds?: number | null;
  afterRows?: number;
  status?: number;
  delayMs?: number;
  afterProbes?: number;
};

export const READS = ["read", "readEvents", "checkOrder"];
export const WRITES = ["create", "change", "delete", "batch", "service", "sendMessage"];
const FITS: Partial<Record<FaultKind, readonly string[]>> = {
  "update-conflict": ["create", "change", "delete"],
  "answer-lost": WRITES,
  "error-after": WRITES,
  "duplicate-answer": ["create", "service"],
  "slow-commit": WRITES,
  "half-batch": ["batch"],
  "queue-stall": ["messageQueue"],
  "queue-overtake": ["messageQueued"],
  "message-fails": ["message"],
  "event-duplicate": ["businessEvent"],
  "event-reorder": ["businessEvent"],
  "event-gap": ["businessEvent"],
  "feed-duplicate": ["readEvents"],
  "poll-gap": ["readEvents"],
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
    return this.#armed;
  }

  arm(faults: unknown): void {
    if (!Array.isArray(faults) || faults.length > 100)
      throw new Refusal("InvalidFault", "send an array of at most 100 faults");
    for (const fault of faults as Fault[]) {
      if (!Object.hasOwn(FAULTS, String(fault?.kind)))
        throw new Refusal(
          "UnknownFault",
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
  draw(operation: string): Fault | undefined {
    if (this.#armed.length === 0) return undefined;
    const fault = this.#armed.find(
      (armed) =>
        fits(armed, operation) && (armed.probability === undefined || this.#random() < armed.probability),
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

function fits(fault: Fault, operation: string): boolean {
  const where = FITS[fault.kind] ?? [...READS, ...WRITES];
  if (fault.operations) return fault.operations.includes(operation);
  return where.includes(operation);
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
