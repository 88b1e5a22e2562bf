import { isDeepStrictEqual } from "node:util";
import type { Evidence, OutgoingEffect, ProbeAnswer } from "../../src/connector/index.ts";
import type { Row } from "./client.ts";
import type { DynamicsConfig } from "./config.ts";
import { listOf, textOf, type Content } from "./content.ts";
import { printExact } from "./exact-json.ts";
import type { Erp } from "./operation.ts";

/** How soon to look again for what the ERP makes of a message: its queue works in seconds to minutes. */
export const CHECK_AFTER_MS = 2_000;

/** What became of the messages that carry the reference. */
export function judge(rows: readonly Row[], type: string, content: string): ProbeAnswer {
  const [last] = rows.slice(-1);
  if (!last) return { class: "absent" };
  const evidence = evidenceOf(last);
  const other = rows.find((row) => !sameMessage(row, type, content));
  if (other)
    return {
      class: "different",
      difference: `message ${textOf(other["MessageId"])} is a ${textOf(other["MessageType"])} of other content`,
      evidence,
    };
  const inState = (...states: string[]) => rows.filter((row) => states.includes(textOf(row["MessageState"])));
  const done = inState("Processed");
  if (done.length > 1)
    return {
      class: "different",
      difference: `it was processed ${done.length} times: ${done.map((row) => textOf(row["MessageId"])).join(", ")}`,
      evidence,
    };
  if (done.length === 1) return { class: "applied", evidence: evidenceOf(done[0]!) };
  if (inState("Queued", "Processing").length > 0)
    return { class: "accepted", evidence, checkAfterMs: CHECK_AFTER_MS };
  return refusalOf(last, type, content);
}

/** The ERP has given up on it, or a person has taken it out: nothing of it was posted. */
function refusalOf(message: Row, type: string, content: string): ProbeAnswer {
  const status = textOf(message["MessageState"]);
  if (status === "Canceled")
    return {
      class: "reject",
      code: "DYNAMICS_MESSAGE_CANCELED",
      reason: `message ${textOf(message["MessageId"])} was cancelled in the ERP's queue`,
      status,
    };
  // Without a code: all the ERP gives is words, and refusals with the same code are taken for one trouble.
  const reason = textOf(message["MessageInfolog"]).slice(0, 500) || "the ERP gave no reason";
  return { class: "reject", reason: reason + wayOut(type, JSON.parse(content) as Content), status };
}

const RAISE = "raise its quantity or the item's tolerance in the ERP and retry";

/**
 * What people can do where pieces were reported: more of them than the order takes is the usual reason. The ERP's words are not
 * read for it, they come in its users' language.
 */
function wayOut(type: string, content: Content): string {
  const lines = [...listOf(content["ReportFinishedLines"]), ...listOf(content["RouteCardLines"])];
  const some = (...names: string[]) => lines.some((line) => names.some((name) => Number(line[name]) > 0));
  const asks = lines.some((line) => line["AcceptError"] === "No");
  if (type === "ProdProductionOrderReportFinished" && asks && some("ReportedGoodQuantity"))
    return `. If the order has more good pieces than it takes, and they count: ${RAISE}, or resubmit this receipt alone with "acceptOverDelivery": true`;
  if (some("ReportedErrorQuantity", "GoodQuantity", "ErrorQuantity"))
    return `. If the order has more pieces than it takes, and they count: ${RAISE}`;
  return "";
}

export function contentText(
  { settings }: Erp,
  { reference }: OutgoingEffect,
  type: string,
  content: Content,
): string {
  return printExact({ ...withJournalName(settings, type, content), ILKReference: reference });
}

/** A journal name of our own stands where the message has room for one. */
function withJournalName({ journalNames = {} }: DynamicsConfig, type: string, content: Content): Content {
  const { routeCard, pickingList, reportAsFinished } = journalNames;
  if (type === "ProdProductionOrderRouteCard" && routeCard !== undefined)
    return { ...content, JournalNameId: routeCard };
  if (type === "ProdProductionOrderPickingList" && pickingList !== undefined)
    return { ...content, JournalNameId: pickingList };
  if (type !== "ProdProductionOrderReportFinished" || reportAsFinished === undefined) return content;
  const lines = listOf(content["ReportFinishedLines"]);
  return {
    ...content,
    ReportFinishedLines: lines.map((line) => ({ ...line, JournalNameId: reportAsFinished })),
  };
}

function sameMessage(row: Row, type: string, content: string): boolean {
  if (textOf(row["MessageType"]) !== type) return false;
  try {
    const held: unknown = JSON.parse(textOf(row["MessageContent"]));
    return isDeepStrictEqual(held, JSON.parse(content));
  } catch {
    return false;
  }
}

function evidenceOf(row: Row): Evidence {
  return {
    message: textOf(row["MessageId"]),
    type: textOf(row["MessageType"]),
    state: textOf(row["MessageState"]),
    productionOrder: textOf(row["ILKProductionOrderNumber"]).slice(0, 80),
  };
}

export function orderOf(content: Content): string {
  return textOf(content["ProductionOrderNumber"]).slice(0, 80);
}
