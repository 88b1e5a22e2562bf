import { afterAll, beforeAll, expect, test } from "vitest";

import { createAccount } from "../../access/account/account.ts";
import { makeFirstLink } from "../../access/session/link.ts";
import { openTestApi, type TestApi } from "../testing/app.ts";

const PLACES = { plants: new Map([["lyon", {}]]), systems: new Map() };
const AUTHOR = { actor: "test", reason: "for this test" };
const PASSWORD = "seven green kettles sing";

let api: TestApi;
let link: string;
beforeAll(async () => {
  api = await openTestApi();
  link = (await makeFirstLink(api.database.pool, PLACES))!;
});
afterAll(() => api.close());

interface SignedIn {
  readonly status: number;
  readonly cookie: string;
  readonly csrf: string;
  readonly json: Record<string, unknown>;
}

async function signIn(body: object, headers: Record<string, string> = {}): Promise<SignedIn> {
  const answer = await api.app.inject({ method: "POST", url: "/v1/session", payload: body, headers });
  const json = answer.json<Record<string, unknown>>();
  const cookie = String(answer.headers["set-cookie"] ?? "").split(";", 1)[0]!;
  return { status: answer.statusCode, cookie, csrf: String(json["csrfToken"]), json };
}

async function denials(): Promise<object[]> {
  const { rows } = await api.database.pool.query<{ body: object }>(
    "select body::json as body from events where type = 'interlock.AccessDenied.v1' order by seq",
  );
  return rows.map(({ body }) => body);
}

test("the first administrator comes by a link that works once, and sets a password", async () => {
  const first = await signIn({ link });
  expect(first).toMatchObject({
    status: 200,
    json: { account: "admin", way: "link", passwordMissing: true },
  });
  expect(await signIn({ link })).toMatchObject({ status: 401, json: { code: "SIGN_IN_LINK_SPENT" } });
  expect(await makeFirstLink(api.database.pool, PLACES)).toBeUndefined();
  const set = (password: string) =>
    api.app.inject({
      method: "PUT",
      url: "/v1/session/password",
      headers: { cookie: first.cookie, "x-csrf-token": first.csrf },
      payload: { password },
    });
  expect((await set("password12345")).json()).toMatchObject({ code: "PASSWORD_WEAK" });
  expect((await set("short")).json()).toMatchObject({ code: "PASSWORD_WEAK" });
  expect((await set(PASSWORD)).statusCode).toBe(200);
  expect(await signIn({ account: "admin", password: PASSWORD })).toMatchObject({
    status: 200,
    json: { account: "admin", way: "password", roles: [{ name: "admin" }], plants: null },
  });
});

