import type { Role } from "./role.ts";

/** `interlock` is the engine itself: no system may say what only the engine can know. */
export type EventOwner = Role | "interlock";

const ORDER_TAKERS = ["crm", "portal", "edi"] as const;

/** The default owners of each event type. `interlock.yaml` may change those of the business, not the engine's own. */
export const EVENT_OWNERS: Readonly<Record<string, readonly EventOwner[]>> = {
  OrderRequested: ORDER_TAKERS,
  OrderChangeRequested: ORDER_TAKERS,
  OrderCancelRequested: ORDER_TAKERS,
  OrderConfirmed: ["erp"],
  OrderRejected: ["erp"],
  OrderChecked: ["erp"],
  CreditHoldPlaced: ["erp"],
  CreditHoldReleased: ["erp"],

  EffectApplied: ["interlock"],
  EffectAccepted: ["interlock"],
  EffectRejected: ["interlock"],
  EffectCancelled: ["interlock"],
  EffectMarkedApplied: ["interlock"],
  EffectWithdrawn: ["interlock"],
  EffectWithdrawalRefused: ["interlock"],
  TimerFired: ["interlock"],
  WaitExpired: ["interlock"],
  ConfirmationOverdue: ["interlock"],
  OrderAtRisk: ["interlock"],
  CaseActionTaken: ["interlock"],
  SystemPaused: ["interlock"],
  SystemResumed: ["interlock"],
  RecoveryBegan: ["interlock"],
  RecoveryEnded: ["interlock"],
  PersonalDataRedacted: ["interlock"],
};
