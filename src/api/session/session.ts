import type { FastifyRequest } from "fastify";
import { type Static, Type } from "typebox";

import { csrfTokenOf } from "../../access/secret.ts";
import type { AccessConfig } from "../../access/config.ts";
import { WAYS } from "../../access/session/queries.ts";
import type { OpenSession } from "../../access/session/session.ts";
import type { Principal } from "../../access/principal.ts";
import { roleOf, ROLE_NAMES } from "../../access/role.ts";
import { ALL_PERMISSIONS } from "../../access/permission.ts";
import { readCookie } from "../cookie.ts";
import { nullable, oneOf, TIME } from "../schema.ts";

export const SESSION = Type.Object({
  account: Type.String({ description: "Stands as actor in the ledger for all that is done." }),
  name: Type.String(),
  kind: oneOf(["person", "service", "automation"]),
  roles: Type.Array(Type.Object({ name: oneOf(ROLE_NAMES), title: Type.String() })),
  permissions: Type.Array(oneOf(ALL_PERMISSIONS), {
    description: "What it may; every route names the one it needs.",
  }),
  plants: nullable(
    Type.Array(Type.String(), { description: "All it sees and does is limited to these; null: no limit." }),
  ),
  teams: Type.Array(Type.String(), { description: "The teams whose cases it settles; `all` of them." }),
  decides: Type.Array(Type.String(), { description: "The decisions it may tell; `all` of them." }),
  way: nullable(oneOf(WAYS, "How it signed in; null for a token.")),
  expiresAt: nullable(Type.String({ ...TIME, description: "When the session ends in any case." })),
  passwordMissing: Type.Boolean({
    description: "It came by a link and has no password: it should set one (PUT /v1/session/password).",
  }),
  csrfToken: nullable(
    Type.String({
      description: "To be sent as x-csrf-token with everything that is no GET; null for a token.",
    }),
  ),
});

export type SessionAnswer = Static<typeof SESSION>;

export function showSession(
  principal: Principal & Partial<OpenSession>,
  secret: string | undefined,
): SessionAnswer {
  const { account, name, kind, roles, permissions, plants, way, expiresAt, hasPassword } = principal;
  const each = roles.map(roleOf);
  return {
    account,
    name,
    kind,
    roles: roles.map((role) => ({ name: role, title: roleOf(role).title })),
    permissions: [...permissions],
    plants: plants === undefined ? null : [...plants],
    teams: unionOf(each.map(({ teams }) => teams)),
    decides: unionOf(each.map(({ decides }) => decides)),
    way: way ?? null,
    expiresAt: expiresAt ?? null,
    passwordMissing: way === "link" && hasPassword === false,
    csrfToken: secret === undefined || way === undefined ? null : csrfTokenOf(secret),
  };
}

/** The secret of the session that the request came with. */
export function sessionSecretOf(request: FastifyRequest, access: AccessConfig): string | undefined {
  return request.principal?.session === undefined ? undefined : readCookie(request, "session", access);
}

function unionOf(lists: readonly (readonly string[] | "all")[]): string[] {
  return lists.includes("all") ? ["all"] : [...new Set(lists.flat())];
}
