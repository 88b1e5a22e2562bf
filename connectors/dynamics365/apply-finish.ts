import type { Answer, OutgoingEffect, ProbeAnswer } from "../../src/connector/index.ts";
import { cleanedAway, findMessages, openOrBlind, sendMessage } from "./apply-message.ts";
import { blindOperation } from "./blind-message.ts";
import { textOf, type Content } from "./content.ts";
import { findTraces } from "./find-trace.ts";
import { contentText, judge, orderOf } from "./message.ts";
import { equals } from "./odata.ts";
import type { Erp, Operation } from "./operation.ts";

const LAST_REPORT = "ProdProductionOrderReportFinished";
const END = "ProdProductionOrderEnd";
const TRACE = "productionOrder.end";

/**
 * FinishProductionOrder. An order that made less than was scheduled is not "reported as finished" yet, and cannot be
 * ended: it first gets a last report of nothing. `AutoReportAsFinished` would do it in one message, but takes what was
 * never made into stock.
 */
const finish: Operation = {
  async apply(erp, effect, content, signal) {
    const status = await statusOf(erp, orderOf(content), signal);
    if (typeof status !== "string") return status;
    if (status === "StartedUp") {
      const told = await sendMessage(erp, effect, LAST_REPORT, lastReport(content), signal);
      if (told.class !== "accepted") return told;
    }
    const ended = await end(erp, effect, content, signal);
    // The first of the two messages may be there: only a look can tell.
    return status === "StartedUp" && ended.class !== "accepted"
      ? { class: "unknown", why: `only the last report was sent: ${whyOf(ended)}` }
      : ended;
  },
  async probe(erp, effect, content, signal) {
    const rows = await findMessages(erp, effect.reference, signal);
    if ("class" in rows) return rows;

    if (rows.length === 0) {
      const traces = await findTraces(erp, effect.reference, signal);
      if ("class" in traces || traces.length === 0 || traces.some(({ operation }) => operation === TRACE))
        return cleanedAway(traces, content);
      const evidence = { productionOrder: orderOf(content) };
      return { class: "partial", missing: { message: END }, evidence };
    }
    const ofType = (type: string) => rows.filter((row) => textOf(row["MessageType"]) === type);
    const ends = rows.filter((row) => textOf(row["MessageType"]) !== LAST_REPORT);
    if (ends.length > 0) return judge(ends, END, contentText(erp, effect, END, content));
    const reported = judge(
      ofType(LAST_REPORT),
      LAST_REPORT,
      contentText(erp, effect, LAST_REPORT, lastReport(content)),
    );
    // It ended the reports on the order; what is missing is its end.
    return reported.class === "applied"
      ? { class: "partial", missing: { message: END }, evidence: reported.evidence }
      : reported;
  },
  resume: end,
};
export const finishProductionOrder = openOrBlind(finish, blindOperation(END, finish.apply));

function end(erp: Erp, effect: OutgoingEffect, content: Content, signal: AbortSignal): Promise<Answer> {
  return sendMessage(erp, effect, END, content, signal);
}

function lastReport(content: Content): Content {
  const line = {
    ReportedGoodQuantity: "0",
    ReportedErrorQuantity: "0",
    ReportAsFinishedDate: content["EndedDate"],
    EndJob: "Yes",
    AutomaticBOMConsumptionRule: "Never",
    AutomaticRouteConsumptionRule: "Never",
  };
  return { ProductionOrderNumber: content["ProductionOrderNumber"], ReportFinishedLines: [line] };
}

async function statusOf(
  { client }: Erp,
  number: string,
  signal: AbortSignal,
): Promise<string | Extract<ProbeAnswer, { class: "retry" | "auth" }>> {
  const found = await client.find(
    "ProductionOrderHeaders",
    { filter: equals({ ProductionOrderNumber: number }), select: "ProductionOrderStatus" },
    signal,
  );
  if (!found.ok) return found.failure;
  // Of an order that is not there the ERP says so itself when the message is processed.
  return textOf(found.rows[0]?.["ProductionOrderStatus"]);
}

function whyOf(answer: Answer): string {
  if (answer.class === "reject") return answer.reason;
  return "why" in answer ? answer.why : answer.class;
}
