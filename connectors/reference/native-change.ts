import { asOrder, type NativeOrder } from "./native.ts";

const ORDER_TYPES = [
  "order.confirmed",
  "order.held",
  "order.changed",
  "order.cancelled",
  "order.shipped",
] as const;
const CUSTOMER_TYPES = ["customer.held", "customer.released"] as const;

export type NativeCustomer = {
  readonly customer: string;
  readonly onHold: boolean;
  readonly holdReason: string | null;
  readonly revision: number;
};

type Change<Type, Data> = {
  readonly id: string;
  readonly sequence: number;
  readonly type: Type;
  readonly timestamp: string;
  /** Of the call it came from; null when a person did it. */
  readonly reference: string | null;
  readonly data: Data;
};
export type OrderChange = Change<(typeof ORDER_TYPES)[number], NativeOrder>;
export type CustomerChange = Change<(typeof CUSTOMER_TYPES)[number], NativeCustomer>;
export type NativeChange = OrderChange | CustomerChange;

/** A message as polled or pushed; undefined when it is not one of the order system's. */
export function asChange(raw: Uint8Array): NativeChange | undefined {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(raw).toString("utf8"));
  } catch {
    return undefined;
  }
  const { id, type, timestamp, reference, data } = (value ?? {}) as Partial<Change<string, unknown>>;
  if (typeof id !== "string" || typeof type !== "string" || typeof timestamp !== "string") return undefined;
  if (reference !== null && typeof reference !== "string") return undefined;
  if (has(ORDER_TYPES, type)) return asOrder(data) && (value as OrderChange);
  if (has(CUSTOMER_TYPES, type)) return isCustomer(data) ? (value as CustomerChange) : undefined;
  return undefined;
}

function has(types: readonly string[], type: string): boolean {
  return types.includes(type);
}

function isCustomer(value: unknown): value is NativeCustomer {
  const { customer, onHold } = (value ?? {}) as Partial<NativeCustomer>;
  return typeof customer === "string" && typeof onHold === "boolean";
}
