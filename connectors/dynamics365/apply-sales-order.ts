import type { Answer, ProbeAnswer } from "../../src/connector/index.ts";
import type { Row } from "./client.ts";
import { differenceOf, listOf, sameValue, textOf, type Content } from "./content.ts";
import { findOrder, lineOf, type FoundOrder } from "./find-order.ts";
import { findTraces, otherOperation, type Trace } from "./find-trace.ts";
import type { Part } from "./multipart.ts";
import { recordPath } from "./odata.ts";
import { sendingOf, type Erp, type Operation } from "./operation.ts";

/**
 * CreateSalesOrder: header and lines in one changeset, which is there as a whole or not at all. The order gets the
 * number it has everywhere, so the ERP itself refuses a second one.
 */
export const createSalesOrder: Operation = {
  async apply({ client }, effect, content, signal) {
    const number = textOf(content["SalesOrderNumber"]);
    const own = { dataAreaId: client.legalEntity, ILKReference: effect.reference };
    const parts: Part[] = [
      { method: "POST", path: "/data/SalesOrderHeadersV3", body: { ...own, ...headOf(content) } },
      ...listOf(content["Lines"]).map((line): Part => ({
        method: "POST",
        path: "/data/SalesOrderLines",
        body: { ...own, SalesOrderNumber: number, ...line },
      })),
    ];
    const reply = await client.changeset(parts, sendingOf(effect), signal);
    return reply.ok ? { class: "applied", evidence: { document: number } } : reply.failure;
  },
  async probe(erp, effect, content, signal) {
    const traces = await findTraces(erp, effect.reference, signal);
    if ("class" in traces) return traces;
    if (traces.length === 0) return { class: "absent" };
    const created = traces.find(({ operation }) => operation === "salesOrder.create");
    if (!created) return otherOperation(traces);
    return compare(erp, created.record, content, signal);
  },
};

/** ChangeSalesOrder: the lines that are named, in one changeset. */
export const changeSalesOrder: Operation = {
  async apply(erp, effect, content, signal) {
    const number = textOf(content["SalesOrderNumber"]);
    const order = await findOrder(erp, number, signal);
    if ("class" in order) return order;
    const own = { ILKReference: effect.reference };
    const key = { dataAreaId: erp.client.legalEntity, SalesOrderNumber: number };
    const head = headOf(content);
    const parts: Part[] = listOf(content["Lines"]).map((line) => {
      const held = lineOf(order, line["LineCreationSequenceNumber"]);
      return held
        ? changeLine(erp, held, { ...own, ...changesOf(line, held) })
        : { method: "POST", path: "/data/SalesOrderLines", body: { ...own, ...key, ...line } };
    });
    const { SalesOrderNumber: _, ...headChanges } = head;
    if (Object.keys(headChanges).length > 0)
      parts.unshift({
        method: "PATCH",
        path: recordPath("SalesOrderHeadersV3", key),
        etag: textOf(order.header["@odata.etag"]),
        body: { ...own, ...headChanges },
      });
    const reply = await erp.client.changeset(parts, sendingOf(effect), signal);
    return reply.ok ? { class: "applied", evidence: { document: number } } : reply.failure;
  },
  async probe(erp, effect, content, signal) {
    const number = textOf(content["SalesOrderNumber"]);
    const traces = await findTraces(erp, effect.reference, signal);
    if ("class" in traces) return traces;
    if (traces.length === 0) return { class: "absent" };
    const isOurs = (record: string) => record === number || record.startsWith(`${number}/`);
    if (!onlyOn(traces, isOurs)) return otherOperation(traces);
    return compare(erp, number, content, signal);
  },
};

