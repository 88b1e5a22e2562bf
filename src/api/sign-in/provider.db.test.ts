import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { Provider } from "oidc-provider";
import { afterAll, beforeAll, expect, test } from "vitest";

import { ACCESS_DEFAULTS, type ProviderConfig } from "../../access/config.ts";
import { createAccount } from "../../access/account/account.ts";
import { openTestApi, type TestApi } from "../testing/app.ts";

const PUBLIC_URL = "https://interlock.example.com";
const SECRET = "the-secret-of-the-client";

/** Who is signed in at the provider, and in which groups. */
const PEOPLE: Record<string, { name: string; groups: string[] }> = {
  "sub-1": { name: "Luc.Martin", groups: ["works-lyon", "something-else"] },
  "sub-2": { name: "stranger", groups: ["something-else"] },
  "sub-3": { name: "erika", groups: ["interlock-it"] },
};

let server: Server;
let issuer: string;
let api: TestApi;

/** A real OpenID Connect provider on loopback; its sign-in page is the header that says who sits there. */
async function startProvider(): Promise<void> {
  server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: "interlock",
        client_secret: SECRET,
        redirect_uris: [`${PUBLIC_URL}/v1/sign-in/callback`],
        grant_types: ["authorization_code"],
      },
    ],
    claims: { openid: ["sub"], profile: ["preferred_username", "name"], groups: ["groups"] },
    scopes: ["openid", "profile", "groups"],
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    findAccount: (_, sub) => ({
      accountId: sub,
      claims: () => ({
        sub,
        preferred_username: PEOPLE[sub]!.name,
        name: PEOPLE[sub]!.name,
        groups: PEOPLE[sub]!.groups,
      }),
    }),
  });
  const answer = provider.callback();
  server.on("request", (request, response) => {
    if (!request.url?.startsWith("/interaction/")) return void answer(request, response);
    void (async () => {
      const { prompt, params, session } = await provider.interactionDetails(request, response);
      const accountId = String(request.headers["x-person"] ?? session?.accountId);
      if (prompt.name === "login") {
        await provider.interactionFinished(request, response, { login: { accountId } });
        return;
      }
      const grant = new provider.Grant({
        accountId: session!.accountId,
        clientId: String(params["client_id"]),
      });
      grant.addOIDCScope("openid profile groups");
      await provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
    })();
  });
}

beforeAll(async () => {
  await startProvider();
  const provider: ProviderConfig = {
    issuer,
    clientId: "interlock",
    clientSecret: SECRET,
    label: "Works",
    scopes: ["openid", "profile", "groups"],
    accountClaim: "preferred_username",
    groupsClaim: "groups",
    grants: [
      { group: "works-lyon", roles: ["plant-operations"], plants: ["lyon"] },
      { group: "interlock-it", roles: ["operator"] },
    ],
  };
  api = await openTestApi({ access: { ...ACCESS_DEFAULTS, publicUrl: PUBLIC_URL, provider } });
});
afterAll(async () => {
  await api.close();
  server.closeAllConnections();
  server.close();
});

/** What a browser does: it follows the provider from page to page with its cookies, until it is sent back to the hub. */
async function walkProvider(url: string, person: string): Promise<string> {
  const jar = new Map<string, string>();
  let next = url;
  for (let n = 0; n < 10 && !next.startsWith(PUBLIC_URL); n += 1) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fetch(next, { redirect: "manual", headers: { cookie, "x-person": person } });
    for (const each of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(each)!;
      jar.set(name!, value!);
    }
    next = new URL(answer.headers.get("location")!, issuer).href;
  }
  return next.slice(PUBLIC_URL.length);
}

async function begin(returnTo = "/orders"): Promise<{ url: string; cookie: string }> {
  const answer = await api.app.inject({
    url: `/v1/sign-in/provider?returnTo=${encodeURIComponent(returnTo)}`,
  });
  expect(answer.statusCode).toBe(302);
  return { url: String(answer.headers.location), cookie: cookieOf(answer.headers["set-cookie"], "sign-in") };
}

