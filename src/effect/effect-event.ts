import type { Evidence } from "../connector/contract.ts";
import { engineEvent, type NewEvent } from "../ledger/row.ts";
import { cut } from "./evidence.ts";

/** What is told of an effect wherever it is told of: the columns of `effects` that say whose it is. */
export interface EffectIdentity {
  readonly reference: string;
  readonly system: string;
  /** The target's object: salesOrder/SO-1001. */
  readonly lane: string;
  /** CreateSalesOrder.v1 */
  readonly type: string;
  readonly process: string;
  readonly key: string;
  /** The process's own name for it. */
  readonly name: string;
  readonly causeSeq: number;
  readonly correlation: string;
  readonly plant?: string | null | undefined;
  readonly traceparent?: string | null | undefined;
}

/** The words of an outcome as event names, and as the first part of the event's derived id. */
const TOLD = {
  EffectApplied: "applied",
  EffectAccepted: "accepted",
  EffectRejected: "rejected",
  EffectCancelled: "cancelled",
  EffectMarkedApplied: "marked-applied",
  EffectWithdrawn: "withdrawn",
  EffectWithdrawalRefused: "withdrawal-refused",
} as const;

export type EffectEventName = keyof typeof TOLD;

export interface Reason {
  readonly code?: string;
  readonly message: string;
}

/**
 * The event by which the ledger and the process hear how an effect fares. Its subject is the root object of the effect's
 * story; its id is derived, so that telling it twice is one event.
 * @param told.nth where the same may be told of one effect more than once (rejected at attempt 3): what tells them apart
 */
export function effectEvent(
  name: EffectEventName,
  effect: EffectIdentity,
  told: {
    readonly time: string;
    readonly nth?: number;
    readonly evidence?: Evidence | undefined;
    readonly reasons?: readonly Reason[];
    readonly actor?: string;
    readonly reason?: string;
  },
): NewEvent {
  const { reference, system, lane, type, process, key, correlation } = effect;
  return engineEvent({
    name,
    id: `${TOLD[name]}/${reference}${told.nth === undefined ? "" : `/${told.nth}`}`,
    subject: correlation,
    time: told.time,
    data: {
      reference,
      system,
      effect: type,
      lane,
      process,
      key,
      name: effect.name,
      ...(told.evidence && { evidence: told.evidence }),
      ...(told.reasons && { reasons: told.reasons.map(bounded) }),
    },
    correlation,
    plant: effect.plant ?? undefined,
    causeSeq: effect.causeSeq,
    causeEffect: reference,
    actor: told.actor,
    reason: told.reason,
    traceparent: effect.traceparent ?? undefined,
  });
}

function bounded({ code, message }: Reason): Reason {
  return { ...(code && { code: cut(code, 80) }), message: cut(message, 1000) || "no reason given" };
}
