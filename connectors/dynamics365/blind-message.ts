import type { Answer, Evidence, OutgoingEffect, ProbeAnswer } from "../../src/connector/index.ts";
import type { HarmlessFailure } from "./answer-class.ts";
import type { Row } from "./client.ts";
import { isObject, textOf, type Content } from "./content.ts";
import { parseExact } from "./exact-json.ts";
import { contentText, judge, orderOf } from "./message.ts";
import { equals } from "./odata.ts";
import type { Erp, Operation } from "./operation.ts";

/**
 * Messages for a queue that nobody can look into. Two equal reports of five and a clerk's five in between look alike in
 * the order's counters, so counters alone never decide. What decides is the event that the ERP tells once it has
 * processed a message, for it repeats the content and with it our reference. As long as there is none, the message may
 * still wait in the queue or may never have come: nothing is sent again, and the engine asks a person in the end. For
 * that person the order's postings are noted before the send, on disk, and compared with what it shows since.
 */
export function blindOperation(type: string, send: Operation["apply"]): Operation {
  return {
    async apply(erp, _effect, content, signal): Promise<Answer> {
      const before = await look(erp, type, orderOf(content), signal);
      if ("class" in before) return before;
      return {
        class: "retry",
        why: "what the order shows is noted before the message is sent",
        keep: before,
      };
    },
    async resume(erp, effect, content, signal): Promise<Answer> {
      const answer = await send(erp, effect, content, signal);
      // The engine would take the noted state for a part that was done.
      return answer.class === "reject" ? { class: "retry", why: answer.reason } : answer;
    },
    probe: (erp, effect, content, signal) => probe(erp, effect, type, content, signal),
  };
}

/** How far the log of events was, and what the order showed. */
type Before = { readonly head: number; readonly postings: readonly string[] };

const LOG = "ILKBusinessEventLogs";
const PROCESSED = "SysMessageProcessorMessageProcessedBusinessEvent";
const CHECK_AFTER_MS = 10_000;
/** The last postings of an order that are kept in mind. */
const POSTINGS = 200;

const JOURNALS: Readonly<Record<string, string>> = {
  ProdProductionOrderRouteCard: "RouteCardProductionJournalEntries",
  ProdProductionOrderPickingList: "PickingListProductionJournalEntries",
  ProdProductionOrderReportFinished: "ReportAsFinishedProductionJournalEntries",
};

async function probe(
  erp: Erp,
  effect: OutgoingEffect,
  type: string,
  content: Content,
  signal: AbortSignal,
): Promise<ProbeAnswer> {
  const before = effect.noted as Before | undefined;
  const events = await findProcessed(erp, effect.reference, before?.head ?? 0, signal);
  if ("class" in events) return events;
  const own = events.filter((row) => textOf(row["MessageType"]) === type);
  if (own.length > 0) return judge(own, type, contentText(erp, effect, type, content));
  if (!before)
    return {
      class: "different",
      difference: "nothing was noted before it may have been sent, and no event tells of it",
      evidence: { productionOrder: orderOf(content) },
    };
  const now = await look(erp, type, orderOf(content), signal);
  if ("class" in now) return now;
  return { class: "accepted", evidence: compared(content, before, now), checkAfterMs: CHECK_AFTER_MS };
}

function compared(content: Content, before: Before, now: Before): Evidence {
  const since = now.postings.filter((posting) => !before.postings.includes(posting));
  return {
    productionOrder: orderOf(content),
    before: before.postings.at(-1) ?? "nothing",
    since: since.join("; ").slice(0, 400) || "nothing",
  };
}

/** The messages with our reference that the ERP says it has ended, as the queue would show them. */
async function findProcessed(
  { client }: Erp,
  reference: string,
  head: number,
  signal: AbortSignal,
): Promise<readonly Row[] | HarmlessFailure> {
  const filter = `ControlNumber gt ${head} and ${equals({ BusinessEventId: PROCESSED, Payload: `*${reference}*` })}`;
  const found = await client.find(LOG, { filter, orderBy: "ControlNumber" }, signal);
  if (!found.ok) return found.failure;
  const events = found.rows.map((row) => parseExact(textOf(row["Payload"])));
  return events.filter(isObject).filter((event) => textOf(event["MessageContent"]).includes(reference));
}

async function look(
  { client }: Erp,
  type: string,
  order: string,
  signal: AbortSignal,
): Promise<Before | HarmlessFailure> {
  const newest = await client.find(LOG, { orderBy: "ControlNumber desc", top: 1 }, signal);
  if (!newest.ok) return newest.failure;
  const head = Number(textOf(newest.rows[0]?.["ControlNumber"]) || 0);
  const journals = JOURNALS[type];
  const filter = equals({ ProductionOrderNumber: order });
  const shown = journals
    ? await client.find(journals, { filter, orderBy: "JournalNumber" }, signal)
    : await client.find("ProductionOrderHeaders", { filter }, signal);
  if (!shown.ok) return shown.failure;
  return { head, postings: shown.rows.slice(-POSTINGS).map(journals ? postingOf : stateOf) };
}

const AMOUNTS = [
  "OperationNumber",
  "ItemNumber",
  "GoodQuantity",
  "ErrorQuantity",
  "ConsumptionBOMQuantity",
  "ReportedGoodInventoryQuantity",
];

function postingOf(row: Row): string {
  const amounts = AMOUNTS.flatMap((name) =>
    textOf(row[name]) === "" ? [] : [`${name} ${textOf(row[name])}`],
  );
  return [textOf(row["JournalNumber"]), ...amounts].join(" ");
}

function stateOf(row: Row): string {
  return `${textOf(row["ProductionOrderStatus"])}, started ${textOf(row["StartedQuantity"])}`;
}
