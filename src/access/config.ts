import type { RoleName } from "./role.ts";

/** How people sign in: `access` of interlock.yaml, read. */
export interface AccessConfig {
  /** Where browsers reach the hub: `https://interlock.example.com`. Cookies are secure when it is https. */
  readonly publicUrl?: string;
  /** Reverse proxies in front of the hub whose X-Forwarded-For is believed. */
  readonly proxies: number;
  /** Whether local accounts may sign in with a password. */
  readonly passwords: boolean;
  readonly idleMs: number;
  readonly lifetimeMs: number;
  readonly provider?: ProviderConfig;
}

/** The OpenID Connect provider that knows the people. */
export interface ProviderConfig {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  /** What stands on the button. */
  readonly label: string;
  readonly scopes: readonly string[];
  /** The claim that names the account. */
  readonly accountClaim: string;
  /** The claim that lists the person's groups. */
  readonly groupsClaim: string;
  readonly grants: readonly Grant[];
}

/** What being in a group gives. */
export interface Grant {
  readonly group: string;
  readonly roles: readonly RoleName[];
  readonly plants?: readonly string[];
}

export const ACCESS_DEFAULTS: AccessConfig = {
  proxies: 0,
  passwords: true,
  idleMs: 3_600_000,
  lifetimeMs: 12 * 3_600_000,
};
