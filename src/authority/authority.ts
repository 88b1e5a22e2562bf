import { type EventOwner, EVENT_OWNERS } from "./event-owners.ts";
import type { Role } from "./role.ts";

/** Who may say what. */
export interface Authority {
  /** May this system send events of this name (`OrderRequested`)? An event nobody owns may be sent by nobody. */
  mayEmit(system: { system: string; role: Role }, eventName: string): boolean;
  /** The roles and system ids that may send it; empty when nobody does. */
  ownersOf(eventName: string): readonly string[];
}

/**
 * @param overrides per event name the roles and system ids that may send it, in place of the default; what belongs to
 *   Interlock itself cannot be given away
 */
export function createAuthority(overrides: Readonly<Record<string, readonly string[]>> = {}): Authority {
  const ownersOf = (eventName: string): readonly string[] => {
    const standard: readonly EventOwner[] = Object.hasOwn(EVENT_OWNERS, eventName)
      ? EVENT_OWNERS[eventName]!
      : [];
    if (standard.includes("interlock")) return standard;
    return Object.hasOwn(overrides, eventName) ? overrides[eventName]! : standard;
  };
  return {
    ownersOf,
    mayEmit: ({ system, role }, eventName) =>
      ownersOf(eventName).some((owner) => owner === role || owner === system),
  };
}
