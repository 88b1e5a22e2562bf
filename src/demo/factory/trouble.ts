/** Which faults are on in which system while everything goes wrong, and how often. Each simulator's README says what they do. */
import type { SystemName } from "./world.ts";

export interface Fault {
  readonly kind: string;
  readonly operations?: readonly string[];
  readonly probability: number;
  /** Strikes so often and no more; absent: all the time. */
  readonly count?: number;
  readonly delayMs?: number;
  readonly afterProbes?: number;
  readonly afterQueries?: number;
  readonly retryAfterSeconds?: number;
}

type More = Omit<Partial<Fault>, "kind" | "probability">;

/** What every call may meet. */
const seldom = (kind: string, more: More = {}): Fault => ({ kind, probability: 0.01, ...more });
/** What only some calls can meet. */
const often = (kind: string, more: More = {}): Fault => ({ kind, probability: 0.06, ...more });
/** What so few calls can meet that it would hardly ever come. */
const surely = (kind: string, more: More = {}): Fault => ({ kind, probability: 0.3, count: 2, ...more });

const SLOW = { delayMs: 500, afterProbes: 2 };

const PLANT: readonly Fault[] = [
  surely("duplicate-answer"),
  surely("error-after"),
  surely("answer-lost"),
  surely("slow-commit", SLOW),
  seldom("reset-before"),
  seldom("outage"),
  seldom("throttle", { retryAfterSeconds: 1 }),
  seldom("token-expired"),
  often("webhook-duplicate"),
  often("webhook-reorder"),
  often("webhook-lost"),
  often("poll-gap"),
];

/** What a salesperson enters is stamped at once, and seen after two looks only. */
const LATE = { operations: ["clerk"], delayMs: 500, afterQueries: 2 };

export const FAULTS: Readonly<Record<SystemName, readonly Fault[]>> = {
  crm: [
    surely("upsert-race"),
    surely("duplicate-answer"),
    surely("error-after"),
    surely("lock-row"),
    surely("half-batch"),
    surely("late-commit", LATE),
    // Two of them in a row, and the hub is let in no more until a person has seen to it.
    surely("session-refused", { operations: ["query"] }),
    often("answer-lost", { operations: ["update", "upsert"] }),
    often("slow-commit", { operations: ["update", "upsert"], ...SLOW }),
    seldom("request-limit"),
    seldom("reset-before"),
    seldom("outage"),
    seldom("throttle", { retryAfterSeconds: 1 }),
    seldom("token-expired"),
    often("poll-gap"),
  ],
  erp: [
    surely("half-batch"),
    surely("update-conflict"),
    surely("duplicate-answer"),
    often("answer-lost"),
    seldom("error-after"),
    often("slow-commit", SLOW),
    seldom("reset-before"),
    seldom("outage"),
    seldom("throttle", { retryAfterSeconds: 1 }),
    seldom("token-expired"),
    seldom("queue-stall", { delayMs: 300 }),
    often("queue-overtake", { delayMs: 400 }),
    often("message-fails"),
    often("event-duplicate"),
    often("event-reorder"),
    often("event-gap"),
    often("feed-duplicate"),
    often("poll-gap"),
  ],
  "mes-lyon": PLANT,
  "mes-brno": PLANT,
};
