import { AccessError } from "../errors.ts";
import type { ProviderConfig } from "../config.ts";
import type { RoleName } from "../role.ts";

/** Who the provider says it is, and what its groups give here. */
export interface Identity {
  readonly subject: string;
  readonly account: string;
  readonly name: string;
  readonly roles: readonly RoleName[];
  readonly plants: readonly string[] | null;
}

/**
 * Of several groups all roles count. Plants limit the whole account: as soon as one group that counts names plants, it is
 * limited to those that were named, so that a second group never widens what the first one meant to be narrow.
 * @throws AccessError SIGN_IN_REFUSED without a usable account name, or when no group of the person gives anything
 */
export function identityOf(
  claims: Readonly<Record<string, unknown>>,
  { accountClaim, groupsClaim, grants }: ProviderConfig,
): Identity {
  const subject = String(claims["sub"]);
  const named = claims[accountClaim];
  const account = typeof named === "string" ? named.toLowerCase() : "";
  if (!/^[a-z0-9][a-z0-9._@+-]{0,99}$/.test(account)) {
    throw new AccessError(
      "SIGN_IN_REFUSED",
      `the provider's claim ${accountClaim} gives no name that an account can have`,
    );
  }
  const groups = listOf(claims[groupsClaim]);
  const given = grants.filter(({ group }) => groups.includes(group));
  if (given.length === 0) {
    const detail = `${account} is in no group that may work with Interlock (claim ${groupsClaim})`;
    throw new AccessError("SIGN_IN_REFUSED", detail, { account });
  }
  const plants = [...new Set(given.flatMap((grant) => grant.plants ?? []))].toSorted();
  return {
    subject,
    account,
    name: typeof claims["name"] === "string" ? claims["name"].slice(0, 200) : account,
    roles: [...new Set(given.flatMap(({ roles }) => roles))].toSorted(),
    plants: plants.length > 0 ? plants : null,
  };
}

/** Providers send one group as text. */
function listOf(claim: unknown): readonly unknown[] {
  if (Array.isArray(claim)) return claim;
  return claim === undefined ? [] : [claim];
}
