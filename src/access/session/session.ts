import type { Pool } from "../../db/pool.ts";
import { permissionsOf, type Principal } from "../principal.ts";
import { isRoleName } from "../role.ts";
import { makeId, makeSecret, secretHash } from "../secret.ts";
import { recordSignIn } from "../account/queries.ts";
import { insertSession, selectSession, type Way } from "./queries.ts";

export interface SessionTimes {
  /** Ends when nothing was asked for so long. */
  readonly idleMs: number;
  /** Ends in any case. */
  readonly lifetimeMs: number;
}

/** @returns the secret for the cookie: it is kept nowhere else */
export async function openSession(
  pool: Pool,
  account: string,
  way: Way,
  { lifetimeMs }: SessionTimes,
): Promise<string> {
  const secret = makeSecret();
  await insertSession(pool, { secretHash: secretHash(secret), id: makeId(), account, way }, lifetimeMs);
  await recordSignIn(pool, account);
  return secret;
}

export interface OpenSession extends Principal {
  readonly session: string;
  readonly way: Way;
  readonly expiresAt: string;
  readonly hasPassword: boolean;
}

/** Whose session it is, with the rights of this moment; undefined when it has ended or never was. */
export async function resumeSession(
  pool: Pool,
  secret: string,
  { idleMs }: SessionTimes,
): Promise<OpenSession | undefined> {
  const found = await selectSession(pool, secretHash(secret), idleMs);
  if (!found) return undefined;
  const { session, way, expiresAt, account, name, plants, hasPassword } = found;
  const roles = found.roles.filter(isRoleName);
  return {
    account,
    kind: "person",
    name,
    roles,
    permissions: permissionsOf(roles),
    plants: plants ?? undefined,
    session,
    way,
    expiresAt,
    hasPassword,
  };
}
