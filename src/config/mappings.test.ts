import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Mappings } from "../mapping/mappings.ts";
import type { StreamReader } from "../mapping/stream.ts";
import { readTranslation } from "../mapping/translate.ts";
import { mappedStreams, openProjectMappings } from "./mappings.ts";
import { loadProject } from "./load.ts";

const EXAMPLE = join(import.meta.dirname, "../../examples/order-confirmation");
const FILE = "mappings/portal/requests.jsonata";

let mappings: Mappings;
let orders: StreamReader;

beforeAll(async () => {
  const project = await loadProject(EXAMPLE, null);
  mappings = (await openProjectMappings(project))!;
  orders = mappedStreams(project, mappings, project.systems.get("portal")!).get("requests")!;
});
afterAll(() => mappings.close());

function message(value: unknown) {
  return {
    contentType: "application/json",
    raw: Buffer.from(typeof value === "string" ? value : JSON.stringify(value)),
  };
}

const [{ input, output }] = JSON.parse(
  readFileSync(join(EXAMPLE, FILE.replace(".jsonata", ".samples.json")), "utf8"),
) as [{ input: { messageId: string; order: { number: string } }; output: unknown }];

describe("a mapped stream", () => {
  test("identifies a message by pointers, without its mapping", () => {
    expect(orders.identify("orders", message(input))).toEqual({
      id: "portal-78001",
      objectKey: "salesOrder/SO-1001",
      version: "1",
    });
    for (const bad of ["{", "[]", '{"messageId":{}}', '{"messageId":"1"}'])
      expect(orders.identify("orders", message(bad))).toBeUndefined();
  });

  test("is translated by its mapping", async () => {
    expect(await orders.translate("orders", message(input))).toEqual({ ok: true, event: output });
    expect(await orders.translate("orders", message({ ...input, order: { state: "basket" } }))).toEqual({
      ok: true,
      skip: "order is basket",
    });
  });

  test("says what is wrong with a message, and where", async () => {
    expect(await orders.translate("orders", message("{"))).toMatchObject({
      ok: false,
      code: "MAPPING_INPUT",
    });
    const unknown = { ...input, order: { ...input.order, positions: [{ pos: 1, article: "X-1" }] } };
    expect(await orders.translate("orders", message(unknown))).toMatchObject({
      ok: false,
      code: "CROSSWALK_UNKNOWN",
      pointer: "/order/positions/0/article",
      message: expect.stringMatching(/^mappings\/portal\/requests\.jsonata:18:15: no crosswalk row/),
    });
  });
});

test.each([
  ["[]", "the result must be one event"],
  ['{"type":"a","subject":"b","time":"2026-03-01T10:00:00Z"}', "result's /data is required"],
  ['{"type":"a","subject":"b","time":"2026-03-01 10:00","data":{}}', "use $localTime"],
  ['{"type":"a","subject":"b","time":"2026-03-01T10:00:00Z","data":{},"prio":1}', "/prio is not a field"],
  [
    '{"type":"a","subject":"b","time":"2026-03-01T10:00:00Z","data":{"price":1.5}}',
    "/data/price: the number 1.5",
  ],
])("refuses %s from a mapping", (text, message) => {
  expect(readTranslation("m.jsonata", text)).toMatchObject({
    ok: false,
    code: "MAPPING_RESULT",
    message: expect.stringContaining(message),
  });
});
