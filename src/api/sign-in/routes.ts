import { Type } from "typebox";

import { AccessError } from "../../access/errors.ts";
import { receive } from "../../access/oidc/arrival.ts";
import { ensureAccountOfRole, LINK_MS, makeLink } from "../../access/session/link.ts";
import { openSession } from "../../access/session/session.ts";
import { ROLE_NAMES } from "../../access/role.ts";
import { clearCookie, readCookie, setCookie } from "../cookie.ts";
import { SIGN_IN_LIMIT } from "../limits.ts";
import { WORD, wordOf } from "../person.ts";
import { Problem } from "../problem.ts";
import { defineRoutes } from "../route.ts";
import { nullable, oneOf, strictObject, text, TIME } from "../schema.ts";

const ATTEMPT_MS = 10 * 60_000;

export default defineRoutes((api, context) => {
  const { pool, access, provider, project, systems, log } = context;

  api.get(
    "/v1/sign-in",
    {
      config: { access: "open" },
      schema: {
        tags: ["access"],
        summary: "The ways to sign in",
        security: [{}],
        response: {
          200: Type.Object({
            passwords: Type.Boolean({ description: "With account and password: POST /v1/session." }),
            provider: nullable(
              Type.Object(
                { label: Type.String(), url: Type.String({ description: "Where the browser goes." }) },
                { description: "With OpenID Connect; null: not here." },
              ),
            ),
          }),
        },
      },
    },
    async () => ({
      passwords: access.passwords,
      provider:
        access.provider === undefined ? null : { label: access.provider.label, url: "/v1/sign-in/provider" },
    }),
  );

  api.get(
    "/v1/sign-in/provider",
    {
      config: { access: "open", rateLimit: SIGN_IN_LIMIT },
      schema: {
        tags: ["access"],
        summary: "Send the browser to the identity provider",
        security: [{}],
        querystring: strictObject({
          returnTo: Type.Optional(text("The page of this hub to come back to: /orders", 500)),
        }),
        response: { 302: Type.Null({ description: "To the provider." }) },
      },
    },
    async ({ query: { returnTo } }, reply) => {
      if (!provider) throw new AccessError("SIGN_IN_OFF", "no OpenID Connect provider is set up");
      const { url, state } = await provider.begin(ownPage(returnTo));
      setCookie(reply, "sign-in", state, ATTEMPT_MS, access);
      return reply.redirect(url, 302);
    },
  );

  api.get(
    "/v1/sign-in/callback",
    {
      config: { access: "open", rateLimit: SIGN_IN_LIMIT },
      schema: {
        tags: ["access"],
        summary: "Where the identity provider sends the browser back to",
        description: "Ends at the page that was asked for, or at the first one with ?signInProblem=<code>.",
        security: [{}],
        // What providers add beside code and state differs.
        querystring: Type.Object({}, { additionalProperties: Type.String({ maxLength: 4_000 }) }),
        response: { 302: Type.Null({ description: "Into the console." }) },
      },
    },
    async (request, reply) => {
      const state = readCookie(request, "sign-in", access);
      clearCookie(reply, "sign-in", access);
      try {
        if (!provider) throw new AccessError("SIGN_IN_OFF", "no OpenID Connect provider is set up");
        const asked = request.url.slice(request.url.indexOf("?") + 1);
        const { identity, returnTo } = await provider.finish(asked, state);
        const account = await receive(pool, provider.issuer, identity);
        const secret = await openSession(pool, account, "oidc", access);
        setCookie(reply, "session", secret, access.lifetimeMs, access);
        return await reply.redirect(returnTo, 302);
      } catch (error) {
        if (!(error instanceof AccessError)) throw error;
        // A person looks at this: they go where it is explained, and the denial is told like any other.
        context.denials.note({ code: error.code, account: error.account, asked: "GET /v1/sign-in/callback" });
        log.warn({ event: "sign-in.refused", code: error.code, err: error.cause }, error.message);
        return reply.redirect(`/?signInProblem=${error.code}`, 302);
      }
    },
  );

  api.post(
    "/v1/sign-in-links",
    {
      config: { access: "account.admin" },
      schema: {
        tags: ["access"],
        summary: "Make a link that signs somebody in once",
        description:
          "For an account; or for a role, to look around: the account that is called as the role is, made when it is not there.",
        body: strictObject({
          account: Type.Optional(text("Whom it signs in.", 100)),
          role: Type.Optional(oneOf(ROLE_NAMES, "Instead of an account.")),
          ...WORD,
        }),
        response: {
          200: Type.Object({
            account: Type.String(),
            path: Type.String({ description: "Behind the hub's address: /#link=..." }),
            expiresAt: TIME,
          }),
        },
      },
    },
    async (request) => {
      const { account, role, ...said } = request.body;
      const author = wordOf(request, said);
      if ((account === undefined) === (role === undefined)) {
        const detail = "give either account or role";
        throw new Problem(400, "REQUEST_INVALID", detail, { errors: [{ pointer: "/account", detail }] });
      }
      const places = { plants: project.plants, systems };
      const whom = role === undefined ? account! : await ensureAccountOfRole(pool, role, places, author);
      const secret = await makeLink(pool, whom, author);
      const expiresAt = new Date(Date.now() + LINK_MS).toISOString();
      return { account: whom, path: `/#link=${secret}`, expiresAt };
    },
  );
});

/** A page of this hub and of no other, whatever a browser makes of slashes and backslashes. */
function ownPage(path: string | undefined): string {
  const base = "http://hub.invalid";
  if (path === undefined || !path.startsWith("/") || !URL.canParse(path, base)) return "/";
  const { origin, pathname, search, hash } = new URL(path, base);
  return origin === base && !pathname.startsWith("//") ? pathname + search + hash : "/";
}
