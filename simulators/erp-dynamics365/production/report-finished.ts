import { postVoucher } from "../costing/ledger.ts";
import { exact, plain, type Exact } from "../decimal.ts";
import type { Call } from "../call.ts";
import type { Erp } from "../erp.ts";
import { findProduct, type Product } from "../product/product.ts";
import { refuse } from "../refusal.ts";
import type { RequestReader } from "../request-reader.ts";
import { checkStatus, resolvePlace } from "../stock/place.ts";
import { lotFor, moveStock, type Pick } from "../stock/stock.ts";
import { flushFor, postConsumption } from "./consume.ts";
import { checkJournalName, FINISH_JOURNALS, nextJournal, tellPosted } from "./journal.ts";
import { findProductionOrder, refuseNotStarted, type ProductionOrder } from "./production-order.ts";
import { addReported } from "./quantity.ts";
import { postRouteByRule, type RouteRule } from "./work.ts";

export type Receipt = {
  good: Exact;
  scrapped: Exact;
  cause: string;
  date: string;
  batch: string;
  status: string;
  site: string;
  warehouse: string;
  location: string;
  acceptMore: boolean;
  last: boolean;
  bomRule: "FlushingPrincip" | "Always" | "Never";
  routeRule: RouteRule;
  journalName: string;
};

/** `ProdProductionOrderReportFinished`: good pieces into stock, scrapped ones off the order. */
export function reportFinished(erp: Erp, call: Call, content: RequestReader): void {
  const number = content.text("ProductionOrderNumber");
  findProductionOrder(erp, number);
  for (const line of content.list("ReportFinishedLines")) {
    const order = findProductionOrder(erp, number);
    refuseNotStarted(order);
    const item = line.text("ItemNumber", order.ItemNumber);
    if (item !== order.ItemNumber)
      refuse(
        "WrongItem",
        `Production order ${number} makes item ${order.ItemNumber}, not ${item}`,
        line.field("ItemNumber"),
      );
    const journalName = line.text("JournalNameId", line.text("ProductionJournalNameId", ""));
    postReceipt(erp, call, order, {
      good: line.decimal("ReportedGoodQuantity", "0"),
      scrapped: line.decimal("ReportedErrorQuantity", "0"),
      cause: line.text("ErrorCause", "None"),
      date: line.date("ReportAsFinishedDate", erp.clock.today()),
      batch: line.text("ItemBatchNumber", ""),
      status: checkStatus(line.text("InventoryStatusId", "Available")),
      site: line.text("ProductionSiteId", ""),
      warehouse: line.text("ProductionWarehouseId", ""),
      location: line.text("ProductionWarehouseLocationId", ""),
      acceptMore: line.flag("AcceptError", false),
      last: line.flag("EndJob", false),
      bomRule: line.choice(
        "AutomaticBOMConsumptionRule",
        ["FlushingPrincip", "Always", "Never"],
        "FlushingPrincip",
      ),
      routeRule: line.choice(
        "AutomaticRouteConsumptionRule",
        ["RouteDependent", "Always", "Never"],
        "RouteDependent",
      ),
      journalName: checkJournalName(erp, journalName),
    });
  }
}

