import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ACCESS_DEFAULTS } from "../access/config.ts";
import { AUTHORIZED, openTestApi, type TestApi } from "./testing/app.ts";
import { type Headers, serve, visit } from "./testing/visitor.ts";

const SIGN_INS = 20;
const REQUESTS = 3_000;
const GUESSES = 1_200;
const MINUTE_MS = 60_000;
const AT_ONCE = 100;
const HERE = "198.51.100.7";
const THERE = "198.51.100.8";

let api: TestApi;
beforeEach(async () => {
  // Windows end when the clock says so; the timers of the database's client go on.
  vi.useFakeTimers({ toFake: ["Date"] });
  api = await openTestApi();
});
afterEach(async () => {
  vi.useRealTimers();
  await api.close();
});

interface Asked {
  readonly url?: string;
  readonly headers?: Headers;
  readonly from?: string;
}

async function ask({ url = "/v1/session", headers = {}, from = HERE }: Asked, { app } = api) {
  const answer = await app.inject({ url, headers, remoteAddress: from });
  return { status: answer.statusCode, headers: answer.headers, json: answer.json<Record<string, unknown>>() };
}

/** Tries a link that is none: no password is hashed for it. */
async function trySignIn({ headers = {}, from = HERE }: Asked = {}, { app } = api) {
  const answer = await app.inject({
    method: "POST",
    url: "/v1/session",
    headers,
    remoteAddress: from,
    payload: { link: "no-such-link" },
  });
  return { status: answer.statusCode, headers: answer.headers, json: answer.json<Record<string, unknown>>() };
}

/** @returns how often each status came */
async function countStatuses(times: number, request: () => Promise<{ status: number }>) {
  const counts: Record<number, number> = {};
  for (let done = 0; done < times; done += AT_ONCE) {
    const burst = Array.from({ length: Math.min(AT_ONCE, times - done) }, request);
    for (const { status } of await Promise.all(burst)) counts[status] = (counts[status] ?? 0) + 1;
  }
  return counts;
}

function pass(ms: number): void {
  vi.setSystemTime(Date.now() + ms);
}

const TOO_MANY = (max: number) => ({
  status: 429,
  headers: { "content-type": "application/problem+json", "retry-after": "60" },
  json: {
    type: expect.stringContaining("RATE_LIMITED"),
    status: 429,
    code: "RATE_LIMITED",
    detail: `more than ${max} requests in a minute`,
  },
});

test("tries to sign in are limited by address, until the minute is over", async () => {
  expect(await countStatuses(SIGN_INS, () => trySignIn())).toEqual({ 401: SIGN_INS });
  expect(await trySignIn()).toMatchObject(TOO_MANY(SIGN_INS));
  expect((await trySignIn({ from: THERE })).status).toBe(401);
  // Whoever is signed in already works on at the same address.
  expect((await ask({ headers: await visit(api, "vera", ["viewer"]) })).status).toBe(200);

  pass(MINUTE_MS - 1_500);
  expect(await trySignIn()).toMatchObject({ status: 429, headers: { "retry-after": "2" } });
  pass(1_500);
  expect((await trySignIn()).status).toBe(401);
});

test("each way to sign in has a budget of its own", async () => {
  const toProvider = () => ask({ url: "/v1/sign-in/provider" });
  expect(Object.values(await countStatuses(SIGN_INS, toProvider))).toEqual([SIGN_INS]);
  expect(await toProvider()).toMatchObject(TOO_MANY(SIGN_INS));
  expect((await trySignIn()).status).toBe(401);
});

test("requests are limited by person: others at the same address, and systems, are not held up by them", async () => {
  const vera = { headers: await visit(api, "vera", ["viewer"]) };
  const otto = { headers: await visit(api, "otto", ["viewer"]) };
  const shop = { headers: await serve(api, "shop") };
  expect(await countStatuses(REQUESTS, () => ask(vera))).toEqual({ 200: REQUESTS });
  expect(await ask(vera)).toMatchObject(TOO_MANY(REQUESTS));
  // On any page, and from anywhere: it is the person who asks too much.
  expect((await ask({ ...vera, url: "/v1/orders" })).status).toBe(429);
  expect((await ask({ ...vera, from: THERE })).status).toBe(429);
  expect((await ask(otto)).status).toBe(200);
  expect((await ask(shop)).status).toBe(200);
  expect((await ask({ headers: AUTHORIZED })).status).toBe(200);

  pass(MINUTE_MS);
  expect((await ask(vera)).status).toBe(200);
});

test("what a system pushes is not counted", async () => {
  const shop = { headers: await serve(api, "shop") };
  expect(await countStatuses(REQUESTS + 1, () => ask(shop))).toEqual({ 200: REQUESTS + 1 });
});

test("pages that nobody needs to be known for are limited by address", async () => {
  const ways = { url: "/v1/sign-in" };
  expect(await countStatuses(REQUESTS, () => ask(ways))).toEqual({ 200: REQUESTS });
  expect(await ask(ways)).toMatchObject(TOO_MANY(REQUESTS));
  expect((await ask({ ...ways, from: THERE })).status).toBe(200);
  expect((await ask({ headers: await visit(api, "vera", ["viewer"]) })).status).toBe(200);
});

test("guesses at a token are limited by address, and a token that holds goes on from there", async () => {
  const guess = { headers: { authorization: "Bearer interlock_guess" } };
  expect(await countStatuses(GUESSES, () => ask(guess))).toEqual({ 401: GUESSES });
  expect(await ask(guess)).toMatchObject(TOO_MANY(GUESSES));
  // A made-up session is a guess as well.
  expect((await ask({ headers: { cookie: "interlock-session=guess" } })).status).toBe(429);
  expect((await ask({ ...guess, from: THERE })).status).toBe(401);
  expect((await ask({ headers: await serve(api, "shop") })).status).toBe(200);

  pass(MINUTE_MS);
  expect((await ask(guess)).status).toBe(401);
});

test("an address is believed from as many proxies as were declared, and from none otherwise", async () => {
  const through = (client: string) => ({ headers: { "x-forwarded-for": client } });
  // Undeclared, nobody gets a new budget by writing another address.
  await countStatuses(SIGN_INS, () => trySignIn(through("203.0.113.1")));
  expect((await trySignIn(through("203.0.113.2"))).status).toBe(429);

  const proxied = await openTestApi({ access: { ...ACCESS_DEFAULTS, proxies: 1 } });
  try {
    await countStatuses(SIGN_INS, () => trySignIn(through("203.0.113.1"), proxied));
    expect((await trySignIn(through("203.0.113.1"), proxied)).status).toBe(429);
    expect((await trySignIn(through("203.0.113.2"), proxied)).status).toBe(401);
    // What the client itself wrote before the proxy's word counts for nothing.
    expect((await trySignIn(through("203.0.113.9, 203.0.113.1"), proxied)).status).toBe(429);
  } finally {
    await proxied.close();
  }
});

test("a flood that was turned away is told in the audit, as few denials", async () => {
  await countStatuses(SIGN_INS, () => trySignIn());
  expect(await countStatuses(50, () => trySignIn())).toEqual({ 429: 50 });
  await api.app.close();
  const { rows } = await api.database.pool.query<{ asked: string; count: number }>(
    `select body::json ->> 'asked' as asked, (body::json ->> 'count')::int as count from events
     where type = 'interlock.AccessDenied.v1' and body::json ->> 'code' = 'RATE_LIMITED'`,
  );
  expect(new Set(rows.map(({ asked }) => asked))).toEqual(new Set(["POST /v1/session"]));
  expect(rows.length).toBeLessThanOrEqual(2);
  expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(50);
});