/** ProposePromiseDate: the ERP takes the date for the line's promise and tells of it. */
export const proposePromiseDate: Operation = {
  async apply(erp, effect, content, signal) {
    const number = textOf(content["SalesOrderNumber"]);
    const order = await findOrder(erp, number, signal);
    if ("class" in order) return order;
    const line = lineOf(order, content["LineCreationSequenceNumber"]);
    if (!line) return lineMissing(number, content);
    const { path, etag } = changeLine(erp, line, {});
    const body = {
      ILKReference: effect.reference,
      ConfirmedShippingDate: content["ConfirmedShippingDate"],
    };
    const reply = await erp.client.patch(path, body, etag!, sendingOf(effect), signal);
    return reply.ok ? { class: "applied", evidence: { document: number } } : reply.failure;
  },
  async probe(erp, effect, content, signal) {
    const number = textOf(content["SalesOrderNumber"]);
    const traces = await findTraces(erp, effect.reference, signal);
    if ("class" in traces) return traces;
    if (traces.length === 0) return { class: "absent" };
    const wanted = `${number}/${textOf(content["LineCreationSequenceNumber"])}`;
    if (!onlyOn(traces, (record) => record === wanted)) return otherOperation(traces);
    return compare(erp, number, { Lines: [proposal(content)] }, signal);
  },
};

/** Of what was written to orders; what the ERP went on to do for it, such as a purchase, carries the reference as well. */
function onlyOn(traces: readonly Trace[], isOurs: (record: string) => boolean): boolean {
  const written = traces.filter(({ operation }) => /^sales(Order|Line)\./.test(operation));
  return written.length > 0 && written.every(({ record }) => isOurs(record));
}

function proposal({ LineCreationSequenceNumber, ConfirmedShippingDate }: Content): Content {
  return { LineCreationSequenceNumber, ConfirmedShippingDate };
}

function lineMissing(number: string, content: Content): Answer {
  const line = textOf(content["LineCreationSequenceNumber"]);
  return {
    class: "reject",
    code: "DYNAMICS_LINE_UNKNOWN",
    reason: `sales order ${number} has no line ${line} in the ERP`,
  };
}

/** Only if the line is still the one we looked at: somebody's change in between is not overwritten. */
function changeLine({ client }: Erp, line: Row, body: object): Part {
  const key = { dataAreaId: client.legalEntity, InventoryLotId: textOf(line["InventoryLotId"]) };
  const etag = textOf(line["@odata.etag"]);
  return { method: "PATCH", path: recordPath("SalesOrderLines", key), etag, body };
}

/** What identifies a line cannot be written again; another item in its place is for the ERP to refuse. */
function changesOf(line: Content, held: Row): Content {
  const { LineCreationSequenceNumber: _, ItemNumber, ...changes } = line;
  const other = ItemNumber !== undefined && !sameValue(ItemNumber, held["ItemNumber"]);
  return other ? { ...changes, ItemNumber } : changes;
}

function headOf(content: Content): Content {
  const { Lines: _, ...head } = content;
  return head;
}

async function compare(
  erp: Erp,
  number: string,
  content: Content,
  signal: AbortSignal,
): Promise<ProbeAnswer> {
  const order = await findOrder(erp, number, signal);
  // The trace is there and the order is not: somebody has deleted it since.
  if ("class" in order && order.class === "reject")
    return { class: "different", difference: order.reason, evidence: { document: number } };
  if ("class" in order) return order;
  const evidence = { document: number, status: textOf(order.header["SalesOrderStatus"]) };
  const difference = differenceOf(headOf(content), order.header) ?? linesDifference(content, order);
  return difference === undefined
    ? { class: "applied", evidence }
    : { class: "different", difference, evidence };
}

function linesDifference(content: Content, order: FoundOrder): string | undefined {
  for (const line of listOf(content["Lines"])) {
    const number = textOf(line["LineCreationSequenceNumber"]);
    const held = lineOf(order, number);
    const takenOut = sameValue(line["OrderedSalesQuantity"], "0");
    if (!held && !takenOut) return `line ${number} is not there`;
    const difference = held && differenceOf(line, held);
    if (difference !== undefined) return `line ${number}: ${difference}`;
  }
  return undefined;
}
