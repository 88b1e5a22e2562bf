import { exact, text } from "./decimal.ts";
import {
  newComponent,
  newOperation,
  newOperations,
  type Component,
  type ComponentRequest,
  type Operation,
  type OperationRequest,
  type Order,
  type OrderChanges,
} from "./order.ts";
import type { Reason } from "./reason.ts";
import type { Plant } from "./plant.ts";

/**
 * Changes an order as far as the work on it allows. What is not named stays; lists are whole.
 * @returns why not; then nothing was changed
 */
export function changeOrder(plant: Plant, order: Order, changes: OrderChanges): Reason | undefined {
  const { operations, components, quantity, ...others } = changes;
  const { workCenters } = plant.settings;
  const stranger = operations?.find(({ workCenter }) => workCenters?.includes(workCenter) === false);
  if (stranger)
    return { code: "UNKNOWN-WORK-CENTER", message: `${stranger.workCenter} is no work centre of this plant` };
  if ((operations || components) && order.status === "running")
    return { code: "IN-PROCESS", message: "work is under way: hold the order before its work is changed" };
  const begun = order.operations.filter(({ startedAt }) => startedAt !== null);
  const dropped = begun.find(
    (had) => operations?.some(({ operation }) => operation === had.operation) === false,
  );
  if (dropped)
    return {
      code: "OPERATION-BEGUN",
      message: `operation ${dropped.operation} has begun and cannot be left out`,
    };
  const refused = quantity === undefined ? undefined : changeQuantity(order, quantity);
  if (refused) return refused;
  Object.assign(order, definedOf(others));
  if (operations)
    order.operations = operations.length === 0 ? newOperations([]) : merge(order.operations, operations);
  if (components) order.components = mergeComponents(order.components, components);
  return undefined;
}

/** What has begun keeps what was made; what has not is planned anew. */
function merge(before: readonly Operation[], wanted: readonly OperationRequest[]): Operation[] {
  return wanted.map((request) => {
    const had = before.find(({ operation }) => operation === request.operation);
    return had && had.startedAt !== null ? had : newOperation(request);
  });
}

/** What was used of an item stays with it; an item that is left out stays in the list when some of it was used. */
function mergeComponents(before: readonly Component[], wanted: readonly ComponentRequest[]): Component[] {
  const kept = wanted.map((request) => {
    const had = before.find(({ line, item }) => line === request.line && item === request.item);
    return had ? { ...newComponent(request), used: had.used, needed: had.needed } : newComponent(request);
  });
  const used = before.filter(
    (had) =>
      !exact(had.used).isZero() && !kept.some(({ line, item }) => line === had.line && item === had.item),
  );
  return [...kept, ...used.map((had) => ({ ...had, quantity: "0" }))];
}

/** The quantity can change as long as the first operation is not done with it, and not below what it has made. */
function changeQuantity(order: Order, quantity: string): Reason | undefined {
  const first = order.operations[0]!;
  const difference = exact(quantity).minus(order.quantity);
  if (first.done && !difference.isZero())
    return {
      code: "QUANTITY-FIXED",
      message: `operation ${first.operation} is done with ${order.quantity}: the quantity can no longer change`,
    };
  if (first.startedAt !== null && !difference.isZero()) {
    const open = first.portions.reduce((total, portion) => total.plus(portion.good), exact(0));
    const [last] = first.portions.slice(-1);
    if (!last || open.plus(difference).lt(0) || exact(last.good).plus(difference).lt(0))
      return {
        code: "ALREADY-MADE",
        message: `operation ${first.operation} has begun: less than ${text(exact(order.quantity).minus(last?.good ?? "0"))} is not possible`,
      };
    last.good = text(exact(last.good).plus(difference));
    last.quantity = text(exact(last.quantity).plus(difference));
  }
  order.quantity = quantity;
  return undefined;
}

function definedOf<Given extends object>(given: Given): Partial<Given> {
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as Partial<Given>;
}
