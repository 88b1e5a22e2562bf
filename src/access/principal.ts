import type { CaseOwner } from "../process/contract.ts";
import { ALL_PERMISSIONS, type Permission } from "./permission.ts";
import { type RoleName, roleOf, SERVICE_MAY } from "./role.ts";

/** Who calls, and what they may. */
export interface Principal {
  /** Stands as actor in the ledger for all that it does. */
  readonly account: string;
  /** automation: the hub's admin token, which may act in the name of others; service: a system that tells its own events. */
  readonly kind: "person" | "service" | "automation";
  readonly name: string;
  readonly roles: readonly RoleName[];
  readonly permissions: ReadonlySet<Permission>;
  /** The plants that all it sees and does is limited to; undefined: no limit. */
  readonly plants: readonly string[] | undefined;
  /** service: the system whose events it may tell. */
  readonly system?: string;
  /** Set when it showed an API token, whose permissions are fewer than the account's. */
  readonly token?: string;
  /** Set when it signed in: what its session is filed under. */
  readonly session?: string;
}

export const ADMIN_TOKEN_ACCOUNT = "admin-token";

/** Whoever holds the hub's own token: the command line, the demo, automation. */
export const ADMIN_TOKEN: Principal = {
  account: ADMIN_TOKEN_ACCOUNT,
  kind: "automation",
  name: "The hub's admin token",
  roles: ["admin"],
  permissions: new Set(ALL_PERMISSIONS),
  plants: undefined,
};

/** What an account may by its roles. */
export function permissionsOf(roles: readonly RoleName[], system?: string): Set<Permission> {
  if (system !== undefined) return new Set(SERVICE_MAY);
  return new Set(roles.flatMap((role) => roleOf(role).may));
}

export function settlesFor({ roles }: Principal, owner: CaseOwner): boolean {
  return roles.some((role) => {
    const { teams } = roleOf(role);
    return teams === "all" || teams.includes(owner);
  });
}

export function decides({ roles }: Principal, event: string): boolean {
  return roles.some((role) => {
    const { decides: which } = roleOf(role);
    return which === "all" || which.includes(event);
  });
}
