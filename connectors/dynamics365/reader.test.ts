import { expect, test } from "vitest";
import type { Client, Rows } from "./client.ts";
import { LookFailed, Reader } from "./reader.ts";

const NUMBERS = Array.from({ length: 30 }, (_, n) => `P-${n}`);

/** An ERP that has every order it is asked for, and the filters it was asked with. */
function erp(answer: (numbers: readonly string[]) => Rows): { reader: Reader; asked: string[][] } {
  const asked: string[][] = [];
  const find = (_set: string, { filter }: { filter: string }) => {
    asked.push([...filter.matchAll(/Number eq '([^']*)'/g)].map(([, number]) => number!));
    return Promise.resolve(answer(asked.at(-1)!));
  };
  return { reader: new Reader({ find } as unknown as Client, new AbortController().signal), asked };
}

const having = (numbers: readonly string[]): Rows => ({
  ok: true,
  rows: numbers.map((Number) => ({ "@odata.etag": "W/1", Number })),
  more: false,
  date: undefined,
});

test("what the events of a page ask for together is one look for some of them, each record once", async () => {
  const { reader, asked } = erp(having);
  const found = await Promise.all(
    [...NUMBERS, "P-0"].map((number) => reader.find("Orders", "Number", number)),
  );
  expect(found).toEqual([...NUMBERS, "P-0"].map((Number) => [{ Number }]));
  expect(asked).toEqual([NUMBERS.slice(0, 20), NUMBERS.slice(20)]);
  await reader.find("Orders", "Number", "P-7");
  expect(asked).toHaveLength(2);
});

test("the ERP answers in its own spelling, and not at all for what it does not have", async () => {
  const { reader } = erp(() => having(["P-1"]));
  expect(await Promise.all(["p-1", "P-2"].map((number) => reader.find("Orders", "Number", number)))).toEqual([
    [{ Number: "P-1" }],
    [],
  ]);
});

test("a look that fails fails for all that waited for it", async () => {
  const { reader } = erp(() => ({ ok: false, failure: { class: "retry", why: "busy" } }));
  const looks = await Promise.allSettled(NUMBERS.map((number) => reader.find("Orders", "Number", number)));
  expect(looks.every((look) => look.status === "rejected" && look.reason instanceof LookFailed)).toBe(true);
});
