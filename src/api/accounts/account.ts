import { type Static, Type } from "typebox";

import type { AccountRow } from "../../access/account/queries.ts";
import { WAYS } from "../../access/session/queries.ts";
import { TOKEN } from "../tokens/token.ts";
import { nullable, oneOf, TIME } from "../schema.ts";

const AT = nullable(TIME);

export const ACCOUNT = Type.Object({
  id: Type.String(),
  kind: oneOf(["person", "service"]),
  name: Type.String(),
  roles: Type.Array(Type.String()),
  plants: nullable(Type.Array(Type.String(), { description: "It is limited to these; null: no limit." })),
  system: nullable(Type.String({ description: "Of a service account: the system whose events it tells." })),
  issuer: nullable(Type.String({ description: "The provider that vouches for it and says its roles." })),
  hasPassword: Type.Boolean(),
  lockedUntil: nullable(Type.String({ ...TIME, description: "After too many wrong passwords." })),
  disabledAt: AT,
  createdAt: TIME,
  signedInAt: AT,
  version: Type.Integer({ description: "To be sent back with a change of its rights." }),
});

export const ACCOUNT_DETAIL = Type.Object({
  ...ACCOUNT.properties,
  sessions: Type.Array(
    Type.Object({ id: Type.String(), way: oneOf(WAYS), beganAt: TIME, seenAt: TIME, expiresAt: TIME }),
  ),
  tokens: Type.Array(TOKEN),
});

export function showAccount(row: AccountRow): Static<typeof ACCOUNT> {
  return { ...row, roles: [...row.roles], plants: row.plants && [...row.plants] };
}
