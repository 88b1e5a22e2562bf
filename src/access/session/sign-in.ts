import type { Pool } from "../../db/pool.ts";
import { isPassword } from "../account/password.ts";
import { recordFailure, selectPassword } from "../account/queries.ts";
import { AccessError } from "../errors.ts";
import { tellRights } from "../rights-event.ts";

/** Five mistakes are free; then one has to wait: half a minute, a minute, two, ... an hour. */
const LOCK = { free: 5, firstSeconds: 30, mostSeconds: 3_600 };

/**
 * Whether it is the account's password. What is wrong is not told: neither whether there is such an account, nor by how long it takes.
 * @throws AccessError SIGN_IN_REFUSED or SIGN_IN_LOCKED
 */
export async function checkSignIn(pool: Pool, account: string, password: string): Promise<void> {
  const found = await selectPassword(pool, account);
  if (found !== undefined && found.waitSeconds > 0) throw locked(account, found.waitSeconds);
  if ((await isPassword(password, found?.password)) && !found!.disabled) return;
  const failed = found?.password ? await recordFailure(pool, account, LOCK) : undefined;
  if (failed?.failures === LOCK.free) {
    const reason = `${LOCK.free} wrong passwords in a row`;
    await tellRights(pool, { account, change: "locked" }, { actor: "interlock", reason });
  }
  throw new AccessError("SIGN_IN_REFUSED", "account and password do not fit", found && { account });
}

function locked(account: string, seconds: number): AccessError {
  return new AccessError("SIGN_IN_LOCKED", `${account} is locked for ${seconds} s`, {
    retryAfterSeconds: seconds,
    account,
  });
}
