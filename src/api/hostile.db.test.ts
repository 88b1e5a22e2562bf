import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestApi, type TestApi, TOKEN } from "./testing/app.ts";
import { attack } from "./testing/hostile.ts";

let api: TestApi;
let url: string;
beforeAll(async () => {
  api = await openTestApi();
  url = await api.app.listen({ host: "127.0.0.1", port: 0 });
});
afterAll(() => api.close());

test("of malformed input nothing is taken wrongly, every refusal is a problem document, and the hub goes on", async () => {
  const answers = await attack(
    { url, token: TOKEN, source: "/systems/shop" },
    { seed: 20260301, count: 300 },
  );
  expect(Object.keys(answers)).toEqual(expect.arrayContaining(["202", "400", "401", "415", "422"]));
});
