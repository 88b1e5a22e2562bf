import { afterEach, beforeEach, expect, test } from "vitest";
import { ErpClient } from "../testing/erp-client.ts";
import { Faults } from "./fault.ts";

let erp: ErpClient;
beforeEach(async () => {
  erp = await ErpClient.start();
});
afterEach(() => erp.close());

const create = (reference: string) =>
  erp.call("POST", "/data/SalesOrderHeadersV3", {
    OrderingCustomerAccountNumber: "US-001",
    ILKReference: reference,
  });
const lost = (act: Promise<unknown>) => expect(act).rejects.toThrow("fetch failed");
const applied = async (reference: string) =>
  (await erp.admin("GET", `references/${reference}`)).applied as number;
const find = (reference: string) => erp.read("ILKReferenceLogs", `ILKReference eq '${reference}'`);

test("resets the connection before anything was done", async () => {
  await erp.arm({ kind: "reset-before", operations: ["create"] });
  await lost(create("R1"));
  expect(await applied("R1")).toBe(0);
});

test("is down, or throttles, before anything was done", async () => {
  await erp.arm(
    { kind: "outage" },
    { kind: "throttle", retryAfterSeconds: 7 },
    { kind: "throttle", retryAfterSeconds: null },
  );
  expect((await create("R1")).status).toBe(503);
  const throttled = await create("R1");
  expect([throttled.status, throttled.headers.get("retry-after")]).toEqual([429, "7"]);
  expect(throttled.body.error.innererror.message).toContain("Number of requests exeeded the limit of 6000");
  expect((await create("R1")).headers.get("retry-after")).toBeNull();
  expect(await applied("R1")).toBe(0);
});

test("lets every token die", async () => {
  await erp.arm({ kind: "token-expired" });
  expect((await create("R1")).status).toBe(401);
  await erp.login();
  expect((await create("R1")).status).toBe(201);
});

test("says that somebody else was faster, and has done nothing", async () => {
  await erp.arm({ kind: "update-conflict" });
  const answer = await create("R1");
  expect(answer.status).toBe(500);
  expect(answer.body.error.innererror.message).toContain(
    "An update conflict occurred due to another user process",
  );
  expect(await applied("R1")).toBe(0);
});

test("has done it and loses the answer, or answers with an error, or as if it had been there", async () => {
  await erp.arm({ kind: "answer-lost" }, { kind: "error-after", status: 502 }, { kind: "duplicate-answer" });
  await lost(create("R1"));
  expect((await create("R2")).status).toBe(502);
  expect((await create("R3")).body.error.innererror.message).toContain("R3. The record already exists");
  expect([await applied("R1"), await applied("R2"), await applied("R3")]).toEqual([1, 1, 1]);
});

test("loses the answer of a message that is in the queue all the same: sent again it is applied twice", async () => {
  const number = await erp.production(10);
  await erp.process("ProdProductionOrderStart", { ProductionOrderNumber: number });
  const report = {
    ProductionOrderNumber: number,
    ReportFinishedLines: [{ ReportedGoodQuantity: 2 }],
    ILKReference: "GOOD-1",
  };
  await erp.arm({ kind: "answer-lost", operations: ["sendMessage"] });
  await lost(erp.send("ProdProductionOrderReportFinished", report));
  await erp.send("ProdProductionOrderReportFinished", report);
  await erp.tick();
  await erp.tick();
  expect(await applied("GOOD-1")).toBe(2);
  expect(await find("GOOD-1")).toHaveLength(2);
  expect((await erp.admin("GET", "book/summary")).appliedMoreThanOnce).toEqual(["GOOD-1"]);
});

test("does it later, after a number of looks that found nothing", async () => {
  await erp.arm({ kind: "slow-commit", afterProbes: 2 });
  await lost(create("R1"));
  expect(await applied("R1")).toBe(0);
  await find("R1");
  await find("R1");
  await expect.poll(() => applied("R1")).toBe(1);
});

test("does what slow commits have open when told to", async () => {
  await erp.arm({ kind: "slow-commit", delayMs: 3_600_000 });
  await lost(create("R1"));
  await erp.admin("POST", "commits");
  expect(await applied("R1")).toBe(1);
});

test("leaves an event out of a page, or shows one twice", async () => {
  await erp.order("R1", [{ ItemNumber: "SCREW", OrderedSalesQuantity: 1 }]);
  await erp.clerk("block-item", { ItemNumber: "SCREW" });
  const numbers = async () =>
    (await erp.read("ILKBusinessEventLogs")).map((row) => row.ControlNumber as number);
  const all = await numbers();
  await erp.arm({ kind: "poll-gap" }, { kind: "feed-duplicate" });
  expect(await numbers()).toEqual(all.slice(1));
  expect(await numbers()).toEqual([all[0], ...all]);
  expect(await numbers()).toEqual(all);
  await erp.arm({ kind: "poll-gap" });
  expect(await erp.read("ILKBusinessEventLogs", `ControlNumber gt ${all.at(-1)}`)).toEqual([]);
  expect(await erp.admin("GET", "faults/struck")).toMatchObject({
    "poll-gap": 1,
    "feed-duplicate": 1,
    outage: 0,
  });
});

test("strikes the same with the same seed, and knows no fault that does not exist", async () => {
  const strikes = (seed: number) => {
    const faults = new Faults(seed);
    faults.arm([{ kind: "outage", probability: 0.5 }]);
    return Array.from({ length: 50 }, () => faults.draw("read") !== undefined);
  };
  expect(strikes(7)).toEqual(strikes(7));
  expect(strikes(7)).not.toEqual(strikes(8));
  expect((await erp.arm({ kind: "earthquake" })).code).toBe("UnknownFault");
});
