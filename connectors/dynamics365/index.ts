import { defineConnector, type OutgoingEffect } from "../../src/connector/index.ts";
import { confirmation } from "./apply-confirmation.ts";
import { finishProductionOrder } from "./apply-finish.ts";
import { messageOperation } from "./apply-message.ts";
import { changeSalesOrder, createSalesOrder, proposePromiseDate } from "./apply-sales-order.ts";
import { Client } from "./client.ts";
import { config, type DynamicsConfig } from "./config.ts";
import { contentOf } from "./content.ts";
import { identify, translate } from "./identify.ts";
import type { Erp, Operation } from "./operation.ts";
import { checkOrder } from "./order-check.ts";
import { orderLane, productionLane, questionLane, requestLane, stockLane } from "./payload.ts";
import { readEvents } from "./read-events.ts";
import {
  cancelSalesOrder,
  postGoodsIssue,
  requestProduction,
  scrapStock,
  setStockStatus,
} from "./services.ts";
import { sourceOf } from "./stream.ts";

/** A look sees a commit at once, but a request that was cut off may still be at work for so long. */
const SETTLES_WITHIN_MS = 10_000;
/** The batch job behind the queue runs every minute or so, tries three times, and may wait for another message. */
const RESULT_WITHIN_MS = 60 * 60_000;

const pickingList = messageOperation("ProdProductionOrderPickingList");
const reportFinished = messageOperation("ProdProductionOrderReportFinished");

const OPERATIONS: Readonly<Record<string, Operation>> = {
  CreateSalesOrder: createSalesOrder,
  ChangeSalesOrder: changeSalesOrder,
  CancelSalesOrder: cancelSalesOrder,
  ProposePromiseDate: proposePromiseDate,
  PostGoodsIssue: postGoodsIssue,
  SetStockStatus: setStockStatus,
  ScrapStock: scrapStock,
  RequestProduction: requestProduction,
  StartProductionOrder: messageOperation("ProdProductionOrderStart"),
  ConfirmOperation: confirmation,
  ReverseConfirmation: messageOperation("ProdProductionOrderRouteCard"),
  PostMaterialConsumption: pickingList,
  ReverseConsumption: pickingList,
  ReceiveProduction: reportFinished,
  ReverseReceipt: reportFinished,
  FinishProductionOrder: finishProductionOrder,
};

const probed = { safety: "probe", settlesWithinMs: SETTLES_WITHIN_MS } as const;
const queued = { ...probed, resultWithinMs: RESULT_WITHIN_MS, lane: productionLane } as const;

export default defineConnector<DynamicsConfig>({
  product: "dynamics365",
  title: "Dynamics 365 Finance & Supply Chain Management",
  config,
  streams: {
    sales: {
      kind: "poll",
      events: [
        "OrderCreated",
        "OrderChanged",
        "OrderCancelled",
        "OrderChecked",
        "CreditHoldPlaced",
        "CreditHoldReleased",
        "PromiseDateChanged",
        "GoodsIssued",
        "InvoicePosted",
      ],
      help: "Sales orders with what the ERP promises, holds, ships and bills, and its answers to order checks.",
      intervalMs: 2_000,
    },
    production: {
      kind: "poll",
      events: [
        "ProductionOrderReleased",
        "ProductionOrderChanged",
        "ProductionOrderHeld",
        "ProductionOrderResumed",
        "ProductionOrderCancelled",
        "ProductionOrderClosed",
        "ProductionConfirmed",
        "ConsumptionPosted",
        "ProductionReceiptPosted",
      ],
      help: "Production orders as they are released and changed, and what was posted on them.",
      intervalMs: 2_000,
    },
    masterdata: {
      kind: "poll",
      events: ["CustomerChanged", "CreditHoldPlaced", "CreditHoldReleased", "ItemChanged", "BomRevised"],
      help: "Customers and whether they are stopped, items, revisions of bills of materials.",
      intervalMs: 15_000,
    },
    inventory: {
      kind: "poll",
      events: ["StockStatusChanged", "InventoryAdjusted", "PurchaseReceiptPosted"],
      help: "Stock that changed its status, was scrapped, corrected or bought.",
      intervalMs: 5_000,
    },
  },
  effects: {
    CheckOrder: { safety: "idempotent", settlesWithinMs: 0, lane: questionLane },
    CreateSalesOrder: { ...probed, lane: orderLane },
    ChangeSalesOrder: { ...probed, lane: orderLane },
    CancelSalesOrder: { ...probed, lane: orderLane },
    ProposePromiseDate: { ...probed, lane: orderLane },
    PostGoodsIssue: { ...probed, lane: orderLane },
    SetStockStatus: { ...probed, lane: stockLane },
    ScrapStock: { ...probed, lane: stockLane },
    RequestProduction: { ...probed, lane: requestLane },
    StartProductionOrder: queued,
    ConfirmOperation: queued,
    ReverseConfirmation: queued,
    PostMaterialConsumption: queued,
    ReverseConsumption: queued,
    ReceiveProduction: queued,
    ReverseReceipt: queued,
    FinishProductionOrder: queued,
  },
  open({ config: settings, timeoutMs, toNative }) {
    const client = new Client(settings, timeoutMs);
    const erp: Erp = { client, settings };
    const contentFor = ({ type, payload }: OutgoingEffect) => contentOf(toNative, type, payload);
    return {
      async apply(effect, signal) {
        const mapped = await contentFor(effect);
        if (!mapped.ok) return mapped.rejected;
        if (isQuestion(effect)) return checkOrder(erp, effect, mapped.content, signal);
        return operationOf(effect).apply(erp, effect, mapped.content, signal);
      },
      async probe(effect, signal) {
        // Nothing is left of a question: it is asked again.
        if (isQuestion(effect)) return { class: "absent" };
        const mapped = await contentFor(effect);
        if (mapped.ok) return operationOf(effect).probe(erp, effect, mapped.content, signal);
        // What was sent cannot be put in the ERP's words now, so what is there cannot be compared.
        return { class: "retry", why: `${mapped.rejected.reason}: correct it, then the look can be made` };
      },
      async resume(effect, _missing, signal) {
        const { resume } = operationOf(effect);
        if (!resume) throw new Error(`${effect.type} is done in one piece: there is nothing to resume`);
        const mapped = await contentFor(effect);
        return mapped.ok ? resume(erp, effect, mapped.content, signal) : mapped.rejected;
      },
      identify,
      translate: async (stream, message) => translate(stream, message),
      read(stream, cursor, signal, share) {
        const source = sourceOf(stream);
        if (!source) throw new Error(`the dynamics365 connector does not declare stream ${stream}`);
        return readEvents(erp, source, cursor, signal, share);
      },
      close: () => client.close(),
    };
  },
});

function isQuestion({ type }: OutgoingEffect): boolean {
  return type === "CheckOrder.v1";
}

/** Of every effect this connector knows major 1. */
function operationOf({ type }: OutgoingEffect): Operation {
  const operation = OPERATIONS[type.replace(/\.v1$/, "")];
  if (!operation) throw new Error(`the dynamics365 connector does not declare ${type}`);
  return operation;
}
