/** The ERP's echo: what it has really posted, whoever asked for it. */
import type { EventData } from "../../src/process/index.ts";
import { added, plus } from "./amount.ts";
import { proceed } from "./proceed.ts";
import type { Context, Handle, Posted, Production } from "./state.ts";

/** News that comes twice comes soon: older documents need not be known. */
const MOST_DOCUMENTS = 500;

type Line = Partial<EventData["interlock.ConsumptionPosted.v1"]> &
  Partial<EventData["interlock.ProductionReceiptPosted.v1"]>;

/** One document may have several lines, and news of it may come twice under two names. Undefined: lines look alike. */
function lineOf({ type, data }: Context["event"]): string | undefined {
  const { document, operation, confirmation, item, quantity, lot, serial, componentLine, status, automatic } =
    data as Line;
  // what an ERP issues by itself may name the same material on two lines
  if (automatic === true && componentLine === undefined) return undefined;
  const { good, scrap } = data as Partial<EventData["interlock.ProductionConfirmed.v1"]>;
  const kind = type.startsWith("interlock.ProductionC")
    ? "c"
    : type.startsWith("interlock.ProductionR")
      ? "r"
      : "m";
  return [
    kind,
    document,
    operation,
    confirmation,
    item,
    quantity?.value,
    lot,
    serial,
    componentLine,
    status,
    good?.value,
    scrap?.value,
  ]
    .map((part) => part ?? "")
    .join("|");
}

const echoing = (
  count: (posted: Posted, state: Production, data: Context["event"]["data"]) => Posted,
): Handle => {
  return (context) => {
    const { event, state } = context;
    const line = lineOf(event);
    if (line !== undefined && state.posted.documents.includes(line)) return proceed(context, state);
    const counted = count(state.posted, state, event.data);
    const documents =
      line === undefined ? state.posted.documents : [...state.posted.documents, line].slice(-MOST_DOCUMENTS);
    return proceed(context, { ...state, posted: { ...counted, documents } });
  };
};

export const confirmed = echoing((posted, _, data) => {
  const { operation = "", good, scrap } = data as EventData["interlock.ProductionConfirmed.v1"];
  const before = posted.operations[operation] ?? { good: "0", scrap: "0" };
  const after = { good: plus(before.good, good.value), scrap: plus(before.scrap, scrap.value) };
  return { ...posted, operations: { ...posted.operations, [operation]: after } };
});

/** By-products of a batch are received as other items: they are not what the order is counted by. */
export const received = echoing((posted, { order }, data) => {
  const { item, quantity } = data as EventData["interlock.ProductionReceiptPosted.v1"];
  return item === order!.item ? { ...posted, received: plus(posted.received, quantity.value) } : posted;
});

export const issued = echoing((posted, _, data) => {
  const { item, quantity, automatic } = data as EventData["interlock.ConsumptionPosted.v1"];
  const book = automatic ? "backflushed" : "issued";
  return { ...posted, [book]: added(posted[book], item, quantity.value) };
});
