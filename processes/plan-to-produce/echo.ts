/** The ERP's echo: what it has really posted, whoever asked for it. */
import type { EventData } from "../../src/process/index.ts";
import { added, plus } from "./amount.ts";
import { proceed } from "./proceed.ts";
import type { Context, Handle, Posted, Production } from "./state.ts";

/** Beyond this the state would grow without end; an order of so many documents is compared by its sums alone. */
const MOST_DOCUMENTS = 3_000;

type Line = Partial<EventData["interlock.ConsumptionPosted.v1"]> &
  Partial<EventData["interlock.ProductionReceiptPosted.v1"]>;

/** One document may have several lines, and news of it may come twice under two names. */
function lineOf({ type, data }: Context["event"]): string {
  const { document, operation, confirmation, item, quantity, lot, serial, componentLine, status } =
    data as Line;
  const kind = type.startsWith("interlock.ProductionC")
    ? "c"
    : type.startsWith("interlock.ProductionR")
      ? "r"
      : "m";
  return [kind, document, operation, confirmation, item, quantity?.value, lot, serial, componentLine, status]
    .map((part) => part ?? "")
    .join("|");
}

const echoing = (
  count: (posted: Posted, state: Production, data: Context["event"]["data"]) => Posted,
): Handle => {
  return (context) => {
    const { event, state } = context;
    const line = lineOf(event);
    if (state.posted.documents.includes(line)) return proceed(context, state);
    const counted = count(state.posted, state, event.data);
    const documents = [...state.posted.documents, line].slice(-MOST_DOCUMENTS);
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