test("the cookie is kept from scripts and from other sites, and what is stored is of no use", async () => {
  const answer = await api.app.inject({
    method: "POST",
    url: "/v1/session",
    payload: { account: "admin", password: PASSWORD },
  });
  const cookie = String(answer.headers["set-cookie"]);
  expect(cookie).toMatch(/^interlock-session=[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/);
  const secret = cookie.slice("interlock-session=".length, cookie.indexOf(";"));
  for (const table of ["accounts", "sessions", "sign_in_links", "events"]) {
    const { rows } = await api.database.pool.query<{ text: string }>(
      `select string_agg(t::text, ' ') as text from ${table} t`,
    );
    expect(rows[0]!.text ?? "").not.toContain(secret);
    expect(rows[0]!.text ?? "").not.toContain(PASSWORD);
    expect(rows[0]!.text ?? "").not.toContain(link);
  }
});

test("what changes something must come from the hub's own page", async () => {
  const { cookie, csrf } = await signIn({ account: "admin", password: PASSWORD });
  const signOut = async (headers: Record<string, string>) =>
    (await api.app.inject({ method: "DELETE", url: "/v1/session", headers: { cookie, ...headers } }))
      .statusCode;
  expect(await signOut({})).toBe(403);
  expect(await signOut({ "x-csrf-token": "guessed" })).toBe(403);
  expect(await signOut({ "x-csrf-token": csrf, "sec-fetch-site": "cross-site" })).toBe(403);
  expect(await signOut({ "x-csrf-token": csrf, origin: "https://elsewhere.example" })).toBe(403);
  expect(
    (await signIn({ account: "admin", password: PASSWORD }, { origin: "https://elsewhere.example" })).status,
  ).toBe(403);
  const who = () => api.app.inject({ url: "/v1/session", headers: { cookie } });
  expect((await who()).statusCode).toBe(200);
  expect(
    await signOut({ "x-csrf-token": csrf, origin: "http://localhost:80", "sec-fetch-site": "same-origin" }),
  ).toBe(204);
  expect((await who()).json()).toMatchObject({ status: 401, code: "SESSION_ENDED" });
});

test("after five wrong passwords the account is locked, for the right one too, until an administrator unlocks it", async () => {
  const { pool } = api.database;
  const person = {
    id: "vera",
    kind: "person",
    name: "Vera",
    roles: ["viewer"],
    plants: null,
    system: null,
  } as const;
  await createAccount(pool, person, PLACES, AUTHOR);
  const { cookie, csrf } = await signIn({ account: "admin", password: PASSWORD });
  const asAdmin = (url: string, payload: object) =>
    api.app.inject({ method: "POST", url, headers: { cookie, "x-csrf-token": csrf }, payload });
  const made = await asAdmin("/v1/sign-in-links", { account: "vera", reason: "first sign-in" });
  const vera = await signIn({ link: made.json<{ path: string }>().path.slice("/#link=".length) });
  await api.app.inject({
    method: "PUT",
    url: "/v1/session/password",
    headers: { cookie: vera.cookie, "x-csrf-token": vera.csrf },
    payload: { password: PASSWORD },
  });
  for (let n = 0; n < 5; n += 1) {
    expect(await signIn({ account: "vera", password: "wrong" })).toMatchObject({
      json: { code: "SIGN_IN_REFUSED" },
    });
  }
  expect(await signIn({ account: "vera", password: PASSWORD })).toMatchObject({
    status: 429,
    json: { code: "SIGN_IN_LOCKED" },
  });
  await asAdmin("/v1/accounts/vera/actions", { action: "unlock", reason: "it was her" });
  expect((await signIn({ account: "vera", password: PASSWORD })).status).toBe(200);
  // Disabled, she is out at once.
  await asAdmin("/v1/accounts/vera/actions", { action: "disable", reason: "has left" });
  expect((await api.app.inject({ url: "/v1/session", headers: { cookie: vera.cookie } })).statusCode).toBe(
    401,
  );
  expect(await signIn({ account: "vera", password: PASSWORD })).toMatchObject({
    json: { code: "SIGN_IN_REFUSED" },
  });
  const { rows } = await pool.query<{ change: string; actor: string }>(
    `select body::json ->> 'change' as change, actor from events
     where type = 'interlock.AccountChanged.v1' and subject = 'account/vera' order by seq`,
  );
  expect(rows).toEqual([
    { change: "created", actor: "test" },
    { change: "link-made", actor: "admin" },
    { change: "password-set", actor: "vera" },
    { change: "locked", actor: "interlock" },
    { change: "unlocked", actor: "admin" },
    { change: "disabled", actor: "admin" },
  ]);
});

test("the last administrator cannot be taken away", async () => {
  const { cookie, csrf } = await signIn({ account: "admin", password: PASSWORD });
  const answer = await api.app.inject({
    method: "POST",
    url: "/v1/accounts/admin/actions",
    headers: { cookie, "x-csrf-token": csrf },
    payload: { action: "disable", reason: "cleaning up" },
  });
  expect(answer.json()).toMatchObject({ status: 409, code: "ACCOUNT_LAST_ADMIN" });
});

test("denials are in the ledger, a flood of the same as one", async () => {
  for (let n = 0; n < 30; n += 1)
    await api.app.inject({ url: "/v1/cases", headers: { authorization: "Bearer interlock_no" } });
  await expect.poll(denials).toContainEqual({ code: "TOKEN_WRONG", asked: "GET /v1/cases", count: 1 });
  await api.app.close();
  expect(await denials()).toContainEqual({ code: "TOKEN_WRONG", asked: "GET /v1/cases", count: 29 });
  expect(await denials()).toContainEqual(
    expect.objectContaining({ code: "CSRF_REFUSED", asked: "DELETE /v1/session" }),
  );
});
