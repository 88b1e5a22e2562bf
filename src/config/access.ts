import { Type } from "typebox";
import type { Static } from "typebox";

import { ACCESS_DEFAULTS, type AccessConfig, type ProviderConfig } from "../access/config.ts";
import { ROLE_NAMES, type RoleName, roleOf } from "../access/role.ts";
import { DURATION, durationMs } from "./duration.ts";
import { readSecret, type Environment } from "./secret-reference.ts";

const closed = { additionalProperties: false };

const grant = Type.Object(
  {
    group: Type.String({
      description: "As the provider's groups claim says it.",
      minLength: 1,
      maxLength: 300,
    }),
    roles: Type.Array(
      Type.Unsafe<RoleName>({ type: "string", enum: [...ROLE_NAMES], description: "A role." }),
      {
        minItems: 1,
        maxItems: 20,
        uniqueItems: true,
      },
    ),
    plants: Type.Optional(
      Type.Array(Type.String({ description: "A plant.", minLength: 1, maxLength: 40 }), {
        description: "Limits the whole account to these plants.",
        minItems: 1,
        maxItems: 500,
        uniqueItems: true,
      }),
    ),
  },
  { description: "What being in a group gives.", ...closed },
);

const oidc = Type.Object(
  {
    issuer: Type.String({
      description: "The provider's issuer: https://login.example.com/realms/works",
      pattern: "^https?://",
      maxLength: 400,
    }),
    clientId: Type.String({
      description: "As the provider registered Interlock.",
      minLength: 1,
      maxLength: 200,
    }),
    clientSecret: Type.Optional(
      Type.String({ description: "${NAME} or ${file:/path}; absent for a public client.", maxLength: 400 }),
    ),
    label: Type.Optional(
      Type.String({
        description: "What stands on the button; the issuer's host unless told.",
        minLength: 1,
        maxLength: 80,
      }),
    ),
    scopes: Type.Optional(
      Type.Array(Type.String({ description: "A scope.", pattern: "^[!#-\\[\\]-~]+$", maxLength: 100 }), {
        description: "openid, profile and email unless told; many providers want one more for groups.",
        maxItems: 20,
      }),
    ),
    accountClaim: Type.Optional(
      Type.String({
        description: "The claim that names the account, in small letters; preferred_username unless told.",
        minLength: 1,
        maxLength: 100,
      }),
    ),
    groupsClaim: Type.Optional(
      Type.String({
        description: "The claim that lists the groups; groups unless told.",
        minLength: 1,
        maxLength: 100,
      }),
    ),
    grants: Type.Array(grant, {
      description: "What groups give. Who is in none of them cannot sign in.",
      minItems: 1,
      maxItems: 500,
    }),
  },
  { description: "Sign-in by OpenID Connect.", ...closed },
);

/** `access` of interlock.yaml. */
export const ACCESS_SCHEMA = Type.Object(
  {
    publicUrl: Type.Optional(
      Type.String({
        description:
          "Where browsers reach the hub: https://interlock.example.com. Needed for OpenID Connect.",
        pattern: "^https?://[^/?#]+/?$",
        maxLength: 300,
      }),
    ),
    proxies: Type.Optional(
      Type.Integer({
        description: "How many reverse proxies stand in front of the hub; their X-Forwarded-For is believed.",
        minimum: 0,
        maximum: 5,
      }),
    ),
    passwords: Type.Optional(
      Type.Boolean({ description: "false: nobody signs in with a password; true unless told." }),
    ),
    signOutIdle: Type.Optional(
      Type.String({
        description: "A session ends when nothing was asked for so long; 1h unless told.",
        pattern: DURATION,
        maxLength: 7,
      }),
    ),
    signOutAfter: Type.Optional(
      Type.String({
        description: "A session ends in any case; 12h unless told.",
        pattern: DURATION,
        maxLength: 7,
      }),
    ),
    oidc: Type.Optional(oidc),
  },
  { description: "How people sign in; docs/access.md explains it.", ...closed },
);

export type AccessFile = Static<typeof ACCESS_SCHEMA>;

type Say = (pointer: string, message: string) => void;

/** @param say is told what does not fit, by pointer into `access` */
export function readAccess(
  given: AccessFile | undefined,
  environment: Environment | null,
  plants: ReadonlyMap<string, unknown>,
  say: Say,
): AccessConfig {
  if (given === undefined) return ACCESS_DEFAULTS;
  const { publicUrl, proxies, passwords, signOutIdle, signOutAfter } = given;
  const provider = given.oidc && readProvider(given.oidc, environment, plants, say);
  if (provider && publicUrl === undefined)
    say("/oidc", "needs access.publicUrl: the provider sends the browser back there");
  if (passwords === false && !provider) say("/passwords", "nobody could sign in: there is no oidc either");
  return {
    ...(publicUrl !== undefined && { publicUrl: publicUrl.replace(/\/$/, "") }),
    proxies: proxies ?? ACCESS_DEFAULTS.proxies,
    passwords: passwords ?? ACCESS_DEFAULTS.passwords,
    idleMs: signOutIdle === undefined ? ACCESS_DEFAULTS.idleMs : durationMs(signOutIdle),
    lifetimeMs: signOutAfter === undefined ? ACCESS_DEFAULTS.lifetimeMs : durationMs(signOutAfter),
    ...(provider && { provider }),
  };
}

function readProvider(
  given: NonNullable<AccessFile["oidc"]>,
  environment: Environment | null,
  plants: ReadonlyMap<string, unknown>,
  say: Say,
): ProviderConfig | undefined {
  const { issuer, clientId, clientSecret, label, scopes, accountClaim, groupsClaim, grants } = given;
  if (!URL.canParse(issuer)) {
    say("/oidc/issuer", "is no URL");
    return undefined;
  }
  const { protocol, hostname, host } = new URL(issuer);
  if (protocol === "http:" && !["127.0.0.1", "localhost", "[::1]"].includes(hostname))
    say("/oidc/issuer", "must be https: over http anybody between could be the provider");
  const secret = clientSecret === undefined ? undefined : readSecret(clientSecret, environment);
  if (secret?.problem !== undefined) say("/oidc/clientSecret", secret.problem);
  for (const [n, { plants: named = [], roles }] of grants.entries()) {
    for (const plant of named)
      if (!plants.has(plant)) say(`/oidc/grants/${n}/plants`, `there is no plant "${plant}" under plants`);
    for (const role of roles)
      if (roleOf(role).needsPlants && named.length === 0)
        say(`/oidc/grants/${n}`, `the role ${role} is for some plants: name them`);
  }
  return {
    issuer,
    clientId,
    ...(secret?.value !== undefined && { clientSecret: secret.value }),
    label: label ?? host,
    scopes: [...new Set(["openid", ...(scopes ?? ["profile", "email"])])],
    accountClaim: accountClaim ?? "preferred_username",
    groupsClaim: groupsClaim ?? "groups",
    grants: grants.map(({ group, roles, plants: named }) => ({
      group,
      roles,
      ...(named && { plants: named }),
    })),
  };
}
