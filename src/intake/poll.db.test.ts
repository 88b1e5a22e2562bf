import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ReadAnswer } from "../connector/contract.ts";
import { createTestDatabase, type TestDatabase } from "../db/testing/database.ts";
import { Bell } from "../ledger/bell.ts";
import { readAfter } from "../ledger/read.ts";
import { isBefore, type Polling, pollOnce, type Stopwatch } from "./poll.ts";
import { CASES, nativeMessage, nativeSession } from "./testing/plant.ts";

let db: TestDatabase;
const signal = new AbortController().signal;
beforeAll(async () => {
  db = await createTestDatabase();
  await db.pool.query(
    "insert into leases (name, hub_id, fence, expires_at) values ('system:crm', 'h1', 4, clock_timestamp() + interval '1 hour')",
  );
});
afterAll(() => db.drop());

/** A system whose stream has these messages; the cursor is how many were read. */
function polling(
  book: string[],
  given: { pageSize?: number; answer?: ReadAnswer; fence?: number } = {},
): Polling {
  const { pageSize = 2, answer, fence = 4 } = given;
  return {
    pool: db.pool,
    system: "crm",
    stream: "orders",
    held: { hub: "h1", lease: "system:crm", fence, leaseMs: 60_000 },
    cases: CASES,
    bell: new Bell(),
    session: {
      ...nativeSession(),
      read: async (_stream, cursor) => {
        if (answer) return answer;
        const from = Number(cursor ?? 0);
        const page = book.slice(from, from + pageSize);
        return {
          class: "page",
          messages: page.map((id) => nativeMessage({ id, object: id })),
          cursor: String(from + page.length),
          more: from + page.length < book.length,
          caughtUpTo: `2026-03-0${from + page.length + 1}T00:00:00Z`,
          highWater: String(book.length),
        };
      },
    },
  };
}

async function kept(): Promise<string[]> {
  const { rows } = await db.pool.query<{ native_id: string }>("select native_id from inbound order by id");
  return rows.map(({ native_id }) => native_id);
}

async function cursor() {
  const { rows } = await db.pool.query("select position, caught_up_to, high_water from cursors");
  return rows;
}

test("a page and its cursor are one commit: nothing is lost, nothing skipped, a page read again adds nothing", async () => {
  const book = ["1", "2", "3"];
  expect(await pollOnce(polling(book), signal)).toEqual({ outcome: "read", kept: 2, more: true });
  // A hub that lost the system meanwhile has read the next page, and must move neither rows nor cursor.
  await expect(pollOnce(polling(book, { fence: 3 }), signal)).rejects.toMatchObject({ code: "IL001" });
  expect(await kept()).toEqual(["1", "2"]);
  expect(await cursor()).toMatchObject([{ position: "2" }]);
  expect(await pollOnce(polling(book), signal)).toEqual({ outcome: "read", kept: 1, more: false });
  await db.pool.query("update cursors set position = '0'");
  expect(await pollOnce(polling(book, { pageSize: 9 }), signal)).toEqual({
    outcome: "read",
    kept: 0,
    more: false,
  });
  expect(await kept()).toEqual(["1", "2", "3"]);
  expect(await cursor()).toEqual([{ position: "3", caught_up_to: "2026-03-04T00:00:00Z", high_water: "3" }]);
});

test("what the system answers instead of a page moves nothing", async () => {
  const before = await cursor();
  const retry: ReadAnswer = { class: "retry", why: "busy", retryAfterMs: 5 };
  expect(await pollOnce(polling([], { answer: retry }), signal)).toEqual({
    outcome: "retry",
    why: "busy",
    retryAfterMs: 5,
  });
  expect(await pollOnce(polling([], { answer: { class: "auth", why: "expired" } }), signal)).toEqual({
    outcome: "auth",
    why: "expired",
  });
  expect(await cursor()).toEqual(before);
});

test("S14 a system whose numbers went back is paused with a case, once, and read on when a person resumes it", async () => {
  const book = ["1", "2", "3"];
  await pollOnce(polling(book), signal);
  const restored = ["1", "9"];
  expect(await pollOnce(polling(restored), signal)).toMatchObject({ outcome: "restored" });
  expect(await kept()).toEqual(["1", "2", "3"]);
  const { rows } = await db.pool.query(
    "select s.paused_by, c.kind, c.state from systems s join cases c on c.system = s.system join case_members m on m.case_id = c.id and m.kind = 'system'",
  );
  expect(rows).toEqual([{ paused_by: "interlock", kind: "SYSTEM_WENT_BACK", state: "open" }]);
  expect((await readAfter(db.pool, 0)).map(({ type }) => type)).toEqual(["interlock.SystemPaused.v1"]);
  // Where the new numbers begin nobody knows: all of it is read again, and what was kept before adds nothing.
  expect(await pollOnce(polling(restored), signal)).toMatchObject({ outcome: "read", kept: 1 });
  expect(await kept()).toEqual(["1", "2", "3", "9"]);
});

