import { Refusal } from "./refusal.ts";

/** What can go wrong, and when. The words of the second column are the ones of the README's table. */
export const FAULTS = {
  "reset-before": "the connection is reset before anything was done",
  outage: "503 `maintenance`, nothing was done",
  throttle: "429 with Retry-After (`retryAfterSeconds`), nothing was done",
  "token-expired": "every token dies: 401 before anything was done",
  "answer-lost": "done, then the connection is reset instead of an answer",
  "error-after": "done, then answered with `status` (500)",
  "duplicate-answer": "done, then answered 409 `duplicate-reference`, as behind a gateway that sent it twice",
  "slow-commit":
    "the connection is reset; it is done `delayMs` later and only after `afterProbes` looks by its reference found nothing",
  "webhook-duplicate": "a webhook is sent twice",
  "webhook-reorder": "a webhook is held back until the next one was sent",
  "webhook-lost": "a webhook is never sent; the feed has it",
  "poll-gap": "a page leaves out its first change, which a later page shows",
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
  /** Strikes every so many operations that it fits, by count and not by chance. */
  every?: number;
};

/** Where each fault can strike at all; a fault that is armed for more would be silently useless. */
const WRITES = ["release", "update", "hold", "resume", "cancel", "notify"];
const FITS: Partial<Record<FaultKind, readonly string[]>> = {
  "answer-lost": WRITES,
  "error-after": WRITES,
  "duplicate-answer": WRITES,
  "slow-commit": WRITES,
  "webhook-duplicate": ["webhook"],
  "webhook-reorder": ["webhook"],
  "webhook-lost": ["webhook"],
  "poll-gap": ["readChanges"],
};

type Armed = Fault & { left: number; passed: number };

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
    if (!Array.isArray(faults)) throw new Refusal(422, "invalid-fault", "send an array of faults");
    for (const fault of faults as Fault[]) {
      if (!Object.hasOwn(FAULTS, fault?.kind))
        throw new Refusal(
          422,
          "unknown-fault",
          `${String(fault?.kind)} is none of ${Object.keys(FAULTS).join(", ")}`,
        );
      const left =
        fault.count ??
        (fault.probability === undefined && fault.every === undefined ? 1 : Number.POSITIVE_INFINITY);
      this.#armed.push({ ...fault, left, passed: 0 });
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
    const fault = this.#armed.find((armed) => fits(armed, operation) && this.#isDue(armed));
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

  #isDue(armed: Armed): boolean {
    if (armed.every !== undefined) return ++armed.passed % armed.every === 0;
    return armed.probability === undefined || this.#random() < armed.probability;
  }
}

function fits(fault: Fault, operation: string): boolean {
  const where = FITS[fault.kind];
  if (where && !where.includes(operation)) return false;
  if (fault.operations) return fault.operations.includes(operation);
  return where !== undefined || (operation !== "webhook" && operation !== "token");
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
