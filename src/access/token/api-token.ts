import { type Pool, transaction } from "../../db/pool.ts";
import { AccessError } from "../errors.ts";
import { isPermission, type Permission } from "../permission.ts";
import { permissionsOf, type Principal } from "../principal.ts";
import { type Author, tellRights } from "../rights-event.ts";
import { isRoleName } from "../role.ts";
import { makeId, makeSecret, secretHash } from "../secret.ts";
import { knownAccount } from "../account/account.ts";
import { insertToken, revokeToken, selectTokenHolder, type TokenRow } from "./queries.ts";

/** So that one is recognised where it should not be: in a log, in a repository. */
export const TOKEN_PREFIX = "interlock_";

export interface TokenRequest {
  readonly account: string;
  readonly name: string;
  /** All that the account may, unless told. */
  readonly permissions?: readonly string[] | undefined;
  readonly days: number;
}

/**
 * @returns the row, and the token itself: it is shown this once and kept nowhere
 * @throws AccessError ACCOUNT_UNKNOWN or TOKEN_SCOPE
 */
export async function makeToken(
  pool: Pool,
  { account, name, permissions, days }: TokenRequest,
  author: Author,
): Promise<TokenRow & { readonly secret: string }> {
  const secret = TOKEN_PREFIX + makeSecret();
  return transaction(pool, async (client) => {
    const { roles, system } = await knownAccount(client, account);
    const may = permissionsOf(roles.filter(isRoleName), system ?? undefined);
    const beyond = permissions?.filter((each) => !may.has(each as Permission)) ?? [];
    if (beyond.length > 0)
      throw new AccessError("TOKEN_SCOPE", `${account} itself may not ${beyond.join(", ")}`);
    // Who holds a token could make themselves others with this, and what is revoked would live on in them.
    const scope = (permissions ?? [...may]).filter((each) => each !== "token.own");
    const row = await insertToken(client, {
      secretHash: secretHash(secret),
      id: makeId(),
      account,
      name,
      permissions: scope,
      days,
    });
    await tellRights(client, { account, change: "token-made", token: row.id, permissions: scope }, author);
    return { ...row, secret };
  });
}

/** @param account whose it must be; null: anybody's. @throws AccessError TOKEN_UNKNOWN */
export async function endToken(
  pool: Pool,
  id: string,
  account: string | null,
  author: Author,
): Promise<void> {
  await transaction(pool, async (client) => {
    const holder = await revokeToken(client, id, account);
    if (holder === undefined)
      throw new AccessError("TOKEN_UNKNOWN", `there is no token ${id} that still holds`);
    await tellRights(client, { account: holder, change: "token-revoked", token: id }, author);
  });
}

/** Who shows this token: what the account may now, as far as the token was made for it. */
export async function holderOf(pool: Pool, token: string): Promise<Principal | undefined> {
  if (!token.startsWith(TOKEN_PREFIX)) return undefined;
  const found = await selectTokenHolder(pool, secretHash(token));
  if (!found) return undefined;
  const roles = found.roles.filter(isRoleName);
  const may = permissionsOf(roles, found.system ?? undefined);
  const { account, kind, name, plants, system } = found;
  return {
    account,
    kind,
    name,
    roles,
    permissions: new Set(found.permissions.filter(isPermission).filter((each) => may.has(each))),
    plants: plants ?? undefined,
    token: found.token,
    ...(system !== null && { system }),
  };
}
