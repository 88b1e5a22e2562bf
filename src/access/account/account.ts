import { type Client, type Pool, transaction } from "../../db/pool.ts";
import { AccessError } from "../errors.ts";
import { type Author, tellRights } from "../rights-event.ts";
import { isRoleName, ROLE_NAMES, type RoleName, roleOf } from "../role.ts";
import { checkPassword, hashPassword } from "./password.ts";
import {
  type AccountRow,
  insertAccount,
  type NewAccount,
  selectAccount,
  selectOtherAdmin,
  updateDisabled,
  updatePassword,
  updateRights,
  updateUnlocked,
} from "./queries.ts";

/** The names that rights may point to. */
export interface Places {
  readonly plants: ReadonlyMap<string, unknown>;
  readonly systems: ReadonlyMap<string, unknown>;
}

export type Rights = Pick<NewAccount, "name" | "roles" | "plants" | "system">;

const ID = /^[a-z0-9][a-z0-9._@+-]{0,99}$/;

/** @throws AccessError ACCOUNT_INVALID, with what does not fit */
export function checkRights(
  kind: NewAccount["kind"],
  { roles, plants, system }: Rights,
  places: Places,
): void {
  const invalid = (message: string) => new AccessError("ACCOUNT_INVALID", message);
  if (kind === "service") {
    if (system === null || !places.systems.has(system))
      throw invalid(`a service account stands for a system of interlock.yaml, not for ${system ?? "none"}`);
    if (roles.length > 0 || plants !== null)
      throw invalid("a service account has no roles and no plants: it tells the events of its system");
    return;
  }
  if (system !== null) throw invalid("only a service account stands for a system");
  for (const role of roles)
    if (!isRoleName(role)) throw invalid(`there is no role ${role}, only ${ROLE_NAMES.join(", ")}`);
  for (const plant of plants ?? [])
    if (!places.plants.has(plant))
      throw invalid(`there is no plant ${plant}, only ${[...places.plants.keys()].join(", ") || "none"}`);
  if (plants?.length === 0) throw invalid("an empty list of plants would hide everything; leave it out");
  for (const role of roles)
    if (roleOf(role as RoleName).needsPlants && plants === null)
      throw invalid(`the role ${role} is for some plants: name them`);
}

/** @throws AccessError ACCOUNT_INVALID or ACCOUNT_TAKEN */
export async function createAccount(
  pool: Pool,
  account: NewAccount,
  places: Places,
  author: Author,
): Promise<AccountRow> {
  if (!ID.test(account.id)) {
    throw new AccessError(
      "ACCOUNT_INVALID",
      `an account's id is of small letters, digits and . _ @ + -, at most 100, not ${JSON.stringify(account.id.slice(0, 120))}`,
    );
  }
  checkRights(account.kind, account, places);
  return transaction(pool, async (client) => {
    if (!(await insertAccount(client, account)))
      throw new AccessError("ACCOUNT_TAKEN", `there is an account ${account.id} already`);
    await tellRights(client, { account: account.id, change: "created", ...rightsTold(account) }, author);
    return (await selectAccount(client, account.id))!;
  });
}

/** @throws AccessError ACCOUNT_UNKNOWN, ACCOUNT_MOVED, ACCOUNT_INVALID or ACCOUNT_LAST_ADMIN */
export async function changeRights(
  pool: Pool,
  id: string,
  { version, ...rights }: Rights & { readonly version: number },
  places: Places,
  author: Author,
): Promise<AccountRow> {
  return transaction(pool, async (client) => {
    const found = await knownAccount(client, id);
    checkRights(found.kind, rights, places);
    if (found.roles.includes("admin") && !rights.roles.includes("admin")) await requireOtherAdmin(client, id);
    if (!(await updateRights(client, id, version, rights)))
      throw new AccessError(
        "ACCOUNT_MOVED",
        `${id} had version ${version} when you looked and has ${found.version} now`,
      );
    await tellRights(client, { account: id, change: "rights", ...rightsTold(rights) }, author);
    return (await selectAccount(client, id))!;
  });
}

/** A disabled account keeps its history and can do nothing, its sessions and tokens neither. */
export async function setDisabled(
  pool: Pool,
  id: string,
  disabled: boolean,
  author: Author,
): Promise<AccountRow> {
  return transaction(pool, async (client) => {
    const found = await knownAccount(client, id);
    if (disabled && found.roles.includes("admin")) await requireOtherAdmin(client, id);
    if (await updateDisabled(client, id, disabled))
      await tellRights(client, { account: id, change: disabled ? "disabled" : "enabled" }, author);
    return (await selectAccount(client, id))!;
  });
}

export async function unlockAccount(pool: Pool, id: string, author: Author): Promise<AccountRow> {
  return transaction(pool, async (client) => {
    await knownAccount(client, id);
    await updateUnlocked(client, id);
    await tellRights(client, { account: id, change: "unlocked" }, author);
    return (await selectAccount(client, id))!;
  });
}

/** @throws AccessError PASSWORD_WEAK */
export async function setPassword(pool: Pool, id: string, password: string, author: Author): Promise<void> {
  checkPassword(password, id);
  const hash = await hashPassword(password);
  await transaction(pool, async (client) => {
    await updatePassword(client, id, hash);
    await tellRights(client, { account: id, change: "password-set" }, author);
  });
}

/** @throws AccessError ACCOUNT_UNKNOWN */
export async function knownAccount(on: Pool | Client, id: string): Promise<AccountRow> {
  const found = await selectAccount(on, id);
  if (!found) throw new AccessError("ACCOUNT_UNKNOWN", `there is no account ${id}`);
  return found;
}

async function requireOtherAdmin(client: Client, id: string): Promise<void> {
  if (!(await selectOtherAdmin(client, id)))
    throw new AccessError("ACCOUNT_LAST_ADMIN", `${id} is the last account with the role admin`);
}

function rightsTold({ roles, plants, system }: Omit<Rights, "name">) {
  return {
    roles: [...roles],
    ...(plants !== null && { plants: [...plants] }),
    ...(system !== null && { system }),
  };
}
