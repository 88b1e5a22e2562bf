import { messageOperation } from "./apply-message.ts";
import { listOf, type Content } from "./content.ts";
import { orderOf } from "./message.ts";
import type { Operation } from "./operation.ts";

const routeCard = messageOperation("ProdProductionOrderRouteCard");
const reportFinished = messageOperation("ProdProductionOrderReportFinished");

/**
 * ConfirmOperation. Of an order with a route it is a route card. An order without one has no operations to confirm: its
 * reports as finished are all there is. Good pieces are reported by ReceiveProduction, so only scrapped ones are left to say.
 */
export const confirmation: Operation = {
  async apply(erp, effect, content, signal) {
    const operation = operationFor(content);
    return operation ? operation.apply(erp, effect, content, signal) : saidByReceipt(content);
  },
  async probe(erp, effect, content, signal) {
    const operation = operationFor(content);
    return operation ? operation.probe(erp, effect, content, signal) : saidByReceipt(content);
  },
  async resume(erp, effect, content, signal, ...rest) {
    const resume = operationFor(content)?.resume;
    return resume ? resume(erp, effect, content, signal, ...rest) : saidByReceipt(content);
  },
};

function operationFor(content: Content): Operation | undefined {
  if (content["RouteCardLines"] !== undefined) return routeCard;
  return listOf(content["ReportFinishedLines"]).length > 0 ? reportFinished : undefined;
}

function saidByReceipt(content: Content) {
  const evidence = { productionOrder: orderOf(content), confirmed: "with its receipt, as it has no route" };
  return { class: "applied", evidence } as const;
}
