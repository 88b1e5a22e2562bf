import type { ContractRegistry } from "../contract/registry.ts";
import { isRole, type Role } from "./role.ts";

/** Owner of the events that only the engine can know of: no system may send them. */
export const ENGINE = "interlock";

export type AuthorityVerdict = { ok: true } | { ok: false; message: string };

/** Who may say what. */
export interface Authority {
  /** May this system send events of this name (`OrderRequested`)? An event nobody owns may be sent by nobody. */
  mayEmit(system: string, eventName: string): AuthorityVerdict;
  /** Undefined: interlock.yaml names no such system. */
  roleOf(system: string): Role | undefined;
  /** The roles and system ids that may send it; empty when nobody does. */
  ownersOf(eventName: string): readonly string[];
}

/**
 * The default owners of an event are the roles its contract names (`x-owner`).
 * @param systems every system that may speak at all, with its role
 * @param overrides per event name the roles and system ids that may send it, in place of the default; what belongs to
 *   Interlock itself cannot be given away
 */
export function createAuthority(
  contracts: ContractRegistry,
  systems: ReadonlyMap<string, { readonly role: Role }>,
  overrides: Readonly<Record<string, readonly string[]>> = {},
): Authority {
  const owners = new Map(Object.entries(overrides));
  for (const [name, standard] of defaultOwners(contracts))
    if (!owners.has(name) || standard.includes(ENGINE)) owners.set(name, standard);
  const ownersOf = (eventName: string): readonly string[] => owners.get(eventName) ?? [];
  const roleOf = (system: string) => systems.get(system)?.role;
  const mayEmit = (system: string, eventName: string): AuthorityVerdict => {
    const role = roleOf(system);
    if (role === undefined) return { ok: false, message: `there is no system ${system} in interlock.yaml` };
    const may = ownersOf(eventName);
    if (may.includes(role) || (may.includes(system) && !isRole(system))) return { ok: true };
    const whose = may.length === 0 ? "nobody may" : `only ${may.join(", ")} may`;
    return { ok: false, message: `${system} (${role}) may not send ${eventName}: ${whose}` };
  };
  return { roleOf, ownersOf, mayEmit };
}

/** By event name; where versions of a contract differ the newest one counts. */
export function defaultOwners({ contracts }: ContractRegistry): Map<string, readonly string[]> {
  return new Map(
    contracts
      .filter(({ kind }) => kind === "event")
      .toSorted((a, b) => a.major - b.major)
      .map(({ name, schema }) => [name, (schema["x-owner"] as readonly string[] | undefined) ?? []]),
  );
}
