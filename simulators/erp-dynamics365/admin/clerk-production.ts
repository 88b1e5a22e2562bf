import type { Call } from "../call.ts";
import type { Erp } from "../erp.ts";
import { releaseProduction } from "../planning/planned-order.ts";
import { createProductionOrder } from "../production/create-order.ts";
import { MARKINGS } from "../production/production-order.ts";
import { refuse } from "../refusal.ts";
import type { RequestReader } from "../request-reader.ts";
import { linesOf } from "../sales/sales-order.ts";
import { firstSite } from "../stock/place.ts";

/**
 * A planner makes an order by hand and releases it: `ItemNumber, Quantity, ProductionOrderNumber?, SiteId?, StartDate?,
 * DeliveryDate?, Markings?` (`SalesOrderNumber, LineNumber, Quantity`).
 */
export function releaseByHand(erp: Erp, call: Call, request: RequestReader): object {
  const markings = request.has("Markings")
    ? request.list("Markings").map((each) => readMarking(erp, each))
    : [];
  const order = createProductionOrder(erp, call, {
    item: request.text("ItemNumber"),
    quantity: request.positive("Quantity"),
    site: request.text("SiteId", firstSite(erp)),
    deliveryDate: request.date("DeliveryDate", erp.clock.today()),
    mode: markings.length === 0 ? "mts" : "mto",
    ...(request.has("ProductionOrderNumber") && { number: request.text("ProductionOrderNumber") }),
    ...(request.has("StartDate") && { start: request.date("StartDate") }),
  });
  const { ProductionOrderNumber } = order;
  for (const marking of markings) erp.create(MARKINGS, { ProductionOrderNumber, ...marking });
  releaseProduction(erp, call, order);
  return { ProductionOrderNumber };
}

/** A sales line that the order is made for, and how much of it. */
function readMarking(erp: Erp, request: RequestReader) {
  const [number, line] = [request.text("SalesOrderNumber"), request.int("LineNumber")];
  const held = linesOf(erp, number).find(
    ({ LineCreationSequenceNumber }) => LineCreationSequenceNumber === line,
  );
  if (!held)
    return refuse("UnknownLine", `Sales order ${number} has no line ${line}`, request.field("LineNumber"));
  return {
    InventoryLotId: held.InventoryLotId,
    SalesOrderNumber: number,
    LineCreationSequenceNumber: line,
    Quantity: request.positive("Quantity").toFixed(),
  };
}
