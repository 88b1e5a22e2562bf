import { readBalance } from "../costing/ledger.ts";
import { plain, sum } from "../decimal.ts";
import type { Erp } from "../erp.ts";
import { PURCHASES } from "../planning/purchase.ts";
import { productionFor } from "../planning/planned-order.ts";
import { FINISH_JOURNALS } from "../production/journal.ts";
import {
  componentsOf,
  operationsOf,
  PRODUCTION_ORDERS,
  type ProductionOrder,
} from "../production/production-order.ts";
import { PACKING_SLIPS } from "../sales/delivery.ts";
import { linesOf, SALES_ORDERS, type SalesOrder } from "../sales/sales-order.ts";
import { STOCK } from "../stock/stock.ts";

/** What a table that compares systems reads: the state itself, not the wire. */
export const COMPARISONS: Readonly<Record<string, (erp: Erp) => unknown>> = {
  orders: (erp) => ({ orders: erp.store.find(SALES_ORDERS).map((order) => readOrder(erp, order)) }),
  "production-orders": (erp) => ({
    productionOrders: erp.store.find(PRODUCTION_ORDERS).map((order) => readProduction(erp, order)),
  }),
  stock: (erp) => ({ stock: erp.store.find(STOCK) }),
  purchases: (erp) => ({ purchases: erp.store.find(PURCHASES) }),
  "ledger-balance": readBalance,
};

function readOrder(erp: Erp, order: SalesOrder): object {
  const number = order.SalesOrderNumber;
  return {
    ...order,
    lines: linesOf(erp, number).map((line) => ({
      ...line,
      productionOrders: productionFor(erp, line.InventoryLotId).map((each) => each.ProductionOrderNumber),
      shippedLots: erp.store
        .find(PACKING_SLIPS, { InventoryLotId: line.InventoryLotId })
        .map(({ ItemBatchNumber, DeliveredQuantity }) => ({ ItemBatchNumber, DeliveredQuantity })),
    })),
  };
}

function readProduction(erp: Erp, order: ProductionOrder): object {
  const number = order.ProductionOrderNumber;
  const received = erp.store
    .find(FINISH_JOURNALS, { ProductionOrderNumber: number })
    .filter(({ IsPosted }) => IsPosted === "Yes");
  return {
    ...order,
    receivedQuantity: plain(sum(received.map((row) => row.ReportedGoodInventoryQuantity))),
    receivedLots: [...new Set(received.map((row) => row.ItemBatchNumber).filter((lot) => lot !== ""))],
    components: componentsOf(erp, number).map(
      ({ ItemNumber, EstimatedBOMLineQuantity, ILKConsumedQuantity, FlushingPrinciple }) => ({
        ItemNumber,
        EstimatedBOMLineQuantity,
        ILKConsumedQuantity,
        FlushingPrinciple,
      }),
    ),
    operations: operationsOf(erp, number).map(
      ({ OperationNumber, ILKGoodQuantity, ILKErrorQuantity, ILKHours, IsOperationCompleted }) => ({
        OperationNumber,
        ILKGoodQuantity,
        ILKErrorQuantity,
        ILKHours,
        IsOperationCompleted,
      }),
    ),
  };
}
