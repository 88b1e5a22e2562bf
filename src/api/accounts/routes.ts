import { Type } from "typebox";

import {
  changeRights,
  createAccount,
  knownAccount,
  setDisabled,
  unlockAccount,
} from "../../access/account/account.ts";
import { selectAccounts } from "../../access/account/queries.ts";
import { PERMISSIONS } from "../../access/permission.ts";
import { tellRights } from "../../access/rights-event.ts";
import { ROLE_NAMES, roleOf } from "../../access/role.ts";
import { deleteSessionsOf, selectSessionsOf } from "../../access/session/queries.ts";
import { selectTokensOf } from "../../access/token/queries.ts";
import { answerPage, PAGE_QUERY, pageOf, readPage } from "../page.ts";
import { WORD, wordOf } from "../person.ts";
import { defineRoutes } from "../route.ts";
import { nullable, oneOf, strictObject, text } from "../schema.ts";
import { showToken } from "../tokens/token.ts";
import { ACCOUNT, ACCOUNT_DETAIL, showAccount } from "./account.ts";

const ID = strictObject({ id: text("The account's id.", 100) });
const RIGHTS = {
  name: text("For people.", 200),
  roles: Type.Array(oneOf(ROLE_NAMES), { maxItems: ROLE_NAMES.length, uniqueItems: true }),
  plants: Type.Optional(
    nullable(
      Type.Array(text("A plant of interlock.yaml.", 40), {
        minItems: 1,
        maxItems: 500,
        uniqueItems: true,
        description: "Limits all it sees and does; null or absent: no limit.",
      }),
    ),
  ),
  system: Type.Optional(nullable(text("Of a service account: its system.", 60))),
};
const ACTIONS = ["disable", "enable", "unlock", "sign-out"] as const;

const CURSOR = Type.String();

export default defineRoutes((api, { pool, project, systems }) => {
  const places = { plants: project.plants, systems };

  api.get(
    "/v1/roles",
    {
      config: { access: "signed-in" },
      schema: {
        tags: ["access"],
        summary: "Every role with what it may, and every permission in words",
        response: {
          200: Type.Object({
            items: Type.Array(
              Type.Object({
                name: oneOf(ROLE_NAMES),
                title: Type.String(),
                permissions: Type.Array(Type.String()),
                needsPlants: Type.Boolean(),
              }),
            ),
            permissions: Type.Record(Type.String(), Type.String()),
          }),
        },
      },
    },
    async () => ({
      items: ROLE_NAMES.map((name) => {
        const { title, may, needsPlants = false } = roleOf(name);
        return { name, title, permissions: [...may], needsPlants };
      }),
      permissions: { ...PERMISSIONS },
    }),
  );

  api.get(
    "/v1/accounts",
    {
      config: { access: "account.admin" },
      schema: {
        tags: ["access"],
        summary: "Accounts, by id",
        querystring: strictObject(PAGE_QUERY),
        response: { 200: pageOf(ACCOUNT) },
      },
    },
    async ({ query }) => {
      const { after, limit } = readPage(query, CURSOR);
      return answerPage(await selectAccounts(pool, after, limit + 1), limit, ({ id }) => id, showAccount);
    },
  );

  api.post(
    "/v1/accounts",
    {
      config: { access: "account.admin" },
      schema: {
        tags: ["access"],
        summary: "Make an account",
        description:
          "A person signs in first by a link (POST /v1/sign-in-links) and sets a password. A service account gets a token (POST /v1/tokens).",
        body: strictObject({
          id: text("anna.keller", 100),
          kind: oneOf(["person", "service"]),
          ...RIGHTS,
          ...WORD,
        }),
        response: { 200: ACCOUNT },
      },
    },
    async (request) => {
      const { plants = null, system = null, actor: _actor, reason: _reason, ...account } = request.body;
      const author = wordOf(request, request.body);
      return showAccount(await createAccount(pool, { ...account, plants, system }, places, author));
    },
  );

  api.get(
    "/v1/accounts/:id",
    {
      config: { access: "account.admin" },
      schema: {
        tags: ["access"],
        summary: "One account with its sessions and tokens",
        params: ID,
        response: { 200: ACCOUNT_DETAIL },
      },
    },
    async ({ params: { id } }) => {
      const found = await knownAccount(pool, id);
      const [sessions, tokens] = await Promise.all([selectSessionsOf(pool, id), selectTokensOf(pool, id)]);
      return { ...showAccount(found), sessions, tokens: tokens.map(showToken) };
    },
  );

  api.put(
    "/v1/accounts/:id/rights",
    {
      config: { access: "account.admin" },
      schema: {
        tags: ["access"],
        summary: "Give an account other roles or plants",
        description:
          "They hold from its next request on. What a provider vouches for, its groups say again at the next sign-in.",
        params: ID,
        body: strictObject({
          version: Type.Integer({ minimum: 1, description: "As you saw it." }),
          ...RIGHTS,
          ...WORD,
        }),
        response: { 200: ACCOUNT },
      },
    },
    async (request) => {
      const { plants = null, system = null, version, name, roles } = request.body;
      const rights = { version, name, roles, plants, system };
      return showAccount(
        await changeRights(pool, request.params.id, rights, places, wordOf(request, request.body)),
      );
    },
  );

  api.post(
    "/v1/accounts/:id/actions",
    {
      config: { access: "account.admin" },
      schema: {
        tags: ["access"],
        summary: "Disable, enable or unlock an account, or end its sessions",
        params: ID,
        body: strictObject({ action: oneOf(ACTIONS), ...WORD }),
        response: { 200: ACCOUNT },
      },
    },
    async (request) => {
      const { id } = request.params;
      const author = wordOf(request, request.body);
      const { action } = request.body;
      if (action === "unlock") return showAccount(await unlockAccount(pool, id, author));
      if (action === "sign-out") {
        const found = await knownAccount(pool, id);
        await deleteSessionsOf(pool, id);
        await tellRights(pool, { account: id, change: "signed-out" }, author);
        return showAccount(found);
      }
      return showAccount(await setDisabled(pool, id, action === "disable", author));
    },
  );
});
