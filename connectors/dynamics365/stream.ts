import { tellPosting, tellRelease, tellStatus } from "./production-events.ts";
import type { Reader } from "./reader.ts";
import { tellBom, tellCustomer, tellInventory, tellItem, tellPurchase } from "./record-events.ts";
import { tellInvoice, tellOrder, tellPackingSlip } from "./sales-events.ts";
import type { BusinessEvent, Told } from "./told.ts";

type Tell = (event: BusinessEvent, reader: Reader) => Promise<readonly Told[]>;

/** What each stream reads of the log of business events, and how more is learned of each. */
const SOURCES: Readonly<Record<string, Readonly<Record<string, Tell>>>> = {
  sales: {
    ILKSalesOrderChangedBusinessEvent: tellOrder,
    ILKPackingSlipPostedBusinessEvent: tellPackingSlip,
    SalesInvoicePostedBusinessEvent: tellInvoice,
  },
  production: {
    ProductionOrderReleasedBusinessEvent: tellRelease,
    ProductionOrderStatusChangedBusinessEvent: tellStatus,
    ILKProductionPostedBusinessEvent: tellPosting,
  },
  masterdata: {
    ILKCustomerChangedBusinessEvent: tellCustomer,
    ILKItemChangedBusinessEvent: tellItem,
    ILKBOMRevisedBusinessEvent: tellBom,
  },
  inventory: {
    ILKInventoryChangedBusinessEvent: tellInventory,
    ILKPurchaseRequestBusinessEvent: tellPurchase,
  },
};

export type Source = Readonly<Record<string, Tell>>;

export function sourceOf(stream: string): Source | undefined {
  return Object.hasOwn(SOURCES, stream) ? SOURCES[stream] : undefined;
}
