/** What the systems hold at the end, each asked for its own. Nothing here asks the hub. */
import { PLANTS, SYSTEM_NAMES, type World } from "./world.ts";

/** An order as the CRM shows it to salespeople. */
export interface CrmOrder {
  readonly number: string;
  readonly customer: string;
  readonly quantity: string;
  readonly status: string;
  readonly promised: string;
}

export interface ErpOrder {
  readonly number: string;
  readonly item: string;
  readonly quantity: string;
  readonly shipped: string;
  readonly invoiced: string;
  readonly promised: string;
  readonly firstPromised: string;
  readonly status: string;
  readonly onHold: boolean;
  /** Lots that left, with how much of each. */
  readonly lots: readonly { readonly lot: string; readonly quantity: string }[];
}

export interface Production {
  readonly number: string;
  readonly salesOrder: string;
  readonly quantity: string;
  readonly good: string;
  readonly scrap: string;
  readonly received: string;
  readonly lots: readonly string[];
  readonly revision: string;
  readonly status: string;
  readonly operations: readonly {
    readonly operation: string;
    readonly good: string;
    readonly scrap: string;
  }[];
  readonly components: readonly {
    readonly item: string;
    /** For the whole order, by its bill of materials. */
    readonly planned: string;
    readonly issued: string;
  }[];
}

/** A work order at its plant: all it ever reported, summed up. */
export interface Work {
  readonly plant: string;
  readonly number: string;
  readonly quantity: string;
  readonly revision: string;
  readonly status: string;
  readonly operations: readonly {
    readonly operation: string;
    readonly reporting: boolean;
    readonly good: string;
    readonly scrap: string;
  }[];
  /** Pieces that were put aside for rework at some time. */
  readonly reworked: string;
  readonly used: readonly {
    readonly item: string;
    readonly quantity: string;
    /** The operation that uses it. */
    readonly operation: string | null;
  }[];
}

export interface Stock {
  readonly lot: string;
  readonly status: string;
  readonly quantity: string;
}

export interface Told {
  readonly crm: readonly CrmOrder[];
  readonly erp: readonly ErpOrder[];
  readonly productions: readonly Production[];
  readonly works: readonly Work[];
  readonly stock: readonly Stock[];
  /** Scrapped out of stock, by lot. */
  readonly scrapped: readonly { readonly lot: string; readonly quantity: string }[];
  /** Of all postings in the ERP; a sound book has 0. */
  readonly balance: string;
  /** References that did something more than once, by system. */
  readonly repeated: readonly string[];
}

// oxlint-disable-next-line typescript/no-explicit-any -- the side doors' answers, as their READMEs show them
type Seen = any;

export async function readBack(world: World): Promise<Told> {
  const [crm, erp, productions, stock, scrapped, balance, works, repeated] = await Promise.all([
    readCrm(world),
    world.ask("erp", "orders").then(({ orders }: Seen) => (orders as Seen[]).map(erpOrder)),
    world
      .ask("erp", "production-orders")
      .then(({ productionOrders }: Seen) => (productionOrders as Seen[]).map(production)),
    world.ask("erp", "stock").then(({ stock: rows }: Seen) => (rows as Seen[]).map(stockRow)),
    readScrapped(world),
    world.ask("erp", "ledger-balance").then(({ total }: Seen) => String(total)),
    Promise.all(PLANTS.map((plant) => readWorks(world, plant))).then((each) => each.flat()),
    readRepeated(world),
  ]);
  return { crm, erp, productions, works, stock, scrapped, balance, repeated };
}

async function readCrm(world: World): Promise<CrmOrder[]> {
  const [orders, lines, accounts] = (await Promise.all(
    ["Order", "OrderItem", "Account"].map((type) => world.ask("crm", `records/${type}`)),
  )) as [Seen[], Seen[], Seen[]];
  return orders.map((order) => {
    const [line] = lines.filter(({ OrderId }) => OrderId === order.Id);
    const account = accounts.find(({ Id }) => Id === order.AccountId);
    return {
      number: order.OrderNumber,
      customer: account?.Name ?? "",
      quantity: line?.Quantity ?? "0",
      status: order.Fulfilment_Status__c ?? "",
      promised: order.Promised_Date__c ?? "",
    };
  });
}

function erpOrder(order: Seen): ErpOrder {
  const [line] = order.lines as Seen[];
  return {
    number: order.SalesOrderNumber,
    item: line.ItemNumber,
    quantity: line.OrderedSalesQuantity,
    shipped: line.ILKDeliveredQuantity,
    invoiced: line.ILKInvoicedQuantity,
    promised: line.ConfirmedShippingDate,
    firstPromised: line.ILKFirstConfirmedShippingDate,
    status: order.SalesOrderStatus,
    onHold: order.ILKIsOnCreditHold === "Yes",
    lots: line.shippedLots.map(({ ItemBatchNumber, DeliveredQuantity }: Seen) => ({
      lot: ItemBatchNumber,
      quantity: DeliveredQuantity,
    })),
  };
}

function production(order: Seen): Production {
  return {
    number: order.ProductionOrderNumber,
    salesOrder: order.DemandSalesOrderNumber,
    quantity: order.ScheduledQuantity,
    good: order.ILKReportedGoodQuantity,
    scrap: order.ILKScrappedQuantity,
    received: order.receivedQuantity,
    lots: order.receivedLots,
    revision: order.ILKBOMRevision,
    status: order.ILKIsCanceled === "Yes" ? "Canceled" : order.ProductionOrderStatus,
    operations: order.operations.map((operation: Seen) => ({
      operation: String(operation.OperationNumber),
      good: operation.ILKGoodQuantity,
      scrap: operation.ILKErrorQuantity,
    })),
    components: order.components.map((component: Seen) => ({
      item: component.ItemNumber,
      planned: component.EstimatedBOMLineQuantity,
      issued: component.ILKConsumedQuantity,
    })),
  };
}

function stockRow(row: Seen): Stock {
  return { lot: row.ItemBatchNumber, status: row.InventoryStatusId, quantity: row.OnHandQuantity };
}

async function readScrapped(world: World): Promise<Told["scrapped"]> {
  const { entries } = (await world.ask("erp", "book?limit=5000")) as { entries: Seen[] };
  return entries
    .filter(({ operation, undone }) => operation === "stock.scrap" && !undone)
    .map(({ facts }) => ({ lot: facts.batch, quantity: facts.quantity }));
}

async function readWorks(world: World, plant: (typeof PLANTS)[number]): Promise<Work[]> {
  const orders = (await world.ask(plant, "orders")) as Seen[];
  return Promise.all(
    orders.map(async ({ workOrder }) => {
      const order: Seen = await world.ask(plant, `orders/${workOrder}`);
      return {
        plant,
        number: order.workOrder,
        quantity: order.quantity,
        revision: order.bomRevision,
        status: order.status,
        operations: order.operations,
        reworked: String(
          (order.reports as Seen[]).reduce((sum, { rework }) => sum + Math.max(0, Number(rework)), 0),
        ),
        used: (order.components as Seen[]).map(({ item, used, operation }) => ({
          item,
          quantity: used,
          operation,
        })),
      };
    }),
  );
}

async function readRepeated(world: World): Promise<string[]> {
  const each = await Promise.all(
    SYSTEM_NAMES.map(async (system) => {
      const { appliedMoreThanOnce } = (await world.ask(system, "book/summary")) as Seen;
      return (appliedMoreThanOnce as string[]).map((reference) => `${system}: ${reference}`);
    }),
  );
  return each.flat();
}
