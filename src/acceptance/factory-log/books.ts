/** What came of it: the ERP's own book, and the ledger. */
import type { Works } from "./works.ts";

export interface Event {
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- each reader knows the contract of its type
  readonly data: any;
}

export interface Production {
  readonly ProductionOrderNumber: string;
  readonly ItemNumber: string;
  readonly ScheduledQuantity: string;
  readonly receivedQuantity: string;
  readonly operations: readonly {
    readonly OperationNumber: number;
    readonly ILKGoodQuantity: string;
    readonly ILKErrorQuantity: string;
  }[];
}

export interface Books {
  readonly productions: readonly Production[];
  readonly stock: readonly {
    readonly ItemNumber: string;
    readonly InventoryStatusId: string;
    readonly OnHandQuantity: string;
  }[];
  readonly balance: { readonly total: string; readonly unbalanced: readonly unknown[] };
  /** References under which the ERP did more than one thing. */
  readonly twice: readonly string[];
  readonly events: ReadonlyMap<string, readonly Event[]>;
  readonly openCases: readonly { readonly kind: string; readonly subject: string; readonly title: string }[];
}

const TOLD = ["OperationStarted", "OperationCompleted", "InspectionRecorded", "QualityHoldRaised"];

export async function readBooks(works: Works): Promise<Books> {
  const [{ productionOrders }, { stock }, balance, summary] = await Promise.all([
    works.ask("erp", "production-orders"),
    works.ask("erp", "stock"),
    works.ask("erp", "ledger-balance"),
    works.ask("erp", "book/summary"),
  ]);
  const events = await Promise.all(
    TOLD.map(async (name) => {
      const found = await works.list<Event>("/v1/events", { type: `interlock.${name}.v1` });
      return [name, found] as const;
    }),
  );
  return {
    productions: productionOrders,
    stock,
    balance,
    twice: summary.appliedMoreThanOnce,
    events: new Map(events),
    openCases: await works.list("/v1/cases", { state: "open" }),
  };
}
