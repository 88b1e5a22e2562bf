/** What the engine tells one process instance: `data` names it by `process` and `key`, and by `name` its effect or timer. */
export const ENGINE_EVENTS = [
  "EffectApplied",
  "EffectAccepted",
  "EffectRejected",
  "EffectCancelled",
  "EffectMarkedApplied",
  "EffectWithdrawn",
  "EffectWithdrawalRefused",
  "TimerFired",
] as const;
export type EngineEventName = (typeof ENGINE_EVENTS)[number];

/** A person settled what held an instance; told to it like the others, and no row of its phase table. */
export const RELEASE_EVENT = "InstanceReleased";

/** Names of the events that the engine tells to the one instance they name. */
export const ADDRESSED: ReadonlySet<string> = new Set([...ENGINE_EVENTS, RELEASE_EVENT]);

/** Whether events of this name, told by the engine, go to the instance they name. */
export function isAddressed(name: string): boolean {
  return ADDRESSED.has(name);
}
