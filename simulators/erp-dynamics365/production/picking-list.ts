import { plain, type Exact } from "../decimal.ts";
import type { Call } from "../call.ts";
import type { Erp } from "../erp.ts";
import { findProduct } from "../product/product.ts";
import { refuse } from "../refusal.ts";
import type { RequestReader } from "../request-reader.ts";
import { checkStatus } from "../stock/place.ts";
import { postConsumption, type Consumption } from "./consume.ts";
import { checkJournalName } from "./journal.ts";
import {
  componentsOf,
  findProductionOrder,
  operationsOf,
  refuseNotStarted,
  type Component,
} from "./production-order.ts";

/** `ProdProductionOrderPickingList`: material that was used, or given back where the quantity is negative. */
export function postPickingList(erp: Erp, call: Call, content: RequestReader): void {
  const order = findProductionOrder(erp, content.text("ProductionOrderNumber"));
  const number = order.ProductionOrderNumber;
  refuseNotStarted(order);
  const name = checkJournalName(erp, content.text("JournalNameId", ""));
  const components = componentsOf(erp, number);
  const operations = new Set(operationsOf(erp, number).map(({ OperationNumber }) => OperationNumber));
  const byDate = new Map<string, Consumption[]>();
  for (const line of content.list("PickingListLines")) {
    const item = line.text("ItemNumber");
    findProduct(erp, item, line.field("ItemNumber"));
    const operation = line.int("OperationNumber", 0);
    if (operation !== 0 && !operations.has(operation))
      refuse(
        "UnknownOperation",
        `Operation ${operation} is not on production order ${number}`,
        line.field("OperationNumber"),
      );
    const component = chooseComponent(components, item, operation);
    if (!component)
      refuse(
        "NotOnOrder",
        `Item ${item} is not on the bill of materials of production order ${number}`,
        line.field("ItemNumber"),
      );
    const unit = line.text("BOMUnitSymbol", "");
    if (unit !== "" && unit !== component.BOMLineUnitSymbol)
      refuse(
        "WrongUnit",
        `Unit ${unit} is not the unit of item ${item} on production order ${number}, which is ${component.BOMLineUnitSymbol}`,
        line.field("BOMUnitSymbol"),
      );
    const date = line.date("ConsumptionDate", erp.clock.today());
    const status = line.text("InventoryStatusId", "Available");
    const consumptions = byDate.get(date) ?? [];
    byDate.set(date, consumptions);
    consumptions.push({
      component,
      quantity: quantityOf(line),
      batch: line.text("ItemBatchNumber", ""),
      site: line.text("ProductionSiteId", ""),
      warehouse: line.text("ProductionWarehouseId", ""),
      location: line.text("ProductionWarehouseLocationId", ""),
      status: checkStatus(status),
      ended: line.flag("IsConsumptionEnded", false),
      ...(operation === 0 ? {} : { operation }),
    });
  }
  erp.record(call, "productionOrder.pickingList", number, {
    lines: [...byDate.values()]
      .flat()
      .map(({ component, quantity }) => `${component.ItemNumber} ${plain(quantity)}`)
      .join(", "),
  });
  for (const [date, consumptions] of byDate)
    postConsumption(erp, call, order, consumptions, { name, date, backflush: false });
}

/** The unit of stock and the unit of the bill of materials are the same here, so either quantity will do. */
function quantityOf(line: RequestReader): Exact {
  const name = line.has("ConsumptionBOMQuantity") ? "ConsumptionBOMQuantity" : "ConsumptionInventoryQuantity";
  const quantity = line.decimal(name);
  if (quantity.isZero()) refuse("NoQuantity", `${line.field(name)} is zero`, line.field(name));
  return quantity;
}

function chooseComponent(components: Component[], item: string, operation: number): Component | undefined {
  const same = components.filter(({ ItemNumber }) => ItemNumber === item);
  return same.find(({ RouteOperationNumber }) => RouteOperationNumber === operation) ?? same[0];
}
