import { PERIODS, VOUCHER_LINES } from "../costing/ledger.ts";
import { BUSINESS_EVENT_SET } from "../business-event/business-event-set.ts";
import { CUSTOMER_SETS } from "../customer/customer-entity-sets.ts";
import { REFERENCE_LOGS } from "../erp.ts";
import { MESSAGES } from "../message-queue/message.ts";
import { PRODUCT_SETS } from "../product/product-entity-sets.ts";
import { PRODUCTION_SETS } from "../production/production-entity-sets.ts";
import { SALES_SETS } from "../sales/sales-entity-sets.ts";
import { STOCK_SETS } from "../stock/stock-entity-sets.ts";
import { defineEntitySet, type EntitySet } from "./entity-set.ts";

export const ENTITY_SETS: readonly EntitySet[] = [
  ...CUSTOMER_SETS,
  ...PRODUCT_SETS,
  ...STOCK_SETS,
  ...SALES_SETS,
  ...PRODUCTION_SETS,
  BUSINESS_EVENT_SET,
  defineEntitySet({
    names: ["GeneralJournalAccountEntries"],
    entity: "GeneralJournalAccountEntryEntity",
    table: VOUCHER_LINES,
  }),
  defineEntitySet({ names: ["ILKFiscalPeriods"], entity: "ILKFiscalPeriodEntity", table: PERIODS }),
  defineEntitySet({
    names: ["ILKMessageProcessorMessages"],
    entity: "ILKMessageProcessorMessageEntity",
    table: MESSAGES,
  }),
  defineEntitySet({ names: ["ILKReferenceLogs"], entity: "ILKReferenceLogEntity", table: REFERENCE_LOGS }),
];
