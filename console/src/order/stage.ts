import type { Item } from "../api/query.ts";
import type { Tone } from "../state/tone.ts";

export type OrderRow = Item<"/v1/orders">;
export type Stage = OrderRow["stage"];
export type Risk = OrderRow["risks"][number];

/** The way of an order, in its order. */
export const STEPS = [
  "quote",
  "order",
  "released",
  "in-production",
  "quality",
  "received",
  "shipped",
  "invoiced",
] as const satisfies readonly Stage[];

export const STAGES: readonly Stage[] = [...STEPS, "cancelled", "rejected"];

export const STEP_WORDS: Readonly<Record<Stage, string>> = {
  quote: "Quoted",
  order: "Ordered",
  released: "Released",
  "in-production": "In production",
  quality: "In quality",
  received: "In stock",
  shipped: "Shipped",
  invoiced: "Invoiced",
  cancelled: "Cancelled",
  rejected: "Rejected",
};

export const RISKS: Readonly<
  Record<Risk, { readonly label: string; readonly tone: Tone; readonly why: string }>
> = {
  late: { label: "Late", tone: "late", why: "Its day has passed, or is projected after the promised one." },
  held: { label: "Held", tone: "stopped", why: "Credit, quality, the ERP or a plant holds it." },
  blocked: {
    label: "Case open",
    tone: "stopped",
    why: "A case about it, or about what is made for it, is open.",
  },
  differs: { label: "Differs", tone: "doubt", why: "Systems say different things about it." },
};

/** Teams and systems that an order can wait for. */
export const WAITED_FOR: Readonly<Record<string, string>> = {
  "customer-service": "Customer service",
  finance: "Finance",
  quality: "Quality",
  "plant-operations": "Plant operations",
  it: "IT",
  erp: "The ERP",
  plant: "The plant",
  warehouse: "The warehouse",
};
