import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Told } from "../connector/contract.ts";
import type { Dispatcher } from "./dispatcher.ts";
import { ask } from "./question.ts";
import { Bench, ref } from "./testing/bench.ts";
import { scriptedTarget } from "./testing/scripted-target.ts";

let bench: Bench;
let dispatcher: Dispatcher | undefined;

beforeAll(async () => {
  bench = await Bench.open();
});
afterEach(async () => {
  await dispatcher?.stop("released");
  dispatcher = undefined;
});
afterAll(() => bench.database.drop());

const NEWS: Told = {
  stream: "sales",
  message: { contentType: "application/json", raw: Buffer.from(`{"verdict":"pass"}`) },
};
const answered = { class: "applied", evidence: {}, told: NEWS } as const;

test("what a target tells with its answer is kept before the effect counts as applied", async () => {
  const target = scriptedTarget();
  target.sends.set("*", [() => answered]);
  const kept: [Told, unknown][] = [];
  dispatcher = await bench.start(target, {
    keep: async (told) => void kept.push([told, (await bench.lane("asked"))["state"]]),
  });
  await bench.queue([{ reference: ref("asked"), order: "asked" }]);
  dispatcher.wake();
  await bench.reaches("asked", { state: "idle" });
  expect(kept).toEqual([[NEWS, "sending"]]);
});

test("an answer that cannot be kept was not seen: it is looked for, never believed", async () => {
  const target = scriptedTarget();
  target.sends.set("*", [() => answered]);
  dispatcher = await bench.start(target, { keep: () => Promise.reject(new Error("the disk is full")) });
  await bench.queue([{ reference: ref("unkept"), order: "unkept" }]);
  dispatcher.wake();
  await bench.reaches("unkept", { state: "unknown", why: "its answer could not be kept: the disk is full" });
  expect(bench.failures.splice(0)).toHaveLength(1);
});

test("a system that is asked at once answers with what its mapping makes of its answer", async () => {
  const session = { apply: () => Promise.resolve(answered) };
  const reader = {
    translate: async (stream: string, { raw }: Told["message"]) => ({
      ok: true as const,
      event: {
        type: "interlock.OrderChecked.v1",
        subject: "a/1",
        time: "",
        data: { stream, said: String(raw) },
      },
    }),
  };
  const { signal } = new AbortController();
  const question = { type: "CheckOrder.v1", payload: {}, signal, reader };
  expect(await ask({ ...question, session })).toEqual({
    ok: true,
    data: { stream: "sales", said: `{"verdict":"pass"}` },
  });
  const reject = { class: "reject", reason: "no such customer" } as const;
  expect(await ask({ ...question, session: { apply: () => Promise.resolve(reject) } })).toEqual({
    ok: false,
    why: "no such customer",
  });
});
