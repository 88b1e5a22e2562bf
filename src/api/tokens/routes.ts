import { Type } from "typebox";

import { ALL_PERMISSIONS } from "../../access/permission.ts";
import type { Principal } from "../../access/principal.ts";
import { endToken, makeToken } from "../../access/token/api-token.ts";
import { selectTokensOf } from "../../access/token/queries.ts";
import { principalOf } from "../access.ts";
import { WORD, wordOf } from "../person.ts";
import { Problem } from "../problem.ts";
import { defineRoutes } from "../route.ts";
import { oneOf, strictObject, text } from "../schema.ts";
import { showToken, TOKEN } from "./token.ts";

const LONGEST_DAYS = 366;

export default defineRoutes((api, { pool }) => {
  api.get(
    "/v1/tokens",
    {
      config: { access: "token.own" },
      schema: {
        tags: ["access"],
        summary: "API tokens of one's own account, or of another for who administers accounts",
        querystring: strictObject({ account: Type.Optional(text("Another account.", 100)) }),
        response: { 200: Type.Object({ items: Type.Array(TOKEN) }) },
      },
    },
    async (request) => {
      const account = accountFor(principalOf(request), request.query.account);
      return { items: (await selectTokensOf(pool, account)).map(showToken) };
    },
  );

  api.post(
    "/v1/tokens",
    {
      config: { access: "token.own" },
      schema: {
        tags: ["access"],
        summary: "Make an API token",
        description:
          "It carries some of the account's permissions, for some time. `token` is shown this once. For a service account it is the credential.",
        body: strictObject({
          account: Type.Optional(text("Another account, for who administers accounts.", 100)),
          name: text("What it is for.", 100),
          permissions: Type.Optional(
            Type.Array(oneOf(ALL_PERMISSIONS), {
              minItems: 1,
              maxItems: ALL_PERMISSIONS.length,
              description: "As few as it needs. All that the account may, unless told.",
            }),
          ),
          days: Type.Integer({ minimum: 1, maximum: LONGEST_DAYS, description: "How long it holds." }),
          ...WORD,
        }),
        response: {
          200: Type.Object({ ...TOKEN.properties, token: Type.String({ description: "Shown this once." }) }),
        },
      },
    },
    async (request) => {
      const { account, name, permissions, days, ...said } = request.body;
      const whose = accountFor(principalOf(request), account);
      const made = await makeToken(pool, { account: whose, name, permissions, days }, wordOf(request, said));
      return { ...showToken(made), token: made.secret };
    },
  );

  api.post(
    "/v1/tokens/:id/revoke",
    {
      config: { access: "token.own" },
      schema: {
        tags: ["access"],
        summary: "End an API token at once",
        params: strictObject({ id: text("The token's id.", 40) }),
        body: strictObject(WORD),
        response: { 200: Type.Object({ id: Type.String() }) },
      },
    },
    async (request) => {
      const { account, permissions } = principalOf(request);
      const whose = permissions.has("account.admin") ? null : account;
      await endToken(pool, request.params.id, whose, wordOf(request, request.body));
      return { id: request.params.id };
    },
  );
});

/** One's own, or with the right to administer accounts any. @throws Problem PERMISSION_MISSING */
function accountFor({ account, permissions }: Principal, asked: string | undefined): string {
  if (asked === undefined || asked === account) return account;
  if (permissions.has("account.admin")) return asked;
  const detail = `tokens of ${asked} need the permission account.admin, which ${account} has not`;
  throw new Problem(403, "PERMISSION_MISSING", detail);
}