export function postReceipt(erp: Erp, call: Call, order: ProductionOrder, receipt: Receipt): void {
  const { good, scrapped, date } = receipt;
  const number = order.ProductionOrderNumber;
  if (good.isZero() && scrapped.isZero() && !receipt.last)
    refuse("NoQuantity", `Nothing is reported on production order ${number}`, "ReportedGoodQuantity");
  const product = findProduct(erp, order.ItemNumber);
  const changed = addReported(erp, call, order, receipt);
  const journal = nextJournal(erp);
  erp.record(call, "productionOrder.reportFinished", number, {
    item: order.ItemNumber,
    good: plain(good),
    scrapped: plain(scrapped),
    status: receipt.status,
    journal,
  });
  const moves = good.isNegative()
    ? takeReceiptBack(erp, call, order, product, receipt, journal)
    : receive(erp, call, order, product, receipt, journal);
  const voucher = postVoucher(
    erp,
    call,
    { date, text: `Report as finished ${journal} ${order.ItemNumber}`, productionOrder: number },
    [["inventory", "wip", good.times(product.UnitCost)]],
  );
  const [first] = moves;
  const lines = first === undefined ? [undefined] : moves;
  lines.forEach((move, index) =>
    erp.create(FINISH_JOURNALS, {
      JournalNumber: journal,
      JournalLineNumber: index + 1,
      JournalName: receipt.journalName,
      ProductionOrderNumber: number,
      InventoryLotId: order.InventoryLotId,
      ReportAsFinishedDate: date,
      ReportedGoodInventoryQuantity: move ? plain(move.quantity) : "0",
      ReportedErrorInventoryQuantity: index === 0 ? plain(scrapped) : "0",
      ErrorCause: receipt.cause,
      IsLastReportAsFinished: receipt.last ? "Yes" : "No",
      ItemBatchNumber: move?.batch ?? "",
      ProductionWarehouseId: move?.warehouse ?? "",
      ProductionWarehouseLocationId: move?.location ?? "",
      InventoryStatusId: move?.status ?? "",
      IsPosted: "Yes",
      VoucherNumber: voucher,
      ILKReference: call.reference,
    }),
  );
  tellPosted(erp, call, number, "ReportAsFinished", journal);
  const pieces = good.plus(scrapped);
  if (receipt.bomRule !== "Never")
    postConsumption(
      erp,
      call,
      changed,
      flushFor(erp, changed, receipt.bomRule === "Always" ? "Always" : "Finish", pieces),
      { name: "", date, backflush: true },
    );
  postRouteByRule(erp, call, changed, receipt.routeRule, pieces, date);
}

function receive(
  erp: Erp,
  call: Call,
  order: ProductionOrder,
  product: Product,
  receipt: Receipt,
  journal: string,
): Pick[] {
  if (receipt.good.isZero()) return [];
  const own = receipt.site === "" && receipt.warehouse === "";
  const place = resolvePlace(erp, {
    site: receipt.site || (own ? order.ProductionSiteId : ""),
    warehouse: receipt.warehouse || (own ? order.ProductionWarehouseId : ""),
    location: receipt.location || (own ? order.ProductionWarehouseLocationId : ""),
  });
  const batch = lotFor(erp, product, receipt.batch || order.ItemBatchNumber, {
    productionOrder: order.ProductionOrderNumber,
  });
  const spot = { ...place, batch, status: receipt.status };
  moveStock(erp, call, product, spot, receipt.good, journal);
  return [{ ...spot, quantity: receipt.good }];
}

/** Takes received pieces out of stock again, from the last receipts first. */
function takeReceiptBack(
  erp: Erp,
  call: Call,
  order: ProductionOrder,
  product: Product,
  receipt: Receipt,
  journal: string,
): Pick[] {
  const open = new Map<string, Pick>();
  for (const row of erp.store.find(FINISH_JOURNALS, { ProductionOrderNumber: order.ProductionOrderNumber })) {
    if (row.IsPosted === "No" || row.ProductionWarehouseId === "") continue;
    if (receipt.batch !== "" && row.ItemBatchNumber !== receipt.batch) continue;
    const place = { warehouse: row.ProductionWarehouseId, location: row.ProductionWarehouseLocationId };
    const spot = {
      ...resolvePlace(erp, place),
      batch: row.ItemBatchNumber,
      status: row.InventoryStatusId,
    };
    const key = JSON.stringify(spot);
    const quantity = (open.get(key)?.quantity ?? exact(0)).plus(row.ReportedGoodInventoryQuantity);
    open.set(key, { ...spot, quantity });
  }
  const picks: Pick[] = [];
  let left = receipt.good.neg();
  for (const { quantity, ...spot } of [...open.values()].toReversed()) {
    const back = left.lt(quantity) ? left : quantity;
    if (back.lte(0)) continue;
    moveStock(erp, call, product, spot, back.neg(), journal);
    picks.push({ ...spot, quantity: back.neg() });
    left = left.minus(back);
  }
  if (left.gt(0))
    refuse(
      "ReversalTooLarge",
      `${plain(receipt.good.neg())} of item ${order.ItemNumber} cannot be taken back: less was received from production order ${order.ProductionOrderNumber}`,
      "ReportedGoodQuantity",
    );
  return picks;
}
