import { afterAll, beforeAll, expect, test } from "vitest";

import { engineEvent } from "../../ledger/row.ts";
import { Appender } from "../../ledger/append.ts";
import { AUTHORIZED, openTestApi, type TestApi } from "../testing/app.ts";

let api: TestApi;
let appender: Appender;
let address: string;
beforeAll(async () => {
  api = await openTestApi();
  appender = new Appender(api.database.pool, api.context.bell);
  address = await api.app.listen({ host: "127.0.0.1", port: 0 });
});
afterAll(() => api.close());

let n = 0;
async function append(subject = "salesOrder/SO-1"): Promise<number> {
  n += 1;
  const { seq } = await appender.append(
    engineEvent({ name: "OrderAtRisk", id: `e-${n}`, subject, time: "2026-03-01T10:00:00Z", data: { n } }),
  );
  return seq;
}

/** Reads a stream until `count` events came, then hangs up. */
async function follow(
  query: string,
  count: number,
  headers: Record<string, string> = {},
  then?: () => Promise<unknown>,
) {
  const hangUp = new AbortController();
  const answer = await fetch(`${address}/v1/events/stream${query}`, {
    headers: { ...AUTHORIZED, ...headers },
    signal: hangUp.signal,
  });
  expect(answer.headers.get("content-type")).toBe("text/event-stream");
  const seqs: number[] = [];
  let text = "";
  let begun = false;
  for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (!begun) {
      begun = true;
      await then?.();
    }
    seqs.length = 0;
    for (const [, data] of text.matchAll(/^data: (.*)$/gm))
      seqs.push((JSON.parse(data!) as { seq: number }).seq);
    if (seqs.length >= count) break;
  }
  hangUp.abort();
  const ids = [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
  return { seqs, last: ids.at(-1)! };
}

test("a reader sees what is appended after it came, and resumes where it broke off", async () => {
  await append();
  const appended: number[] = [];
  const first = await follow("", 2, {}, async () => appended.push(await append(), await append()));
  expect(first.seqs).toEqual(appended);
  const missed = [await append(), await append()];
  expect((await follow("", 2, { "last-event-id": String(first.last) })).seqs).toEqual(missed);
});

test("a filter passes on only what was asked for, and the position moves on over the rest", async () => {
  const wanted = await append("workOrder/WO-1");
  await append("workOrder/WO-2");
  const again = await append("workOrder/WO-1");
  const { seqs, last } = await follow("?after=0&object=workOrder/WO-1", 2);
  expect(seqs).toEqual([wanted, again]);
  expect(last).toBeGreaterThanOrEqual(again);
});

test("a reader that hangs up is let go", async () => {
  await follow("?after=0", 1);
  await expect
    .poll(async () => (await api.context.metrics.expose()).text, { timeout: 30_000 })
    .toContain("interlock_stream_open 0");
});

test("a hub that ends lets its readers go, and they may come back to another", async () => {
  const own = await openTestApi();
  const url = await own.app.listen({ host: "127.0.0.1", port: 0 });
  const answer = await fetch(`${url}/v1/events/stream?after=0`, { headers: AUTHORIZED });
  const whole = answer.text();
  await own.close();
  expect(await whole).toContain("id: 0");
});
