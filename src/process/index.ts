export * from "./contract.ts";
export { ENGINE_EVENTS, type EngineEventName } from "../event/engine-event.ts";
export { checkTotality, findGaps } from "./totality.ts";
export type { ShiftCalendar, Weekday } from "./calendar.ts";
export type { LedgerEvent, ObjectRef } from "../event/envelope.ts";
export type { EffectPayload, EventData, QueryPayload } from "../contract/generated.ts";
export { Decimal } from "../quantity/decimal.ts";
