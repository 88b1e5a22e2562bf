import { Type } from "typebox";

import { setPassword } from "../../access/account/account.ts";
import { AccessError } from "../../access/errors.ts";
import { spendLink } from "../../access/session/link.ts";
import {
  deleteEndedSessions,
  deleteSession,
  deleteSessionsOf,
  type Way,
} from "../../access/session/queries.ts";
import { openSession, type OpenSession, resumeSession } from "../../access/session/session.ts";
import { checkSignIn } from "../../access/session/sign-in.ts";
import { principalOf } from "../access.ts";
import { clearCookie, setCookie } from "../cookie.ts";
import { refuseForeign } from "../forgery.ts";
import { SIGN_IN_LIMIT } from "../limits.ts";
import { Problem } from "../problem.ts";
import { defineRoutes } from "../route.ts";
import { strictObject, text } from "../schema.ts";
import { SESSION, sessionSecretOf, showSession } from "./session.ts";

const PASSWORD = Type.String({ minLength: 1, maxLength: 1_000, description: "The password." });

export default defineRoutes((api, { pool, access }) => {
  api.get(
    "/v1/session",
    {
      config: { access: "signed-in" },
      schema: {
        tags: ["access"],
        summary: "Who is signed in, and what they may",
        response: { 200: SESSION },
      },
    },
    async (request) => showSession(principalOf(request), sessionSecretOf(request, access)),
  );

  api.post(
    "/v1/session",
    {
      config: { access: "open", rateLimit: SIGN_IN_LIMIT },
      schema: {
        tags: ["access"],
        summary: "Sign in with a password or with a one-time link",
        description:
          "Answers as GET does and sets the session's cookie. Give `account` and `password`, or `link`: what stands behind `#link=` in a sign-in link.",
        security: [{}],
        body: strictObject({
          account: Type.Optional(text("The account's id.", 100)),
          password: Type.Optional(PASSWORD),
          link: Type.Optional(text("The secret of a one-time link.", 100)),
        }),
        response: { 200: SESSION },
      },
    },
    async (request, reply) => {
      refuseForeign(request, access);
      const { account, password, link } = request.body;
      let signedIn: { account: string; way: Way };
      if (link !== undefined) {
        signedIn = { account: await spendLink(pool, link), way: "link" };
      } else if (account !== undefined && password !== undefined) {
        if (!access.passwords) throw new AccessError("SIGN_IN_OFF", "nobody signs in here with a password");
        await checkSignIn(pool, account, password);
        signedIn = { account, way: "password" };
      } else {
        const detail = "give account and password, or link";
        throw new Problem(400, "REQUEST_INVALID", detail, { errors: [{ pointer: "", detail }] });
      }
      await deleteEndedSessions(pool, access.idleMs);
      const secret = await openSession(pool, signedIn.account, signedIn.way, access);
      setCookie(reply, "session", secret, access.lifetimeMs, access);
      const opened = await resumeSession(pool, secret, access);
      if (!opened) throw new AccessError("SIGN_IN_REFUSED", "the account cannot sign in", signedIn);
      return showSession(opened, secret);
    },
  );

  api.delete(
    "/v1/session",
    {
      config: { access: "signed-in" },
      schema: {
        tags: ["access"],
        summary: "Sign out",
        response: { 204: Type.Null({ description: "The session has ended." }) },
      },
    },
    async (request, reply) => {
      const { session } = principalOf(request);
      if (session !== undefined) await deleteSession(pool, session);
      clearCookie(reply, "session", access);
      return reply.code(204).send(null);
    },
  );

  api.put(
    "/v1/session/password",
    {
      config: { access: "signed-in", rateLimit: SIGN_IN_LIMIT },
      schema: {
        tags: ["access"],
        summary: "Set one's own password",
        description:
          "The present one must be given, unless there is none or one came by a link. All other sessions of the account end.",
        body: strictObject({ current: Type.Optional(PASSWORD), password: PASSWORD }),
        response: { 200: SESSION },
      },
    },
    async (request) => {
      const principal = principalOf(request) as OpenSession;
      const { account, session, way, hasPassword } = principal;
      if (session === undefined || way === "oidc" || !access.passwords)
        throw new AccessError("SIGN_IN_OFF", `${account} does not sign in with a password`);
      const { current, password } = request.body;
      if (hasPassword && way !== "link") await checkSignIn(pool, account, current ?? "");
      await setPassword(pool, account, password, { actor: account, reason: "the person set it" });
      await deleteSessionsOf(pool, account, session);
      return showSession({ ...principal, hasPassword: true }, sessionSecretOf(request, access));
    },
  );
});
