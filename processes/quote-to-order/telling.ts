import type { IntendedCase, IntendedEffect } from "../../src/process/index.ts";
import { promisedDate } from "./lines.ts";
import type { Context, Next, Order, Status } from "./state.ts";

const HOUR_MS = 3_600_000;
export const ANSWER_WITHIN_MS = 4 * HOUR_MS;
/** The ERP tells of its orders where it tells of this. */
const ERP_ORDERS = "erp/OrderCreated";

/** What the customer's people see. Dates by line only where they differ. */
export function tell(
  order: Order,
  salesOrder: string,
  status: Status,
  more: { message?: string | undefined; projectedDate?: string } = {},
): IntendedEffect {
  const confirmedDate = promisedDate(order);
  const dated = order.lines.filter((line) => line.confirmedDate !== undefined);
  const differ = dated.some((line) => line.confirmedDate !== confirmedDate);
  return {
    name: "tell",
    target: "crm",
    type: "UpdateOrderStatus",
    payload: {
      salesOrder,
      status,
      document: order.document,
      confirmedDate,
      ...(differ && { lines: dated.map((line) => ({ line: line.line, confirmedDate: line.confirmedDate })) }),
      projectedDate: more.projectedDate,
      message: more.message?.slice(0, 1_000),
    },
  };
}

/** The answer is overdue when the ERP's orders were read and nothing came. */
export function answerTimer(): NonNullable<Next["timers"]>[number] {
  return { name: "answer", afterMs: ANSWER_WITHIN_MS, onCalendar: true, watches: [ERP_ORDERS] };
}

export function aCase(
  kind: string,
  owner: IntendedCase["owner"],
  title: string,
  remedy: string,
): IntendedCase {
  return { kind, owner, title: title.slice(0, 900), remedy: remedy.slice(0, 900) };
}

/** The words with which a target refused. */
export function reasonsOf({ data }: Context["event"]): string {
  const { reasons = [] } = data as { reasons?: readonly { message: string }[] };
  return reasons.map(({ message }) => message).join("; ") || "no reason given";
}

/** A refused effect holds the order's lane in the target: taking it back frees it for what comes after. */
export function referenceOf({ data }: Context["event"]): string {
  return (data as { reference: string }).reference;
}
