import { expect, test } from "vitest";
import type { ContractRegistry } from "../../contract/registry.ts";
import type { NativeMessage, ReadAnswer } from "../contract.ts";
import { expectNews, makeNews } from "./news.ts";
import type { Stand } from "./stand.ts";

/** A stream that is read page by page: nothing twice, nothing left out, and honest about how far it is. */
export function pollTrials(
  name: string,
  events: readonly string[],
  stand: () => Stand,
  contracts: ContractRegistry,
): void {
  test("reads each change once, in order, and translates it to what it declares", async () => {
    const answered = await makeNews(stand());
    const { messages, caughtUpTo } = await readAll();
    expect(messages.length).toBeGreaterThan(0);
    const told = answered.filter(({ stream }) => stream === name).map(({ message }) => message);
    expect(await expectNews(stand(), name, [...messages, ...told], contracts)).toEqual(
      [...events].toSorted(),
    );
    expect(Date.parse(caughtUpTo!), "everything before this time was read").toBeGreaterThan(0);
  });

  test("skips nothing when a page was read while a change was on its way", async () => {
    await makeNews(stand());
    const before = (await readAll()).messages.map(textOf);
    await stand().peer.arm({ kind: "poll-gap", count: 2 });
    const { cursor, messages } = await readAll();
    if (stand().rig.rereads === undefined) expect(messages.map(textOf)).toEqual(before);
    else {
      // The gap may strike the second reading too.
      const again = await readAll(cursor);
      const last = await readAll(again.cursor);
      const read = new Set([...messages, ...again.messages, ...last.messages].map(textOf));
      expect([...read].toSorted()).toEqual(before.toSorted());
    }
  });

  test("reads the same, however little of a page it is asked for", async () => {
    await makeNews(stand());
    const whole = await readAll();
    // Entry by entry; a stream on which the other trials have left much, some at a time.
    const little = await readAll(undefined, whole.messages.length < 100 ? 1 / 1024 : 1 / 16);
    expect(little.messages.map(textOf)).toEqual(whole.messages.map(textOf));
    // One message alone cannot be read in more pages than one.
    expect(little.pages).toBeGreaterThanOrEqual(Math.min(whole.pages + 1, whole.messages.length));
  });

  test("says wait, not nothing, when the target is away or throttles", async () => {
    const at = stand();
    await at.peer.arm({ kind: "outage" }, { kind: "throttle", retryAfterSeconds: 3 });
    expect((await read(undefined)).class).toBe("retry");
    expect(await read(undefined)).toMatchObject({ class: "retry", retryAfterMs: 3000 });
  });

  test("S14 shows that the target's numbers went back", async () => {
    const at = stand();
    await at.peer.snapshot("before-news");
    await makeNews(stand());
    const { cursor, highWater: before } = await readAll();
    await at.peer.restore("before-news");
    const after = await read(cursor);
    expect(after).toMatchObject({ class: "page", messages: [] });
    expect(Number((after as { highWater?: string }).highWater)).toBeLessThan(Number(before));
  });

  async function read(cursor: string | undefined, share?: number): Promise<ReadAnswer> {
    const at = stand();
    return at.session.read!(name, cursor, at.signal, share);
  }

  /** Reads from the cursor, or the beginning, until the stream says that it has caught up. */
  async function readAll(from?: string, share?: number) {
    const messages: NativeMessage[] = [];
    let cursor = from;
    for (let page = 0; page < 1000; page++) {
      const answer = await read(cursor, share);
      if (answer.class !== "page") throw new Error(`page ${page}: ${answer.class} ${answer.why}`);
      messages.push(...answer.messages);
      cursor = answer.cursor;
      if (answer.caughtUpTo !== undefined) return { ...answer, messages, pages: page + 1 };
    }
    throw new Error(`stream ${name} never says that it has caught up`);
  }
}

const textOf = ({ raw }: NativeMessage) => Buffer.from(raw).toString("utf8");
