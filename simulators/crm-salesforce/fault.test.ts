import { afterEach, beforeEach, expect, test } from "vitest";
import { TestOrg } from "./test-org.ts";

let org: TestOrg;
let path: string;
beforeEach(async () => {
  org = await TestOrg.start();
  path = `/sobjects/Order/${(await org.order()).Id}`;
});
afterEach(() => org.close());

const update = (reference: string, status = "Confirmed") =>
  org.call("PATCH", path, { Interlock_Ref__c: reference, Fulfilment_Status__c: status });
const times = async (reference: string) => {
  const { applied, standing } = await org.admin("GET", `references/${reference}`);
  return { applied, standing };
};
const find = (reference: string) =>
  org.records(`SELECT Id FROM Order WHERE Interlock_Ref__c = '${reference}'`);

test.each([
  ["outage", {}, 503, "SERVER_UNAVAILABLE"],
  ["throttle", { retryAfterSeconds: 7 }, 503, "SERVER_UNAVAILABLE"],
  ["request-limit", {}, 403, "REQUEST_LIMIT_EXCEEDED"],
  ["token-expired", {}, 401, "INVALID_SESSION_ID"],
  ["session-refused", {}, 401, "INVALID_SESSION_ID"],
  ["lock-row", {}, 400, "UNABLE_TO_LOCK_ROW"],
])("%s does nothing and says so", async (kind, settings, status, errorCode) => {
  await org.arm({ kind, ...settings });
  const reply = await update("R1");
  expect(reply).toMatchObject({ status, body: [{ errorCode }] });
  expect(reply.headers.get("retry-after")).toBe(kind === "throttle" ? "7" : null);
  expect(await times("R1")).toEqual({ applied: 0, standing: 0 });
});

test("an expired session is cured by a new one", async () => {
  await org.arm({ kind: "token-expired" });
  expect((await update("R1")).status).toBe(401);
  expect((await update("R1")).status).toBe(401);
  await org.login();
  expect((await update("R1")).status).toBe(204);
});

test("reset-before does nothing, and nobody is told", async () => {
  await org.arm({ kind: "reset-before", operations: ["updateOrder"] });
  await expect(update("R1")).rejects.toThrow("fetch failed");
  expect(await times("R1")).toEqual({ applied: 0, standing: 0 });
});

test.each(["answer-lost", "error-after", "duplicate-answer"])("%s has done it", async (kind) => {
  await org.arm({ kind, operations: ["update"] });
  if (kind === "answer-lost") await expect(update("R1")).rejects.toThrow("fetch failed");
  else expect((await update("R1")).body[0].errorCode).toMatch(/UNKNOWN_EXCEPTION|DUPLICATE_VALUE/);
  expect(await times("R1")).toEqual({ applied: 1, standing: 1 });
  expect(await find("R1")).toHaveLength(1);
});

test("slow-commit is done only after queries that name its reference found nothing", async () => {
  await org.arm({ kind: "slow-commit", afterProbes: 2 });
  await expect(update("R1")).rejects.toThrow("fetch failed");
  await find("R2");
  for (let look = 0; look < 2; look++) expect(await find("R1")).toEqual([]);
  await expect.poll(() => find("R1")).toHaveLength(1);
  expect(await times("R1")).toEqual({ applied: 1, standing: 1 });
});

test("commits does what a slow commit has open", async () => {
  await org.arm({ kind: "slow-commit", afterProbes: 99 });
  await expect(update("R1")).rejects.toThrow("fetch failed");
  await org.admin("POST", "commits");
  expect(await times("R1")).toEqual({ applied: 1, standing: 1 });
});

test("late-commit hides from queries what already carries its stamp", async () => {
  const soql = "SELECT Fulfilment_Status__c FROM Order WHERE SystemModstamp >= 2020-01-01T00:00:00Z";
  await org.arm({ kind: "late-commit", afterQueries: 1, operations: ["update"] });
  await update("R1");
  expect(await org.records(soql)).toMatchObject([{ Fulfilment_Status__c: null }]);
  expect(await org.records(soql)).toMatchObject([{ Fulfilment_Status__c: "Confirmed" }]);
});

test("late-commit makes a poller that trusts the last stamp it saw miss a row", async () => {
  await org.admin("POST", "clock", { now: "2031-05-09T06:00:00Z", speed: 0 });
  await org.arm({ kind: "late-commit", afterQueries: 1 });
  await org.order({ poNumber: "late" });
  await org.admin("POST", "clock", { now: "2031-05-09T06:00:05Z", speed: 0 });
  await org.order({ poNumber: "in time" });
  const since = async (stamp: string) =>
    (
      await org.records(
        `SELECT Po_Number__c, SystemModstamp FROM Order_Request__c WHERE SystemModstamp > ${stamp} ORDER BY SystemModstamp`,
      )
    ).map((row) => [row.Po_Number__c, row.SystemModstamp]);
  expect(await since("2031-01-01T00:00:00Z")).toEqual([["in time", "2031-05-09T06:00:05.000+0000"]]);
  expect(await since("2031-05-09T06:00:05Z")).toEqual([]);
  expect((await since("2031-05-09T06:00:00-01:00")).length).toBe(0);
  expect((await since("2031-01-01T00:00:00Z")).map(([po]) => po)).toEqual(["late", "in time"]);
});

