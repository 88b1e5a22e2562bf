import { type Pool, transaction } from "../../db/pool.ts";
import { createAccount, knownAccount, type Places } from "../account/account.ts";
import { selectAccount, selectAnyPerson } from "../account/queries.ts";
import { AccessError } from "../errors.ts";
import { type Author, tellRights } from "../rights-event.ts";
import { makeSecret, secretHash } from "../secret.ts";
import { type RoleName, roleOf } from "../role.ts";
import { insertLink, takeLink } from "./queries.ts";

/** A link is for the one who asked, now. */
export const LINK_MS = 30 * 60_000;

/** The account that the first link signs in. */
export const FIRST_ADMIN: RoleName = "admin";

/** @returns the secret that signs in once. @throws AccessError ACCOUNT_UNKNOWN */
export async function makeLink(pool: Pool, account: string, author: Author): Promise<string> {
  const secret = makeSecret();
  await transaction(pool, async (client) => {
    const found = await knownAccount(client, account);
    if (found.kind === "service")
      throw new AccessError("ACCOUNT_INVALID", `${account} is a service account: nobody signs in as it`);
    await insertLink(client, secretHash(secret), account, LINK_MS);
    await tellRights(client, { account, change: "link-made" }, author);
  });
  return secret;
}

/** For a look around: an account that is called as its role is, made when it is not there. */
export async function ensureAccountOfRole(
  pool: Pool,
  role: RoleName,
  places: Places,
  author: Author,
): Promise<string> {
  if (await selectAccount(pool, role)) return role;
  const plants = roleOf(role).needsPlants ? [...places.plants.keys()] : null;
  const account = {
    id: role,
    kind: "person",
    name: roleOf(role).title,
    roles: [role],
    plants,
    system: null,
  } as const;
  await createAccount(pool, account, places, author).catch((error: unknown) => {
    // Another hub of this start was quicker.
    if (!(error instanceof AccessError) || error.code !== "ACCOUNT_TAKEN") throw error;
  });
  return role;
}

/** A hub that knows nobody yet makes its first administrator. @returns the secret of the link; undefined when somebody is known */
export async function makeFirstLink(pool: Pool, places: Places): Promise<string | undefined> {
  if (await selectAnyPerson(pool)) return undefined;
  const author: Author = { actor: "interlock", reason: "the first start: nobody could sign in yet" };
  await ensureAccountOfRole(pool, FIRST_ADMIN, places, author);
  return makeLink(pool, FIRST_ADMIN, author);
}

/** @returns the account that it signs in. @throws AccessError SIGN_IN_LINK_SPENT */
export async function spendLink(pool: Pool, secret: string): Promise<string> {
  const account = await takeLink(pool, secretHash(secret));
  if (account === undefined) throw new AccessError("SIGN_IN_LINK_SPENT", "this link signs nobody in");
  return account;
}