test("numbers of any length are compared as numbers", () => {
  expect(isBefore("9", "10")).toBe(true);
  expect(isBefore("90071992547409930", "90071992547409929")).toBe(false);
  expect(isBefore("2026-01-02", "2026-01-10")).toBe(true);
});

test("a connector that never answers silences its stream for a while only, and keeps no hub from stopping", async () => {
  const asked: AbortSignal[] = [];
  const mute = polling([]);
  const session = {
    ...mute.session,
    read: (_stream: string, _cursor: string | undefined, ending: AbortSignal) => {
      asked.push(ending);
      return new Promise<ReadAnswer>(() => {});
    },
  };
  expect(await pollOnce({ ...mute, session, withinMs: 1 }, signal)).toMatchObject({ outcome: "retry" });
  const stopping = new AbortController();
  const step = pollOnce({ ...mute, session }, stopping.signal);
  await expect.poll(() => asked, { timeout: 60_000 }).toHaveLength(2);
  stopping.abort();
  await expect(step).rejects.toThrow("was ended");
  expect(asked.map(({ aborted }) => aborted)).toEqual([true, true]);
});

describe("a page that takes too long", () => {
  const PAGE = 200;
  const USUAL_MS = 300_000;
  beforeEach(async () => void (await db.pool.query("delete from cursors; delete from inbound")));

  /** A clock on which time passes when it is told to. */
  function virtualClock(): Stopwatch & { elapse(ms: number): void } {
    let now = 0;
    const waiting = new Map<() => void, number>();
    return {
      now: () => now,
      after(ms, call) {
        waiting.set(call, now + ms);
        return () => void waiting.delete(call);
      },
      elapse(ms) {
        now += ms;
        for (const [call, at] of waiting) if (at <= now && waiting.delete(call)) call();
      },
    };
  }

  /** A system in which each entry takes its time, and a connector that reads as much of a page as it is asked for. */
  function slow(book: readonly string[], given: { eachMs: number; pageSize?: number }) {
    const pages: { from: number; size: number }[] = [];
    const stopwatch = virtualClock();
    const read = async (_stream: string, cursor: string | undefined, ending: AbortSignal, share = 1) => {
      const from = Number(cursor ?? 0);
      const size = Math.max(1, Math.floor((given.pageSize ?? PAGE) * share));
      const page = book.slice(from, from + size);
      await new Promise(setImmediate);
      stopwatch.elapse(page.length * given.eachMs);
      if (!ending.aborted) pages.push({ from, size: page.length });
      return {
        class: "page" as const,
        messages: page.map((id) => nativeMessage({ id, object: id })),
        cursor: String(from + page.length),
        more: from + page.length < book.length,
      };
    };
    const { session, ...parts } = polling([]);
    return { pages, polling: { ...parts, stopwatch, session: { ...session, read } } };
  }

  const numbered = (count: number) => Array.from({ length: count }, (_, n) => `slow-${n}`);

  test("is asked for in smaller portions, and nothing is lost or read twice", async () => {
    const book = numbered(2 * PAGE);
    const given = { eachMs: 2_000 };
    const { pages, polling } = slow(book, given);
    expect(await pollOnce(polling, signal)).toEqual({
      outcome: "retry",
      why: "its connector returned no page within 300 s: 1/4 of a page is asked for now, within 600 s",
    });
    expect(await cursor()).toEqual([]);
    // A whole page would take too long still: it stays at that.
    for (const _ of [1, 2, 3])
      expect(await pollOnce(polling, signal)).toEqual({ outcome: "read", kept: 50, more: true });
    given.eachMs = 100;
    expect(await pollOnce(polling, signal)).toEqual({ outcome: "read", kept: 50, more: true });
    expect(await pollOnce(polling, signal)).toEqual({ outcome: "read", kept: 200, more: false });
    expect(pages.map(({ from }) => from)).toEqual([0, 50, 100, 150, 200]);
    expect(await kept()).toEqual(book);
  });

  test("gets more time where less cannot be asked for", async () => {
    const book = numbered(2);
    const { pages, polling } = slow(book, { eachMs: USUAL_MS * 3, pageSize: 1 });
    expect(await pollOnce(polling, signal)).toMatchObject({ outcome: "retry" });
    expect(await pollOnce(polling, signal)).toMatchObject({
      why: "its connector returned no page within 600 s: 1/16 of a page is asked for now, within 1200 s",
    });
    expect(await pollOnce(polling, signal)).toEqual({ outcome: "read", kept: 1, more: true });
    expect(await pollOnce(polling, signal)).toEqual({ outcome: "read", kept: 1, more: false });
    expect(pages.map(({ from }) => from)).toEqual([0, 1]);
    expect(await kept()).toEqual(book);
  });
});