test("late-commit shows what one transaction wrote all at once", async () => {
  const requests = "SELECT Po_Number__c, (SELECT Id FROM Lines__r) FROM Order_Request__c";
  await org.arm({ kind: "late-commit", afterQueries: 2 });
  await org.order({ poNumber: "late" });
  // Looks at the request alone must not bring it out before its lines.
  for (let n = 0; n < 2; n++)
    expect(await org.records("SELECT Id FROM Order_Request__c WHERE Po_Number__c = 'late'")).toEqual([]);
  const late = (await org.records(requests)).filter(({ Po_Number__c }) => Po_Number__c === "late");
  expect(late).toMatchObject([{ Lines__r: { totalSize: 2 } }]);
});

test("the last changed record is one that shows, neither a deleted one nor one that commits late", async () => {
  const at = (now: string) => org.admin("POST", "clock", { now, speed: 0 });
  const latest = async () =>
    (await org.records("SELECT Po_Number__c FROM Order_Request__c ORDER BY SystemModstamp DESC LIMIT 1")).map(
      (row) => row.Po_Number__c,
    );
  await at("2031-05-09T06:00:00Z");
  await org.order({ poNumber: "shown" });
  expect(await latest()).toEqual(["shown"]);

  const last = "SELECT Id FROM Account ORDER BY SystemModstamp DESC LIMIT 1";
  const made = await org.call("POST", "/sobjects/Account", { Name: "Weber AG" });
  const { id } = made.body;
  expect(await org.records(last)).toMatchObject([{ Id: id }]);
  await at("2031-05-09T06:00:05Z");
  expect((await org.call("DELETE", `/sobjects/Account/${id}`)).status).toBe(204);
  expect(await org.records(last)).toEqual([expect.objectContaining({ Id: expect.not.stringMatching(id) })]);
  const withDeleted = await org.call("GET", `/queryAll?q=${encodeURIComponent(last)}`);
  expect(withDeleted.body.records).toMatchObject([{ Id: id }]);

  await org.arm({ kind: "late-commit", afterQueries: 1 });
  await at("2031-05-09T06:00:10Z");
  await org.order({ poNumber: "later" });
  expect(await latest()).toEqual(["shown"]);
  expect(await latest()).toEqual(["later"]);
});

test("poll-gap leaves out the first row of a query in order of stamps, once, and of no other", async () => {
  const inOrder = "SELECT Id FROM Order ORDER BY SystemModstamp, Id";
  await org.arm({ kind: "poll-gap" });
  expect(await org.records("SELECT Id FROM Order ORDER BY SystemModstamp DESC")).toHaveLength(1);
  expect(await org.records("SELECT Id FROM Case ORDER BY SystemModstamp")).toHaveLength(0);
  expect(await org.admin("GET", "faults/struck")).toMatchObject({ "poll-gap": 0 });
  expect(await org.records(inOrder)).toHaveLength(0);
  expect(await org.records(inOrder)).toHaveLength(1);
  expect(await org.admin("GET", "faults/struck")).toMatchObject({ "poll-gap": 1, outage: 0 });
});

test("two upserts of one new key: the second is a duplicate of the first", async () => {
  await org.arm({ kind: "upsert-race" });
  const [order] = await org.records("SELECT Id FROM Order");
  const comment = "/sobjects/Order_Comment__c/Interlock_Ref__c/R1";
  expect(await org.call("PATCH", comment, { Order__c: order.Id })).toMatchObject({
    status: 400,
    body: [{ errorCode: "DUPLICATE_VALUE" }],
  });
  expect(await times("R1")).toEqual({ applied: 1, standing: 1 });
});

test("a write that changes nothing is not applied again, but moves the stamp", async () => {
  await org.admin("POST", "clock", { now: "2031-05-09T06:00:00Z", speed: 0 });
  await update("R1");
  await org.admin("POST", "clock", { now: "2031-05-09T06:00:05Z", speed: 0 });
  await update("R1");
  expect(await times("R1")).toEqual({ applied: 1, standing: 1 });
  expect(await org.records("SELECT SystemModstamp FROM Order")).toMatchObject([
    { SystemModstamp: "2031-05-09T06:00:05.000+0000" },
  ]);
});

test("a fault with a probability strikes by the seed", async () => {
  const struck = async () => {
    await org.admin("PUT", "seed/7");
    await org.arm({ kind: "outage", probability: 0.5 });
    const statuses: number[] = [];
    for (let n = 0; n < 12; n++) statuses.push((await org.call("GET", "/limits")).status);
    await org.admin("DELETE", "faults");
    return statuses;
  };
  const first = await struck();
  expect(new Set(first)).toEqual(new Set([200, 503]));
  expect(await struck()).toEqual(first);
});

test("says which faults there are", async () => {
  expect(await org.admin("POST", "faults", [{ kind: "flood" }])).toMatchObject([
    { errorCode: "UNKNOWN_FAULT", message: expect.stringContaining("answer-lost") },
  ]);
});
