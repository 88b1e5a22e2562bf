import { afterAll, beforeAll, expect, test } from "vitest";

import { Appender } from "../../ledger/append.ts";
import { engineEvent } from "../../ledger/row.ts";
import { AUTHORIZED, openTestApi, type TestApi } from "../testing/app.ts";

let api: TestApi;
let address: string;
beforeAll(async () => {
  api = await openTestApi();
  address = await api.app.listen({ host: "127.0.0.1", port: 0 });
});
afterAll(() => api.close());

test("says where the ledger is, and again when it has moved", async () => {
  const appender = new Appender(api.database.pool, api.context.bell);
  const hangUp = new AbortController();
  const { body, headers } = await fetch(`${address}/v1/stream`, {
    headers: AUTHORIZED,
    signal: hangUp.signal,
  });
  expect(headers.get("content-type")).toBe("text/event-stream");
  let text = "";
  let appended: number | undefined;
  for await (const chunk of body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (appended === undefined) {
      const time = "2026-03-01T10:00:00Z";
      const about = { name: "OrderAtRisk", id: "e-1", subject: "salesOrder/SO-1", time, data: {} };
      appended = (await appender.append(engineEvent(about))).seq;
    } else if (text.includes(`{"head":${appended}}`)) break;
  }
  hangUp.abort();
  expect(text).toContain(`data: {"head":${appended! - 1}}`);
});

test("a hub that ends lets its readers go", async () => {
  const own = await openTestApi();
  const url = await own.app.listen({ host: "127.0.0.1", port: 0 });
  const answer = await fetch(`${url}/v1/stream`, { headers: AUTHORIZED });
  const whole = answer.text();
  await own.close();
  expect(await whole).toContain("head");
});
