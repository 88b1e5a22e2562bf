import { afterAll, beforeAll, expect, test } from "vitest";

import { createTestDatabase, type TestDatabase } from "../../db/testing/database.ts";
import { RISKS, SORTS } from "./order.ts";
import { findByNumber, orderList, type OrderFilter } from "./queries.ts";

const ORDERS = 20_000;

/** Filled at once, as the view would have: what is looked at is how PostgreSQL finds rows among many. */
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  const { pool } = database;
  await pool.query(
    `insert into orders (id, customer, plants, business_unit, stage, open, quantities, promised_date, projected_date, waiting_for,
       waiting_since, held, differing, last_at, last_seq)
     select 'SO-' || n, 'C-' || n % 500, array[(array['lyon', 'brno', 'graz', 'vigo'])[1 + n % 4]], 'unit-' || n % 5,
       (array['quote', 'order', 'released', 'in-production', 'quality', 'received', 'shipped', 'invoiced'])[1 + n % 8], n % 8 < 7, '{}',
       date '2031-01-01' + n % 90, null, case when n % 8 < 7 then (array['erp', 'plant', 'finance'])[1 + n % 3] end,
       case when n % 8 < 7 then timestamptz '2026-01-01' + n * interval '1 minute' end, n % 100 = 0, 0, now(), n
     from generate_series(1, $1) as n`,
    [ORDERS],
  );
  await pool.query(
    `insert into order_numbers (id, kind, number, search)
     select 'SO-' || n, kind, word || n, word || n
     from generate_series(1, $1) as n,
       (values ('salesOrder', 'SO-'), ('quote', 'Q-'), ('erpOrder', 'D-'), ('workOrder', 'PO-')) as k (kind, word)`,
    [ORDERS],
  );
  await pool.query(
    `insert into cases (fingerprint, kind, owner, subject, title, detail)
     select n, 'EFFECT_REJECTED', 'finance', 'workOrder/PO-' || n, 'refused', '{}' from generate_series(1, 200) as n`,
  );
  await pool.query("vacuum analyze orders, order_numbers, cases");
});
afterAll(() => database.drop());

async function planOf({ statement, values }: ReturnType<typeof orderList>): Promise<string> {
  const { rows } = await database.pool.query<{ "QUERY PLAN": string }>(`explain ${statement.text}`, values);
  return rows.map((row) => row["QUERY PLAN"]).join("\n");
}

const filters: Record<string, Partial<OrderFilter>> = {
  nothing: {},
  plant: { plant: "graz" },
  "a business unit": { businessUnit: "unit-3" },
  "a customer": { customer: "C-77" },
  "a stage": { stage: "quality" },
  "whose move it is": { waitingFor: "finance" },
  "what is open": { open: true },
  "a scope": { scope: ["lyon", "graz"] },
  "several at once": { plant: "lyon", stage: "order", businessUnit: "unit-1", open: true },
  ...Object.fromEntries(RISKS.map((risk) => [risk, { risk }])),
};

test.each(Object.entries(filters))(
  "a page filtered by %s reads no table from end to end",
  async (_, filter) => {
    for (const sort of SORTS)
      for (const after of [undefined, sort === "latest" ? (["9000", "SO-1"] as const) : undefined])
        expect(await planOf(orderList({ scope: undefined, ...filter }, sort, after, 51))).not.toMatch(
          /Seq Scan on (orders|order_numbers)/,
        );
  },
);

test("a search reads no table from end to end, whether it finds one or all", async () => {
  const one = await findByNumber(database.pool, "po-1234");
  expect(one).toMatchObject({ from: "PO-1234", many: false });
  const all = { ...(await findByNumber(database.pool, "so")), many: true };
  for (const search of [one, all])
    for (const sort of SORTS)
      expect(await planOf(orderList({ scope: undefined, search }, sort, undefined, 51))).not.toMatch(
        /Seq Scan on (orders|order_numbers)/,
      );
});
