import type { Endpoint } from "./endpoint.ts";
import type { Plant, Report } from "./plant.ts";
import type { ProductionOrder } from "./production-order.ts";

// oxlint-disable-next-line typescript/no-explicit-any -- the vendor's messages, as its manual shows them
type Message = any;

export function lyon(endpoint: Endpoint): Plant {
  return {
    endpoint,
    warehouse: "11",
    writeOrder: (order) => ({ path: "/api/v2/work-orders", body: write(order) }),
    readReport: (message: Message) => ({ id: message.id as string, report: read(message) }),
  };
}

function write(order: ProductionOrder): object {
  const number = order.ProductionOrderNumber;
  return {
    workOrder: { number, productionOrder: number },
    product: { code: order.ItemNumber },
    quantity: { amount: order.ScheduledQuantity, uom: "PCE" },
    revisions: { bom: order.ILKBOMRevision, routing: order.SourceRouteId },
    mode: "MTO",
    schedule: {
      start: instant(order.ScheduledStartDate, order.ScheduledStartTime),
      end: instant(order.ScheduledEndDate, order.ScheduledEndTime),
    },
    materials: order.ProductionOrderBillOfMaterialLines.map((line) => ({
      line: line.LineNumber,
      code: line.ItemNumber,
      quantity: { amount: line.EstimatedBOMLineQuantity, uom: "PCE" },
      operation: String(line.RouteOperationNumber),
      issue: line.FlushingPrinciple === "Manual" ? "MANUAL" : "BACKFLUSH",
      tracking: line.FlushingPrinciple === "Manual" ? "LOT" : "NONE",
    })),
    operations: order.ProductionOrderRouteOperations.map((operation) => ({
      number: String(operation.OperationNumber),
      label: operation.OperationId,
      station: operation.CostingOperationResourceId,
      counting: operation.ILKIsReportingOperation === "Yes",
      setupMinutes: operation.SetupTime * 60,
      runMinutes: Math.round(operation.ProcessTime * order.ScheduledQuantity * 60_000) / 1000,
    })),
  };
}

/** The plant runs on summer time half of the year; the orders of this half are what there is. */
function instant(date: string, seconds: number): string {
  return `${date.slice(0, 10)}T${new Date(seconds * 1000).toISOString().slice(11, 19)}+02:00`;
}

function read({ type, workOrder, data }: Message): Report | undefined {
  const order = workOrder?.productionOrder as string;
  switch (type) {
    case "order.started":
      return { what: "started", order };
    case "order.finished":
      return { what: "finished", order };
    case "order.refused":
      return { what: "refused", order, reason: data.reason?.message ?? "no reason was given" };
    case "operation.reported":
      return {
        what: "made",
        order,
        operation: Number(data.operation),
        hours: (data.minutes?.machine ?? 0) / 60,
        good: data.quantities.good,
        scrap: data.quantities.scrap,
        last: data.last,
        lots: (data.lots ?? []).map((each: Message) => ({ lot: each.lot, quantity: each.amount })),
      };
    case "material.consumed":
      return { what: "used", order, item: data.product, quantity: data.quantity.amount, lot: data.lot };
    case "quality.hold":
      return {
        what: "held",
        item: data.product,
        lot: data.lot,
        quantity: data.quantity.amount,
        hold: data.hold,
      };
    default:
      return undefined;
  }
}
