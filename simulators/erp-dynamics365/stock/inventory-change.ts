import { plain, type Exact } from "../decimal.ts";
import type { Call } from "../call.ts";
import type { Erp } from "../erp.ts";
import { defineTable } from "../store/table.ts";
import type { Spot } from "./stock.ts";

/** What changed in stock other than by production, purchase and delivery: a row for each place. */
export const INVENTORY_CHANGES = defineTable(
  "inventoryChange",
  {
    dataAreaId: "text",
    Document: "text",
    LineNumber: "int",
    ILKChange: "text",
    ItemNumber: "text",
    InventoryUnitSymbol: "text",
    Quantity: "decimal",
    ItemBatchNumber: "text",
    InventorySiteId: "text",
    InventoryWarehouseId: "text",
    WarehouseLocationId: "text",
    FromInventoryStatusId: "text",
    ToInventoryStatusId: "text",
    ReasonCode: "text",
    PostingDate: "date",
    VoucherNumber: "text",
    ILKReference: "text",
  },
  ["dataAreaId", "Document", "LineNumber"],
  ["Document"],
);

export type InventoryChange = {
  document: string;
  change: "StatusChanged" | "Scrapped" | "Adjusted";
  item: string;
  unit: string;
  spots: readonly (Spot & { quantity: Exact })[];
  to: string;
  reason: string;
  date: string;
  voucher: string;
};

export function keepInventoryChange(erp: Erp, call: Call, made: InventoryChange): void {
  made.spots.forEach((spot, index) =>
    erp.create(INVENTORY_CHANGES, {
      Document: made.document,
      LineNumber: index + 1,
      ILKChange: made.change,
      ItemNumber: made.item,
      InventoryUnitSymbol: made.unit,
      Quantity: plain(spot.quantity),
      ItemBatchNumber: spot.batch,
      InventorySiteId: spot.site,
      InventoryWarehouseId: spot.warehouse,
      WarehouseLocationId: spot.location,
      FromInventoryStatusId: spot.status,
      ToInventoryStatusId: made.to,
      ReasonCode: made.reason,
      PostingDate: made.date,
      VoucherNumber: made.voucher,
      ILKReference: call.reference,
    }),
  );
  erp.tell(call, "ILKInventoryChangedBusinessEvent", {
    ItemNumber: made.item,
    Document: made.document,
    ILKChange: made.change,
    ILKReference: call.reference,
  });
}
