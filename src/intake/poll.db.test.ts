import { afterAll, beforeAll, expect, test } from "vitest";
import type { ReadAnswer } from "../connector/contract.ts";
import { createTestDatabase, type TestDatabase } from "../db/testing/database.ts";
import { Bell } from "../ledger/bell.ts";
import { readAfter } from "../ledger/read.ts";
import { isBefore, type Polling, pollOnce } from "./poll.ts";
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
