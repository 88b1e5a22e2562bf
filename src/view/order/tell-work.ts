/** What a plant tells of its work orders, and who holds which goods. */
import type { EventData } from "../../contract/generated.ts";
import { type LedgerEvent, systemOf } from "../../event/envelope.ts";
import { minus, plus } from "./amount.ts";
import { momentOf, utc } from "./moment.ts";
import type { GoodsPart, ProductionPart, WorkPart } from "./part.ts";
import { addPieces } from "./tell-production.ts";
import { type Telling, type Tellings, telling } from "./telling.ts";

function about<Data extends { workOrder: string }>(
  tell: (part: WorkPart, data: Data, event: LedgerEvent) => void,
) {
  return (event: LedgerEvent) => {
    const data = event.data as Data & { productionOrder?: string };
    return [
      telling<WorkPart>("workOrder", data.workOrder, (part) => {
        if (event.plant !== undefined) part.plant = event.plant;
        if (data.productionOrder !== undefined) part.productionOrder ??= data.productionOrder;
        tell(part, data, event);
      }),
    ];
  };
}

/** The first sign of work; a later one may tell of an earlier time. */
function begin(part: WorkPart, event: LedgerEvent, at = event.time): void {
  if (part.started === undefined || at < part.started.at) part.started = { at, seq: event.seq };
}

function report(part: WorkPart, data: Reported, event: LedgerEvent): void {
  part.operations ??= {};
  part.operations[data.operation] = addPieces(part.operations[data.operation], data);
  part.toldBy = { ...momentOf(event), system: systemOf(event.source) ?? event.source };
  begin(part, event);
}
type Reported = EventData["interlock.OperationCompleted.v1"] | EventData["interlock.OperationCorrected.v1"];

const started = about((part, _data, event) => begin(part, event));
const completed = about<EventData["interlock.WorkOrderCompleted.v1"]>((part, data, event) => {
  part.completed ??= momentOf(event);
  begin(part, event);
  if (!data.good && !data.scrap) return;
  part.whole = addPieces(part.whole, {
    ...(data.good && { good: data.good }),
    ...(data.scrap && { scrap: data.scrap }),
  });
  part.toldBy = { ...momentOf(event), system: systemOf(event.source) ?? event.source };
});

interface Goods {
  readonly lot?: string;
  readonly serial?: string;
  readonly workOrder?: string;
  readonly productionOrder?: string;
}

/** The most exact name of the goods. A hold on an item as such is told of each of its goods as well. */
function goodsOf({
  lot,
  serial,
  workOrder,
  productionOrder,
}: Goods): { kind: string; id: string } | undefined {
  if (serial !== undefined) return { kind: "serial", id: serial };
  if (lot !== undefined) return { kind: "lot", id: lot };
  if (workOrder !== undefined) return { kind: "workOrder", id: workOrder };
  if (productionOrder !== undefined) return { kind: "productionOrder", id: productionOrder };
  return undefined;
}

/** Beside the work order's own holds: the plant holds the work, quality the goods. */
const GOODS = "goods:";

function holds(event: LedgerEvent): Telling[] {
  const data = event.data as EventData["interlock.GoodsHeld.v1"];
  const goods = goodsOf(data);
  if (!goods) return [];
  return [
    telling<GoodsPart>(`${GOODS}${goods.kind}`, goods.id, (part) => {
      if (data.holds === 0) delete part.held;
      else
        part.held = {
          at: part.held?.at ?? event.time,
          seq: part.held?.seq ?? event.seq,
          holds: data.holds,
          hold: data.hold,
          ...(data.because !== undefined && { because: data.because }),
        };
    }),
  ];
}

/** Only where the production order is named can be told whose stock it is. */
function stockStatus(event: LedgerEvent): Telling[] {
  const { productionOrder, quantity, from, to } = event.data as EventData["interlock.StockStatusChanged.v1"];
  if (productionOrder === undefined) return [];
  return [
    telling<ProductionPart>("productionOrder", productionOrder, (part) => {
      const { stopped = "0", quantity: received = "0", of = {}, first = event.time } = part.receipts ?? {};
      const before = from === "unrestricted" ? stopped : minus(stopped, quantity.value);
      const after = to === "unrestricted" ? before : plus(before, quantity.value);
      part.receipts = { ...momentOf(event), first, quantity: received, of, stopped: after };
    }),
  ];
}

export const workTellings: Tellings = {
  WorkOrderReleased: (event) => {
    const data = event.data as EventData["interlock.WorkOrderReleased.v1"];
    return [
      ...about<EventData["interlock.WorkOrderReleased.v1"]>((part, { quantity, operations }) => {
        part.released ??= momentOf(event);
        part.quantity = quantity.value;
        part.unit = quantity.unit;
        part.reporting = operations.filter(({ reporting }) => reporting).map(({ operation }) => operation);
      })(event),
      telling<ProductionPart>("productionOrder", data.productionOrder, (part) => {
        delete part.delayed;
      }),
    ];
  },
  WorkOrderAccepted: about((part, _data, event) => {
    part.accepted ??= momentOf(event);
  }),
  WorkOrderSplit: (event) => {
    const { workOrder, into } = event.data as EventData["interlock.WorkOrderSplit.v1"];
    return into
      .filter((part) => part.workOrder !== workOrder)
      .map(({ workOrder: id, quantity }) =>
        telling<WorkPart>("workOrder", id, (part) => {
          part.released ??= momentOf(event);
          part.quantity ??= quantity.value;
          part.unit ??= quantity.unit;
          if (event.plant !== undefined) part.plant ??= event.plant;
        }),
      );
  },
  WorkOrderStarted: started,
  OperationStarted: started,
  OperationCompleted: about<EventData["interlock.OperationCompleted.v1"]>((part, data, event) => {
    report(part, data, event);
    if (data.startedAt !== undefined) begin(part, event, utc(data.startedAt));
  }),
  OperationCorrected: about<EventData["interlock.OperationCorrected.v1"]>(report),
  WorkOrderCompleted: completed,
  WorkOrderAborted: about((part, _data, event) => {
    part.aborted ??= momentOf(event);
  }),
  WorkOrderHeld: about<EventData["interlock.WorkOrderHeld.v1"]>((part, { reason }, event) => {
    part.held ??= { ...momentOf(event), ...(reason?.message !== undefined && { reason: reason.message }) };
  }),
  WorkOrderResumed: about((part) => {
    delete part.held;
  }),
  GoodsHeld: holds,
  GoodsFreed: holds,
  StockStatusChanged: stockStatus,
};
