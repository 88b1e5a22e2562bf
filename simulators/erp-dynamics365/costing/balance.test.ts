import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { newCall } from "../call.ts";
import { exact, plain, sum } from "../decimal.ts";
import { Erp } from "../erp.ts";
import { parseObject } from "../exact-json.ts";
import { MESSAGE_TYPES } from "../message-queue/message-types.ts";
import { firmAndRelease, plan } from "../planning/planned-order.ts";
import { PRODUCTS } from "../product/product.ts";
import { PRODUCTION_ORDERS } from "../production/production-order.ts";
import { Refusal } from "../refusal.ts";
import { RequestReader } from "../request-reader.ts";
import { OPERATIONS } from "../service/integration-service.ts";
import { DEFAULT_SEED } from "../seed/default-seed.ts";
import { seedErp } from "../seed/seed.ts";
import { STOCK } from "../stock/stock.ts";
import { performUnit } from "../unit.ts";
import { ACCOUNTS, readBalance, workInProcess } from "./ledger.ts";

type Step = { name: string; content: object };

const quantity = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 4 }) },
  { weight: 1, arbitrary: fc.integer({ min: -3, max: 12 }) },
);
const report = (good: number, scrapped: number, status: string, last: string) => ({
  name: "ProdProductionOrderReportFinished",
  content: {
    ReportFinishedLines: [
      {
        ReportedGoodQuantity: good,
        ReportedErrorQuantity: scrapped,
        InventoryStatusId: status,
        EndJob: last,
      },
    ],
  },
});
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    name: fc.constant("ProdProductionOrderStart"),
    content: fc.record({ StartedQuantity: quantity }),
  }),
  fc
    .tuple(
      quantity,
      fc.integer({ min: 0, max: 1 }),
      fc.constantFrom("Available", "Inspection"),
      fc.constantFrom("No", "No", "Yes"),
    )
    .map((args) => report(...args)),
  fc
    .tuple(quantity, quantity, fc.constantFrom(10, 20, 30), fc.integer({ min: -5, max: 300 }))
    .map(([good, scrapped, operation, hundredths]) => ({
      name: "ProdProductionOrderRouteCard",
      content: {
        RouteCardLines: [
          {
            OperationNumber: operation,
            GoodQuantity: good,
            ErrorQuantity: scrapped,
            Hours: `${hundredths / 100}`,
          },
        ],
      },
    })),
  fc.tuple(quantity, fc.constantFrom("HOUSING", "SCREW", "MOTOR-1", "MOTOR-2")).map(([pieces, item]) => ({
    name: "ProdProductionOrderPickingList",
    content: { PickingListLines: [{ ItemNumber: item, ConsumptionBOMQuantity: pieces }] },
  })),
  fc.constant({ name: "ProdProductionOrderEnd", content: {} }),
  fc.record({
    name: fc.constant("ScrapInventory"),
    content: fc.record({ ItemNumber: fc.constantFrom("PUMP-200", "SCREW"), Quantity: quantity }),
  }),
  fc.record({
    name: fc.constant("SetInventoryStatus"),
    content: fc.record({
      ItemNumber: fc.constantFrom("PUMP-200", "MOTOR-1"),
      FromInventoryStatusId: fc.constantFrom("Available", "Inspection"),
      ToInventoryStatusId: fc.constantFrom("Available", "Blocked"),
      Quantity: quantity,
    }),
  }),
);

function perform(erp: Erp, order: string, { name, content }: Step): boolean {
  const body = { ProductionOrderNumber: order, ILKReference: "", ...content };
  const request = new RequestReader(parseObject(JSON.stringify(body)));
  const work = MESSAGE_TYPES[name] ?? OPERATIONS[name];
  const call = newCall("api", "test");
  try {
    performUnit(erp, call, () => work?.(erp, call, request));
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

test("whatever is posted or refused: vouchers balance, stock is never negative, inventory is worth what lies there", () => {
  let posted = 0;
  let ended = 0;
  fc.assert(
    fc.property(fc.boolean(), fc.array(step, { minLength: 5, maxLength: 25 }), (started, steps) => {
      const erp = new Erp(mkdtempSync(join(tmpdir(), "erp-balance-")));
      try {
        // A database that is thrown away need not reach the disk.
        erp.store.db.exec("pragma synchronous = off");
        seedErp(erp, parseObject(JSON.stringify(DEFAULT_SEED)));
        const call = newCall("system", "test");
        const wanted = {
          item: "PUMP-200",
          configuration: "M1",
          quantity: exact(10),
          site: "1",
          deliveryDate: erp.clock.today(),
          mode: "mts",
        } as const;
        const order = erp.store.transact(() =>
          firmAndRelease(erp, call, plan(erp, call, wanted)),
        ).ProductionOrderNumber;
        const first = started ? [{ name: "ProdProductionOrderStart", content: {} }] : [];
        for (const each of [...first, ...steps]) {
          if (perform(erp, order, each)) posted++;
        }
        expectSound(erp);
        if (
          erp.get(PRODUCTION_ORDERS, { ProductionOrderNumber: order })?.ProductionOrderStatus === "Completed"
        ) {
          ended++;
          expect(plain(workInProcess(erp, order))).toBe("0");
        }
      } finally {
        erp.close();
      }
    }),
    { numRuns: 40, seed: 20_310_509 },
  );
  // The walk must have gone somewhere.
  expect(posted).toBeGreaterThan(100);
  expect(ended).toBeGreaterThan(0);
});

function expectSound(erp: Erp): void {
  const { total, unbalanced, accounts } = readBalance(erp);
  expect({ total, unbalanced }).toEqual({ total: "0", unbalanced: [] });
  const stock = erp.store.find(STOCK);
  expect(stock.filter((row) => exact(row.OnHandQuantity).isNegative())).toEqual([]);
  const cost = (item: string) => erp.get(PRODUCTS, { ItemNumber: item })?.UnitCost ?? "0";
  const worth = sum(stock.map((row) => exact(row.OnHandQuantity).times(cost(row.ItemNumber))));
  expect(plain(worth)).toBe(accounts[ACCOUNTS.inventory]);
}
