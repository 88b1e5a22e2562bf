import { expect, test } from "vitest";
import { eventRow, Recent } from "./recent.ts";
import { appendRow } from "./row.ts";
import { anEvent } from "./testing/event.ts";

function row(seq: number, body = "{}") {
  return eventRow(
    "/interlock",
    appendRow(anEvent(`e${seq}`, { body }), 0),
    seq,
    "2026-03-01T08:15:00.123456Z",
  );
}

function seqs(recent: Recent, after: number, limit = 100): number[] | undefined {
  return recent.after(after, limit)?.map(({ seq }) => seq);
}

test("what follows a position is known from the first event that was added on", () => {
  const recent = new Recent();
  expect(seqs(recent, 0)).toBeUndefined();
  expect(recent.add([row(5), row(6)])).toBe(true);
  expect(recent.add([])).toBe(true);
  expect(recent.add([row(7)])).toBe(true);
  expect(seqs(recent, 4)).toEqual([5, 6, 7]);
  expect(seqs(recent, 6)).toEqual([7]);
  expect(seqs(recent, 4, 2)).toEqual([5, 6]);
  expect(seqs(recent, 3)).toBeUndefined();
  // whether there is more, only the database knows
  expect(seqs(recent, 7)).toBeUndefined();
});

test("the answers of two commits may come in the other order", () => {
  const recent = new Recent();
  recent.add([row(8)]);
  recent.add([row(5), row(6), row(7)]);
  expect(seqs(recent, 4)).toEqual([5, 6, 7, 8]);
});

test("nothing is known across a gap, nor of a past that is no more", () => {
  const recent = new Recent();
  recent.add([row(5), row(6)]);
  recent.add([row(9)]);
  expect(seqs(recent, 4)).toBeUndefined();
  expect(seqs(recent, 8)).toEqual([9]);
  // a database that was set back hands out positions again
  expect(recent.add([row(9, '{"another":"past"}')])).toBe(false);
  expect(seqs(recent, 8)).toBeUndefined();
  // a late answer says nothing of what lies between it and what was in mind
  recent.add([row(12)]);
  expect(recent.add([row(10)])).toBe(false);
  expect(seqs(recent, 9)).toBeUndefined();
  expect(seqs(recent, 11)).toBeUndefined();
});

test("what may be redacted is not kept", () => {
  const recent = new Recent();
  recent.add([row(5)]);
  expect(recent.add([{ ...row(6), personal: { "/name": '"Erika"' } }])).toBe(false);
  expect(seqs(recent, 4)).toBeUndefined();
  recent.add([row(7)]);
  expect(seqs(recent, 5)).toBeUndefined();
  expect(seqs(recent, 6)).toEqual([7]);
});

test.each([
  ["events", 5_000, "{}"],
  ["text", 50, JSON.stringify("x".repeat(200_000))],
])("of many %s the last are kept", (_, count, body) => {
  const recent = new Recent();
  for (let seq = 1; seq <= count; seq++) recent.add([row(seq, body)]);
  expect(seqs(recent, 0)).toBeUndefined();
  expect(seqs(recent, count - 1)).toEqual([count]);
  expect(seqs(recent, count - 5)).toHaveLength(5);
});
