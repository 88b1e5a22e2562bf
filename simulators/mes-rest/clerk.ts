import { correctConsumption, correctReport } from "./correct.ts";
import { abortOrder, holdOrder, resumeOrder } from "./decide.ts";
import { isDecimal } from "./decimal.ts";
import { goDown, goUp } from "./downtime.ts";
import { completeOrder, finishOperation, reportPortion } from "./floor.ts";
import type { Operation, Order, Portion } from "./order.ts";
import type { Reason } from "./reason.ts";
import type { Plant } from "./plant.ts";
import { raiseHold, type Hold } from "./quality.ts";
import { Refusal } from "./refusal.ts";

type Body = Record<string, unknown>;

/**
 * What a person at a screen or a terminal in the plant does. Every action may say `at`, when it happened; the plant's
 * clock otherwise.
 */
export function performByHand(plant: Plant, body: Body): object {
  const at = body["at"] === undefined ? plant.clock.now() : Date.parse(String(body["at"]));
  if (!Number.isFinite(at)) throw new Refusal(422, "invalid-time", "at is no time", "at");
  const action = String(body["action"]);
  const reason = reasonOf(body);
  plant.enter(at, "clerk", action, { workOrder: textOr(body["workOrder"], null) });
  if (action === "down") {
    goDown(plant, textOf(body, "workCenter"), reason, (body["minutes"] as number | undefined) ?? null, at);
    return {};
  }
  if (action === "up") {
    goUp(plant, textOf(body, "workCenter"), at);
    return {};
  }
  const order = plant.existing(textOf(body, "workOrder"));
  const refused = act(plant, order, action, body, reason, at);
  if (refused) throw new Refusal(409, refused.code.toLowerCase(), refused.message);
  plant.save(order);
  return { workOrder: order.workOrder, status: order.status, confirmations: order.confirmations };
}

function act(
  plant: Plant,
  order: Order,
  action: string,
  body: Body,
  reason: Reason | null,
  at: number,
): Reason | undefined {
  switch (action) {
    case "hold":
      return holdOrder(plant, order, reason, null, at);
    case "resume":
      return resumeOrder(plant, order, reason, null, at);
    case "abort":
      return abortOrder(plant, order, reason, null, at);
    case "start":
      return void start(plant, order, operationOf(order, body), at);
    case "report":
      return void report(plant, order, body, at);
    case "complete":
      return void complete(plant, order, body, at);
    case "correct": {
      const correction = {
        good: amount(body, "good"),
        scrap: amount(body, "scrap"),
        rework: amount(body, "rework"),
        reason,
      };
      return void correctReport(plant, order, Number(body["confirmation"]), correction, at);
    }
    case "correct-consumption":
      return void correctConsumption(
        plant,
        order,
        Number(body["confirmation"]),
        amount(body, "quantity"),
        reason,
        at,
      );
    case "quality-hold": {
      const by = (body["by"] as Hold["by"] | undefined) ?? "quantity";
      const given = {
        by,
        operation: textOr(body["operation"], null),
        quantity: body["quantity"] === undefined ? null : amount(body, "quantity"),
        reason: reason ?? { code: "QUALITY", message: "held for review" },
        ...(typeof body["lot"] === "string" && { lot: body["lot"] }),
        ...(typeof body["serial"] === "string" && { serial: body["serial"] }),
      };
      return void raiseHold(plant, order, at, given);
    }
    default:
      throw new Refusal(
        422,
        "unknown-action",
        `${action} is none of hold, resume, abort, start, report, complete, correct, correct-consumption, quality-hold, down, up`,
        "action",
      );
  }
}

/** Work reported by hand, where the floor does not run by itself. */
function start(plant: Plant, order: Order, operation: Operation, at: number): void {
  if (order.status === "waiting") {
    order.status = "running";
    order.startedAt = at;
    plant.tell(at, order, {
      type: "order-started",
      operation: operation.silent ? null : operation.operation,
    });
  }
  if (order.status !== "running")
    throw new Refusal(409, "not-running", `work order ${order.workOrder} is ${order.status}`);
  if (operation.startedAt !== null) return;
  operation.startedAt = at;
  const { operation: name, workCenter, silent } = operation;
  if (!silent) plant.tell(at, order, { type: "operation-started", operation: name, workCenter });
}

function report(plant: Plant, order: Order, body: Body, at: number): void {
  const operation = operationOf(order, body);
  start(plant, order, operation, at);
  const [good, scrap, rework] = [amount(body, "good"), amount(body, "scrap"), amount(body, "rework")];
  const portion: Portion = {
    quantity: body["quantity"] === undefined ? good : amount(body, "quantity"),
    good,
    scrap,
    rework,
    reasons: readReasons(body["reasons"]),
    minutes: Number(body["minutes"] ?? 0),
  };
  const last = body["last"] === true;
  reportPortion(plant, order, operation, portion, at, last);
  if (last && order.operations.at(-1) === operation) finish(plant, order, operation, at);
  else if (last) operation.done = true;
}

function finish(plant: Plant, order: Order, operation: Operation, at: number): void {
  for (const open of order.operations) open.done = true;
  finishOperation(plant, order, operation, at);
}

function complete(plant: Plant, order: Order, body: Body, at: number): void {
  const operation = order.operations.at(-1)!;
  start(plant, order, operation, at);
  if (body["good"] !== undefined || body["scrap"] !== undefined)
    report(plant, order, { ...body, operation: operation.operation, last: false }, at);
  for (const open of order.operations) open.done = true;
  completeOrder(plant, order, at);
}

function operationOf(order: Order, body: Body): Operation {
  const name = textOr(body["operation"], "");
  const found = order.operations.find(({ operation }) => operation === name);
  if (!found)
    throw new Refusal(
      404,
      "unknown-operation",
      `work order ${order.workOrder} has no operation ${name}`,
      "operation",
    );
  return found;
}

function readReasons(given: unknown): Portion["reasons"] {
  if (given === undefined) return [];
  const fits =
    Array.isArray(given) &&
    given.every(
      (r: Partial<Portion["reasons"][number]>) => typeof r?.code === "string" && isDecimal(r.quantity),
    );
  if (!fits) throw new Refusal(422, "invalid-reasons", "reasons are [{code, quantity, message?}]", "reasons");
  return (given as Portion["reasons"]).map((r) => ({ ...r, message: r.message ?? r.code }));
}

function reasonOf(body: Body): Reason | null {
  const { code, message } = (body["reason"] ?? {}) as Partial<Reason>;
  return code === undefined && message === undefined
    ? null
    : { code: code ?? "OTHER", message: message ?? String(code) };
}

function amount(body: Body, field: string): string {
  const value = body[field] ?? "0";
  if (!isDecimal(value)) throw new Refusal(422, "invalid-amount", `${field} must be decimal text`, field);
  return value;
}

function textOf(body: Body, field: string): string {
  const value = body[field];
  if (typeof value !== "string" || value === "")
    throw new Refusal(422, "missing-field", `${field} is needed`, field);
  return value;
}

function textOr<Otherwise>(value: unknown, otherwise: Otherwise): string | Otherwise {
  return typeof value === "string" ? value : otherwise;
}
