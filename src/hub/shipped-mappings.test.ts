import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openSpeakers } from "./sessions.ts";
import { checkProject } from "../config/check.ts";
import { loadProject } from "../config/load.ts";
import { openProjectMappings } from "../config/mappings.ts";

const CONTRACT = join(import.meta.dirname, "../connector/index.ts");

/** Two streams that share a mapping, and an effect that is answered with its own words. */
const CONNECTOR = `
import { Type } from "typebox";
import { defineConnector } from ${JSON.stringify(CONTRACT)};
const stream = { events: ["OrderRequested"], help: "orders", mapping: "orders" };
export default defineConnector({
  product: "shop",
  title: "Shop",
  config: Type.Object({}),
  streams: { changes: { kind: "poll", ...stream }, webhook: { kind: "webhook", ...stream } },
  effects: { CancelSalesOrder: { safety: "probe", settlesWithinMs: 0, lane: ({ salesOrder }) => "salesOrder/" + salesOrder } },
  open: ({ toNative }) => ({
    apply: async ({ payload }) => {
      const native = await toNative("CancelSalesOrder", payload);
      return native.ok
        ? { class: "applied", evidence: native.content }
        : { class: "reject", code: native.code, reason: native.message };
    },
    identify: () => ({ id: "1", objectKey: "order/1" }),
    translate: async () => ({ ok: false, code: "NOT_MAPPED", message: "a mapping does this" }),
    close: async () => {},
  }),
});
`;

const ORDERS = `{
  "type": "interlock.OrderRequested.v1", "subject": "salesOrder/" & no, "time": $localTime(at),
  "data": { "salesOrder": no, "customer": "C-1", "lines": [{ "line": 1, "item": $crosswalk("item", article), "quantity": $quantity(amount, unit) }] }
}`;

const order = (item: string) => ({
  type: "interlock.OrderRequested.v1",
  subject: "salesOrder/SO-1",
  time: "2026-07-01T08:00:00+02:00",
  data: {
    salesOrder: "SO-1",
    customer: "C-1",
    lines: [{ line: 1, item, quantity: { value: "2", unit: "C62", sourceUnit: "Stk" } }],
  },
});

const native = { no: "SO-1", at: "2026-07-01 08:00", article: "A-1", amount: 2, unit: "Stk" };
const cancelled = { input: { salesOrder: "SO-1" }, output: { no: "SO-1", why: "none given" } };

let folder: string;
async function open() {
  const project = await loadProject(folder);
  const mappings = await openProjectMappings(project);
  const { of, close } = await openSpeakers(project, mappings);
  return {
    of,
    async close() {
      await close();
      mappings?.close();
    },
  };
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "shipped-"));
  write(
    "interlock.yaml",
    `name: Shops
plants: { lyon: { timezone: Europe/Paris }, tokyo: { timezone: Asia/Tokyo } }
systems:
  shop-a: { role: crm, plant: lyon, connector: shop, config: {} }
  shop-b: { role: crm, plant: tokyo, connector: shop, config: {} }
`,
  );
  write("connectors/shop/index.ts", CONNECTOR);
  write("connectors/shop/mappings/orders.jsonata", ORDERS);
  write("connectors/shop/mappings/orders.samples.json", [
    { input: native, output: order("PUMP-200"), timezone: "Europe/Paris" },
  ]);
  write("connectors/shop/mappings/CancelSalesOrder.jsonata", '{ "no": salesOrder, "why": "none given" }');
  write("connectors/shop/mappings/CancelSalesOrder.samples.json", [cancelled]);
  write(
    "connectors/shop/mappings/crosswalk.csv",
    "system,kind,native,canonical\n*,item,A-1,PUMP-200\n*,unit,Stk,C62\n",
  );
  write(
    "crosswalks/shops.csv",
    "system,kind,native,canonical\nshop-a,item,A-1,PUMP-A\nshop-b,item,A-1,PUMP-B\n*,unit,Stk,C62\n",
  );
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(file: string, content: unknown) {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), typeof content === "string" ? content : JSON.stringify(content));
}

const findings = async () => (await checkProject(folder)).map(({ message }) => message);
const message = { contentType: "application/json", raw: Buffer.from(JSON.stringify(native)) };
const cancel = {
  reference: "SH0PSH0PSH0PSH0P",
  type: "CancelSalesOrder.v1",
  payload: { salesOrder: "SO-1" },
  attempt: 1,
  beforeWrite() {},
};

describe("a shipped mapping", () => {
  test("is checked as it was written, whatever the project calls things and wherever its plants are", async () => {
    expect(await findings()).toEqual([]);
    write("connectors/shop/mappings/orders.samples.json", [{ input: native, output: order("PUMP-9") }]);
    write("connectors/shop/mappings/CancelSalesOrder.samples.json", [{ ...cancelled, input: {} }]);
    expect(await findings()).toEqual([
      expect.stringMatching(/^connectors\/shop\/mappings\/CancelSalesOrder\.samples\.json: .*salesOrder/),
      expect.stringMatching(/^connectors\/shop\/mappings\/orders\.samples\.json: sample 1: /),
    ]);
  });

  test("serves every system of its connector, each with its own crosswalk and time", async () => {
    const speakers = await open();
    for (const [system, plant, item, time] of [
      ["shop-a", "lyon", "PUMP-A", "2026-07-01T08:00:00+02:00"],
      ["shop-b", "tokyo", "PUMP-B", "2026-07-01T08:00:00+09:00"],
    ] as const)
      for (const stream of ["changes", "webhook"])
        expect(await speakers.of.get(system)!.reader.translate(stream, message)).toEqual({
          ok: true,
          event: { ...order(item), time, plant },
        });
    const { session } = speakers.of.get("shop-a")!;
    expect(await session!.apply(cancel, AbortSignal.timeout(60_000))).toMatchObject({
      class: "applied",
      evidence: { why: "none given" },
    });
    await speakers.close();
  });

  test("is replaced for one system by the project's own of the same name", async () => {
    write(
      "mappings/shop-b/CancelSalesOrder.jsonata",
      '{ "no": salesOrder, "why": $crosswalk("why", "none") }',
    );
    write("mappings/shop-b/CancelSalesOrder.samples.json", [
      { input: { salesOrder: "SO-1" }, error: "CROSSWALK_UNKNOWN" },
    ]);
    expect(await findings()).toEqual([]);
    const speakers = await open();
    const answers = ["shop-a", "shop-b"].map((system) =>
      speakers.of.get(system)!.session!.apply(cancel, AbortSignal.timeout(60_000)),
    );
    expect(await Promise.all(answers)).toMatchObject([
      { class: "applied" },
      { class: "reject", code: "CROSSWALK_UNKNOWN" },
    ]);
    await speakers.close();
  });
});
