import { type Pool, transaction } from "../../db/pool.ts";
import { selectAccount, selectAccountOfIssuer, insertAccount, updateRights } from "../account/queries.ts";
import { AccessError } from "../errors.ts";
import { tellRights } from "../rights-event.ts";
import type { Identity } from "./claims.ts";

/**
 * The account of somebody whom the provider vouches for, made at the first sign-in. Its rights are what the groups give at
 * each sign-in: the provider is where they are kept.
 * @throws AccessError SIGN_IN_REFUSED when the account is disabled, or its name is another's
 */
export async function receive(pool: Pool, issuer: string, identity: Identity): Promise<string> {
  const { subject, account, name, roles, plants } = identity;
  return transaction(pool, async (client) => {
    const author = { actor: account, reason: `groups at ${issuer}` };
    const rights = { roles: [...roles], ...(plants !== null && { plants: [...plants] }) };
    const found = await selectAccountOfIssuer(client, issuer, subject);
    if (found === undefined) {
      const made = {
        id: account,
        kind: "person",
        name,
        roles,
        plants,
        system: null,
        issuer,
        subject,
      } as const;
      // Whoever has the name already is somebody else: by the name alone nobody takes an account over.
      if ((await selectAccount(client, account)) || !(await insertAccount(client, made)))
        throw new AccessError("SIGN_IN_REFUSED", `the account ${account} belongs to somebody else`, {
          account,
        });
      await tellRights(client, { account, change: "created", ...rights }, author);
      return account;
    }
    if (found.disabledAt !== null)
      throw new AccessError("SIGN_IN_REFUSED", `${found.id} is disabled`, { account: found.id });
    const differs =
      JSON.stringify([found.roles.toSorted(), found.plants?.toSorted() ?? null]) !==
      JSON.stringify([roles, plants]);
    if (differs || found.name !== name)
      await updateRights(client, found.id, found.version, { name, roles, plants, system: null });
    if (differs) await tellRights(client, { account: found.id, change: "rights", ...rights }, author);
    return found.id;
  });
}
