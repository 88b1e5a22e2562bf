import { type Static, Type } from "typebox";

import type { TokenRow } from "../../access/token/queries.ts";
import { nullable, TIME } from "../schema.ts";

export const TOKEN = Type.Object({
  id: Type.String(),
  account: Type.String(),
  name: Type.String({ description: "What it is for, in its maker's words." }),
  permissions: Type.Array(Type.String(), { description: "What it carries of the account's permissions." }),
  madeAt: TIME,
  expiresAt: TIME,
  usedAt: nullable(Type.String({ ...TIME, description: "Last used, to the minute; null: never." })),
  revokedAt: nullable(TIME),
});

export function showToken(row: TokenRow): Static<typeof TOKEN> {
  return { ...row, permissions: [...row.permissions] };
}
