import { afterEach, beforeEach, expect, test } from "vitest";
import type { Asked } from "../../dispatch/question.ts";
import { AUTHORIZED, openTestApi, type TestApi } from "../testing/app.ts";

const ORDER = {
  salesOrder: "SO-1",
  customer: "C-77",
  lines: [{ line: 1, item: "PUMP-200", quantity: { value: "1", unit: "C62" } }],
};
const PASSES = ["credit", "item", "configuration", "price", "tax"].map((subject) => ({
  subject,
  verdict: "pass",
}));

const answers = new Map<string, (signal: AbortSignal) => Promise<Asked>>();
let api: TestApi;

beforeEach(async () => {
  answers.clear();
  api = await openTestApi({
    answerers: (query) =>
      query === "CheckOrder.v1"
        ? [...answers].map(([system, answer]) => ({ system, ask: (_payload, signal) => answer(signal) }))
        : [],
  });
});
afterEach(() => api.close());

const says = (verdicts: readonly object[]) => () =>
  Promise.resolve({ ok: true as const, data: { salesOrder: "SO-1", verdicts } });

async function check(payload: unknown, query = "") {
  const answer = await api.app.inject({
    method: "POST",
    url: `/v1/order-checks${query}`,
    headers: AUTHORIZED,
    payload: payload as object,
  });
  return { status: answer.statusCode, json: answer.json() as Record<string, unknown> };
}

test("puts together what the systems say, each verdict with its source", async () => {
  answers.set("erp", says(PASSES));
  answers.set(
    "planning",
    says([{ subject: "availability", verdict: "pass", availableOn: "2026-04-01", basis: "ctp" }]),
  );
  const { status, json } = await check(ORDER);
  expect(status).toBe(200);
  expect(json).toMatchObject({ salesOrder: "SO-1", verdict: "pass" });
  expect(json["verdicts"]).toHaveLength(6);
  expect(json["verdicts"]).toContainEqual(
    expect.objectContaining({ subject: "availability", basis: "ctp", source: "planning", ageMs: 0 }),
  );
});

test("one verdict that fails makes the order fail", async () => {
  answers.set(
    "erp",
    says([...PASSES.slice(1), { subject: "credit", verdict: "fail", remedy: "release it" }]),
  );
  expect((await check(ORDER)).json["verdict"]).toBe("fail");
});

test("a slow system makes its own verdict unavailable, not the answer", async () => {
  answers.set("erp", says(PASSES));
  answers.set("planning", () => new Promise(() => {}));
  const { status, json } = await check(ORDER, "?deadlineMs=50");
  expect(status).toBe(200);
  expect(json).toMatchObject({ verdict: "unavailable" });
  expect(json["verdicts"]).toContainEqual(
    expect.objectContaining({
      subject: "availability",
      verdict: "unavailable",
      source: "planning",
      message: "planning: no answer within 50 ms",
    }),
  );
});

test.each([
  [
    "refuses",
    () => Promise.resolve({ ok: false as const, why: "the token is refused" }),
    "the token is refused",
  ],
  ["breaks", () => Promise.reject(new Error("a bug")), "a bug"],
  ["talks nonsense", says([{ subject: "weather", verdict: "pass" }]), "breaks the contract"],
])("a system that %s is unavailable, with the reason", async (_how, answer, why) => {
  answers.set("erp", answer);
  const { json } = await check(ORDER);
  expect(json["verdict"]).toBe("unavailable");
  expect(json["verdicts"]).toHaveLength(6);
  expect(JSON.stringify(json["verdicts"])).toContain(why);
});

test("where no system can tell, it says so", async () => {
  expect((await check(ORDER)).json).toMatchObject({ verdict: "unavailable" });
});

test("a question that breaks its contract is refused with the field", async () => {
  const { status, json } = await check({ ...ORDER, customer: undefined });
  expect(status).toBe(422);
  expect(json).toMatchObject({ code: "QUESTION_INVALID", errors: [{ pointer: "/customer" }] });
});
