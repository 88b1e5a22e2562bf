import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

import { loadProcesses } from "../../process/load.ts";
import { type Follower, openFollower, type TestEvent } from "../../view/testing/follower.ts";
import order from "../../view/order/view.ts";
import { openTestApi, type TestApi } from "../testing/app.ts";

const definitions = await loadProcesses([join(import.meta.dirname, "../../../processes")]);

let follower: Follower;
let api: TestApi;
beforeAll(async () => {
  follower = await openFollower([order], definitions);
  api = await openTestApi({ pool: follower.database.pool, processes: definitions });
  const q = { value: "10", unit: "C62" };
  const of = (n: number): TestEvent[] => {
    const salesOrder = `SO-${String(n).padStart(3, "0")}`;
    const subject = `salesOrder/${salesOrder}`;
    const day = `2031-03-${String(n).padStart(2, "0")}`;
    const lines = [{ line: 10, item: "PUMP-200", quantity: q, supply: "make" }];
    const schedule = [{ scheduleLine: 1, quantity: q, confirmedDate: day }];
    const asked = {
      salesOrder,
      customer: n % 2 ? "C-ODD" : "C-EVEN",
      quote: `q-${n}`,
      customerReference: `Best/${n}`,
    };
    const plant = n % 3 ? "lyon" : "brno";
    return [
      { name: "QuoteAccepted", subject, system: "crm", data: { ...asked, lines }, businessUnit: "pumps" },
      ...(n > 6
        ? []
        : [
            {
              name: "OrderCreated",
              subject,
              system: "erp",
              data: { ...asked, document: `D${n}`, lines: lines.map((line) => ({ ...line, schedule })) },
            },
            {
              name: "ProductionOrderReleased",
              subject: `productionOrder/PO-${n}`,
              system: "erp",
              plant,
              data: {
                productionOrder: `PO-${n}`,
                item: "PUMP-200",
                quantity: q,
                mode: "mto",
                operations: [],
                pegging: [{ salesOrder, line: 10 }],
              },
            },
          ]),
    ];
  };
  await follower.append(Array.from({ length: 9 }, (_, i) => of(i + 1)).flat());
  await follower.append([
    {
      name: "ProjectedDateChanged",
      subject: "salesOrder/SO-002",
      data: { salesOrder: "SO-002", line: 10, newDate: "2031-04-01" },
    },
  ]);
  await follower.follow();
  await follower.database.pool.query(
    `insert into cases (fingerprint, kind, owner, subject, title, detail)
     values ('x', 'EFFECT_REJECTED', 'finance', 'productionOrder/PO-4', 'refused', '{}')`,
  );
});
afterAll(async () => {
  await api.app.close();
  await follower.database.drop();
});

interface Listed {
  items: { id: string; risks: string[]; openCases: number; matched: { kind: string; number: string }[] }[];
  next: string | null;
  stages?: Record<string, number>;
}
async function list(query: string): Promise<Listed> {
  const { status, json } = await api.get(`/v1/orders?${query}`);
  expect(status).toBe(200);
  return json as unknown as Listed;
}
const ids = async (query: string) => (await list(query)).items.map(({ id }) => id);

test("finds an order by any number that anybody has, whatever its capitals, exactly or by how it begins", async () => {
  for (const [typed, kind] of [
    ["so-003", "salesOrder"],
    ["Q-3", "quote"],
    ["d3", "erpOrder"],
    ["best/3", "customerOrder"],
    ["po-3", "productionOrder"],
  ]) {
    const { items } = await list(`search=${encodeURIComponent(typed!)}`);
    expect(items.map(({ id }) => id)).toEqual(["SO-003"]);
    expect(items[0]!.matched).toEqual([{ kind, number: expect.any(String) as string }]);
  }
  expect(await ids("search=so-00")).toHaveLength(9);
  expect(await ids("search=nothing")).toEqual([]);
});

test("filters add up, and the stages count what they leave", async () => {
  expect(await ids("customer=C-ODD&stage=quote")).toEqual(["SO-009", "SO-007"]);
  expect(await list("businessUnit=pumps&plant=brno")).toMatchObject({
    items: [{ id: "SO-006" }, { id: "SO-003" }],
    stages: { order: 2 },
  });
  expect((await list("stage=quote")).stages).toEqual({ order: 6, quote: 3 });
  expect(await ids("waitingFor=erp&open=true&sort=waiting")).toEqual(["SO-007", "SO-008", "SO-009"]);
  expect(await ids("risk=late")).toEqual(["SO-002"]);
  expect(await ids("risk=held")).toEqual([]);
});

test("an order is blocked by a case about anything that belongs to it", async () => {
  const { items } = await list("risk=blocked");
  expect(items).toMatchObject([{ id: "SO-004", risks: ["blocked"], openCases: 1 }]);
});

test("pages through every sort without leaving one out or showing one twice", async () => {
  for (const sort of ["latest", "promised"]) {
    const seen: string[] = [];
    let cursor = "";
    for (;;) {
      const page = await list(`sort=${sort}&limit=2${cursor}`);
      seen.push(...page.items.map(({ id }) => id));
      if (page.next === null) break;
      cursor = `&cursor=${page.next}`;
    }
    expect(seen.toSorted()).toEqual(Array.from({ length: 9 }, (_, i) => `SO-00${i + 1}`));
    if (sort === "promised") expect(seen.slice(0, 3)).toEqual(["SO-001", "SO-002", "SO-003"]);
  }
  expect(await api.get("/v1/orders?cursor=bm9uZQ")).toMatchObject({
    status: 400,
    json: { code: "CURSOR_INVALID" },
  });
});

test("one order is shown with its cases and numbers, and an unknown one is said to be unknown", async () => {
  const { status, json } = await api.get("/v1/orders/SO-004");
  expect(status).toBe(200);
  expect(json).toMatchObject({
    id: "SO-004",
    stage: "order",
    plants: ["lyon"],
    waiting: { for: "plant-operations" },
    cases: [{ subject: "productionOrder/PO-4" }],
    lines: [{ line: 10, promisedDate: "2031-03-04", shipped: "0" }],
    track: [{ step: "quote" }, { step: "order" }, ...Array.from({ length: 6 }, () => ({ reachedAt: null }))],
  });
  expect(json["numbers"]).toContainEqual({ kind: "productionOrder", number: "PO-4" });
  expect(await api.get("/v1/orders/SO-404")).toMatchObject({ status: 404, json: { code: "OBJECT_UNKNOWN" } });
});
