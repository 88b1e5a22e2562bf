import { createAccount } from "../../access/account/account.ts";
import type { RoleName } from "../../access/role.ts";
import { csrfTokenOf } from "../../access/secret.ts";
import { openSession } from "../../access/session/session.ts";
import { makeToken } from "../../access/token/api-token.ts";
import type { TestApi } from "./app.ts";

const AUTHOR = { actor: "test", reason: "for this test" };

export type Headers = Readonly<Record<string, string>>;

/** What a page of somebody with these roles sends along. */
export async function visit(
  { database: { pool }, context }: TestApi,
  id: string,
  roles: readonly RoleName[],
  plants: readonly string[] | null = null,
): Promise<Headers> {
  const places = { plants: new Map((plants ?? []).map((plant) => [plant, {}])), systems: context.systems };
  await createAccount(pool, { id, kind: "person", name: id, roles, plants, system: null }, places, AUTHOR);
  const secret = await openSession(pool, id, "link", context.access);
  return { cookie: `interlock-session=${secret}`, "x-csrf-token": csrfTokenOf(secret) };
}

/** What a system sends along that tells its own events. */
export async function serve({ database: { pool }, context }: TestApi, system: string): Promise<Headers> {
  const account = {
    id: `${system}-service`,
    kind: "service",
    name: system,
    roles: [],
    plants: null,
    system,
  } as const;
  await createAccount(pool, account, { plants: new Map(), systems: context.systems }, AUTHOR);
  const { secret } = await makeToken(pool, { account: account.id, name: "push", days: 1 }, AUTHOR);
  return { authorization: `Bearer ${secret}` };
}
