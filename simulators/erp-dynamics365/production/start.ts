import { exact, plain } from "../decimal.ts";
import type { Call } from "../call.ts";
import type { Erp } from "../erp.ts";
import { refuse } from "../refusal.ts";
import type { RequestReader } from "../request-reader.ts";
import { flushFor, postConsumption } from "./consume.ts";
import { refuseClosedPeriod } from "../costing/ledger.ts";
import { changeProductionOrder, findProductionOrder, refuseUnpostable } from "./production-order.ts";

/** `ProdProductionOrderStart`: the first start moves the order on, later ones start more of it. */
export function startProduction(erp: Erp, call: Call, content: RequestReader): void {
  const order = findProductionOrder(erp, content.text("ProductionOrderNumber"));
  const number = order.ProductionOrderNumber;
  refuseUnpostable(order);
  if (order.ProductionOrderStatus !== "Released" && order.ProductionOrderStatus !== "StartedUp")
    refuse(
      "NotReleased",
      `Production order ${number} cannot be started: its status is ${order.ProductionOrderStatus}`,
    );
  const startable = exact(order.ScheduledQuantity).minus(order.StartedQuantity);
  const quantity = content.decimal("StartedQuantity", plain(startable));
  if (quantity.lte(0))
    refuse("NothingToStart", `Production order ${number} has nothing left to start`, "StartedQuantity");
  if (quantity.gt(startable))
    refuse(
      "OverStart",
      `${plain(quantity)} cannot be started on production order ${number}: only ${plain(startable)} are left`,
      "StartedQuantity",
    );
  const date = content.date("StartedDate", erp.clock.today());
  refuseClosedPeriod(erp, date);
  const rule = content.choice("AutomaticBOMConsumptionRule", ["FlushingPrincip", "Always", "Never"], "Never");
  const started = changeProductionOrder(
    erp,
    call,
    order,
    {
      ProductionOrderStatus: "StartedUp",
      StartedQuantity: plain(quantity.plus(order.StartedQuantity)),
      StartedDate: order.StartedDate || date,
    },
    "Started",
  );
  erp.record(call, "productionOrder.start", number, { quantity: plain(quantity) });
  if (rule !== "Never")
    postConsumption(
      erp,
      call,
      started,
      flushFor(erp, started, rule === "Always" ? "Always" : "Start", quantity),
      {
        name: "",
        date,
        backflush: true,
      },
    );
}
