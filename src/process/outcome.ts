/** What deciding on the events of one instance comes to: rows of `decide_batch` (sql/0018_less_to_begin.sql). */
import type { LedgerEvent } from "../event/envelope.ts";
import type { NewEvent } from "../ledger/row.ts";
import type { CaseOwner } from "./contract.ts";

export interface Outcome {
  /** Absent when nothing about the instance changed. */
  instance?: InstanceRow;
  readonly effects: EffectRow[];
  readonly withdrawals: Withdrawal[];
  readonly timers: TimerRow[];
  readonly timersCleared: InstanceThing[];
  readonly deferred: DeferredRow[];
  readonly undeferred: { process: string; key: string; n: number }[];
  readonly derived: NewEvent[];
  readonly cases: CaseRow[];
  readonly settledMembers: string[];
  readonly factUses: FactUse[];
  /** Set when the instance has come to its end: changed facts wake it no more. */
  readonly finished: { process: string; instance_key: string }[];
}

export interface InstanceRow {
  process: string;
  key: string;
  partition: number;
  definition_version: number;
  phase: string;
  state: string;
  began_at: string;
  correlation: string;
  plant: string | null;
  last_n: number;
  version: number;
  held: string | null;
}

export interface EffectRow {
  reference: string;
  system: string;
  lane: string;
  type: string;
  process: string;
  key: string;
  name: string;
  cause_seq: number;
  correlation: string;
  plant: string | null;
  traceparent: string | null;
  payload: string;
  payload_hash: string;
  settle_ms: number;
  probe_first: boolean;
  claim: boolean;
}

/** Which effects it means is looked up outside: those open in the database, and the first `before` of this outcome. */
export interface Withdrawal {
  /** A name or a reference. */
  readonly what: string;
  readonly cause: LedgerEvent;
  readonly before: number;
}

export interface InstanceThing {
  process: string;
  key: string;
  name: string;
}

export interface TimerRow extends InstanceThing {
  partition: number;
  generation: number;
  due_at: string;
  streams: readonly string[];
}

export interface DeferredRow {
  process: string;
  key: string;
  n: number;
  seq: number;
  deadline_at: string | null;
}

export interface FactUse {
  kind: string;
  key: string;
  process: string;
  instance_key: string;
  /** Position of the event that set the value used; 0 when nothing is known. */
  seq: number;
}

/** A row of `open_cases`. */
export interface CaseRow {
  fingerprint: string;
  kind: string;
  owner: CaseOwner;
  plant: string | null;
  system: string | null;
  subject: string;
  correlation: string | null;
  title: string;
  detail: string;
  sla_at: string | null;
  member_kind: "instance" | "event";
  member_ref: string;
}

export function emptyOutcome(): Outcome {
  return {
    effects: [],
    withdrawals: [],
    timers: [],
    timersCleared: [],
    deferred: [],
    undeferred: [],
    derived: [],
    cases: [],
    settledMembers: [],
    factUses: [],
    finished: [],
  };
}

/** How a case names what it is about in an instance: `order-confirmation/SO-1001#PROCESS_HELD`. A process's name has no slash. */
export function instanceMember(process: string, key: string, kind: string): string {
  return `${process}/${key}#${kind}`;
}

/** The instance that a case's member of kind `instance` names. */
export function parseInstanceMember(ref: string): { process: string; key: string; kind: string } | undefined {
  const slash = ref.indexOf("/");
  const mark = ref.lastIndexOf("#");
  if (slash < 1 || mark < slash) return undefined;
  return { process: ref.slice(0, slash), key: ref.slice(slash + 1, mark), kind: ref.slice(mark + 1) };
}
