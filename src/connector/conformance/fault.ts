import type { Answer } from "../contract.ts";

/** The faults of a simulator's admin interface that the suite switches on. */
export type FaultKind =
  | "reset-before"
  | "outage"
  | "throttle"
  | "token-expired"
  | "answer-lost"
  | "error-after"
  | "duplicate-answer"
  | "slow-commit"
  | "half-order"
  | "half-batch";

/** One thing that goes wrong with one write. */
export interface WriteFault {
  readonly kind: FaultKind;
  readonly title: string;
  readonly settings?: Readonly<Record<string, number>>;
  /** What the connector may make of it. */
  readonly classes: readonly Answer["class"][];
  /** How often the peer has applied it when the call ends. */
  readonly applied: 0 | 1;
  readonly retryAfterMs?: number;
}

export const WRITE_FAULTS: readonly WriteFault[] = [
  { kind: "answer-lost", title: "the answer is lost after the write", classes: ["unknown"], applied: 1 },
  { kind: "error-after", title: "a server error follows the write", classes: ["unknown"], applied: 1 },
  // S4: only a look can tell whether what is there is ours.
  { kind: "duplicate-answer", title: "the answer calls it a duplicate", classes: ["unknown"], applied: 1 },
  {
    kind: "slow-commit",
    title: "the commit shows only after a look that found nothing",
    settings: { afterProbes: 1 },
    classes: ["unknown"],
    applied: 0,
  },
  // No client can tell this from an answer that was lost.
  {
    kind: "reset-before",
    title: "the connection is reset before the first byte",
    classes: ["unknown"],
    applied: 0,
  },
  {
    kind: "throttle",
    title: "the target asks to wait",
    settings: { retryAfterSeconds: 7 },
    classes: ["retry"],
    applied: 0,
    retryAfterMs: 7000,
  },
  { kind: "token-expired", title: "the token expired", classes: ["retry"], applied: 0 },
  { kind: "outage", title: "the target is away", classes: ["retry", "unknown"], applied: 0 },
];
