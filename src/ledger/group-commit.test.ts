import { DatabaseError } from "pg";
import { expect, test } from "vitest";
import { GroupCommit } from "./group-commit.ts";

/** A database that answers when it is told to, and refuses what is called "bad". */
function recorder() {
  const batches: string[][] = [];
  const answers: (() => void)[] = [];
  const group = new GroupCommit<string, string>({
    async write(items) {
      batches.push([...items]);
      await new Promise<void>((resolve) => answers.push(resolve));
      if (items.includes("bad"))
        throw Object.assign(new DatabaseError("no such value", 0, "error"), { code: "22021" });
      if (items.includes("lost")) throw new Error("the connection broke");
      return items.map((item) => `${item} written`);
    },
    lengthOf: (item) => (item === "long" ? 1_048_576 : item.length),
  });
  /** Answers whatever is asked, until nothing is under way. */
  const answerAll = async () => {
    const idle = group.idle().then(() => "idle");
    for (;;) {
      answers.splice(0).forEach((answer) => answer());
      if ((await Promise.race([idle, new Promise((resolve) => setTimeout(resolve, 1))])) === "idle") return;
    }
  };
  return { group, batches, answerAll };
}

test("what comes while a batch is under way goes together in the next, and each hears of its own", async () => {
  const { group, batches, answerAll } = recorder();
  const first = group.add("a");
  await expect.poll(() => batches).toEqual([["a"]]);
  const others = ["b", "c", "d"].map((item) => group.add(item));
  await answerAll();
  expect(await Promise.all([first, ...others])).toEqual(["a written", "b written", "c written", "d written"]);
  expect(batches).toEqual([["a"], ["b", "c", "d"]]);
});

test("what the database cannot store takes nothing else with it", async () => {
  const { group, batches, answerAll } = recorder();
  const all = Promise.allSettled(["a", "b", "bad", "c"].map((item) => group.add(item)));
  await answerAll();
  expect((await all).map(({ status }) => status)).toEqual([
    "fulfilled",
    "fulfilled",
    "rejected",
    "fulfilled",
  ]);
  expect(batches).toEqual([["a", "b", "bad", "c"], ["a", "b"], ["bad", "c"], ["bad"], ["c"]]);
});

test("where it is not known what was written, none of the batch is written once more", async () => {
  const { group, batches, answerAll } = recorder();
  const all = Promise.allSettled(["a", "lost"].map((item) => group.add(item)));
  await answerAll();
  expect((await all).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(batches).toEqual([["a", "lost"]]);
});

test("a batch ends before it gets too long, and what is too long for any goes alone", async () => {
  const { group, batches, answerAll } = recorder();
  const all = ["a", "long", "b", "c"].map((item) => group.add(item));
  await answerAll();
  await Promise.all(all);
  expect(batches).toEqual([["a"], ["long"], ["b", "c"]]);
});