function cookieOf(header: string | string[] | undefined, name: string): string {
  const found = [header].flat().find((each) => each?.startsWith(`__Host-interlock-${name}=`));
  return found?.split(";", 1)[0] ?? "";
}

async function signIn(person: string, returnTo?: string) {
  const { url, cookie } = await begin(returnTo);
  const answer = await api.app.inject({ url: await walkProvider(url, person), headers: { cookie } });
  return {
    goesTo: String(answer.headers.location),
    cookies: [answer.headers["set-cookie"]].flat().join("\n"),
    session: cookieOf(answer.headers["set-cookie"], "session"),
  };
}

test("who the provider vouches for is let in with what the groups give, and with what they give the next time", async () => {
  const first = await signIn("sub-1");
  expect(first.goesTo).toBe("/orders");
  expect(first.cookies).toMatch(
    /^__Host-interlock-session=[^;]+; Max-Age=\d+; Path=\/; HttpOnly; Secure; SameSite=Lax$/m,
  );
  const who = async (cookie: string) =>
    (await api.app.inject({ url: "/v1/session", headers: { cookie } })).json<object>();
  expect(await who(first.session)).toMatchObject({
    account: "luc.martin",
    way: "oidc",
    roles: [{ name: "plant-operations" }],
    plants: ["lyon"],
  });
  PEOPLE["sub-1"]!.groups = ["interlock-it"];
  expect(await who((await signIn("sub-1")).session)).toMatchObject({
    roles: [{ name: "operator" }],
    plants: null,
  });
  const { rows } = await api.database.pool.query<{ change: string }>(
    `select body::json ->> 'change' as change from events
     where type = 'interlock.AccountChanged.v1' and subject = 'account/luc.martin' order by seq`,
  );
  expect(rows.map(({ change }) => change)).toEqual(["created", "rights"]);
});

test("who is in no group that counts stays out, and it is told", async () => {
  expect((await signIn("sub-2")).goesTo).toBe("/?signInProblem=SIGN_IN_REFUSED");
  await expect
    .poll(async () => {
      const sql = "select body::json as body from events where type = 'interlock.AccessDenied.v1'";
      return (await api.database.pool.query<{ body: object }>(sql)).rows.map(({ body }) => body);
    })
    .toContainEqual({
      code: "SIGN_IN_REFUSED",
      account: "stranger",
      asked: "GET /v1/sign-in/callback",
      count: 1,
    });
});

test("a local account is not taken over by its name", async () => {
  const places = { plants: new Map(), systems: new Map() };
  const local = {
    id: "erika",
    kind: "person",
    name: "Erika",
    roles: ["admin"],
    plants: null,
    system: null,
  } as const;
  await createAccount(api.database.pool, local, places, { actor: "test", reason: "for this test" });
  expect((await signIn("sub-3")).goesTo).toBe("/?signInProblem=SIGN_IN_REFUSED");
});

test("an answer that this browser did not ask for, or that comes again, signs nobody in", async () => {
  const { url, cookie } = await begin();
  const callback = await walkProvider(url, "sub-1");
  const come = async (headers: Record<string, string>) =>
    String((await api.app.inject({ url: callback, headers })).headers.location);
  expect(await come({})).toBe("/?signInProblem=SIGN_IN_PROVIDER");
  const { cookie: other } = await begin();
  expect(await come({ cookie: other })).toBe("/?signInProblem=SIGN_IN_PROVIDER");
  expect(await come({ cookie })).toBe("/orders");
  expect(await come({ cookie })).toBe("/?signInProblem=SIGN_IN_PROVIDER");
});

test.each([
  "https://elsewhere.example",
  "//elsewhere.example",
  "/\\elsewhere.example",
  "/\t/elsewhere.example",
])("nobody is sent on to %j", async (returnTo) => {
  expect((await signIn("sub-1", returnTo)).goesTo).not.toContain("elsewhere.example");
});
