import type { Decision, EventData, Handler } from "../../src/process/index.ts";

export const PHASES = ["new", "free", "held"] as const;
export type Phase = (typeof PHASES)[number];

export type Handle = Handler<Goods, Phase>;
export type Context = Parameters<Handle>[0];
export type Next = Decision<Goods, Phase>;
export type StockStatus = EventData["interlock.StockStatusChanged.v1"]["from"];

/**
 * Some goods and what lies on them: a lot, a serial number, the pieces of a work order that have no number of their own, or an
 * item as such. Amounts are decimal texts in one unit.
 */
export interface Goods {
  readonly name: Name;
  readonly item?: string;
  readonly itemRevision?: string;
  readonly workOrder?: string;
  readonly productionOrder?: string;
  readonly unit?: string;
  readonly location?: string;
  /** Open holds, by their names. */
  readonly holds: Readonly<Record<string, Hold>>;
  /** What it went into, or what came out of it: the keys of other goods. */
  readonly outputs: readonly string[];
  readonly stock: Stock;
  /** What was asked of the ERP and has not come back, by what it is: `unrestricted>blocked`, `scrap`. */
  readonly asked: Readonly<Record<string, string>>;
  /** A plant works on it. */
  readonly working: boolean;
  /** Shipments that were let go and have not left. */
  readonly ready: readonly Delivery[];
  readonly delivered: readonly Delivery[];
  /** Decisions so far, for the names of what follows from them. */
  readonly decisions: number;
}

export type NameKind = "lot" | "serial" | "workOrder" | "item";
export interface Name {
  readonly kind: NameKind;
  readonly id: string;
  /** Of an item: only this revision. */
  readonly revision?: string;
}

export interface Hold {
  /** Only so much of it; absent: all of it. */
  readonly quantity?: string;
  /** Of a hold on all of it: what quality has let go meanwhile. */
  readonly cleared: string;
  /** It was raised here, and did not come from what went in. */
  readonly origin: boolean;
  /** The work was asked to stop for it. */
  readonly stopsWork: boolean;
  /** Nothing was known of the goods when it came: a person was asked to block them. */
  readonly unseen: boolean;
}

export interface Stock {
  readonly unrestricted: string;
  /** What is kept from use because of the holds: in stock for inspection or blocked. */
  readonly inspection: string;
  readonly blocked: string;
}

export interface Delivery {
  readonly shipment: string;
  readonly salesOrder: string;
  readonly line: number;
  readonly quantity: string;
}

export const NO_STOCK: Stock = { unrestricted: "0", inspection: "0", blocked: "0" };

export function initialOf(key: string): Goods {
  return {
    name: nameOf(key),
    holds: {},
    outputs: [],
    stock: NO_STOCK,
    asked: {},
    working: false,
    ready: [],
    delivered: [],
    decisions: 0,
  };
}

export function keyOf({ kind, id, revision }: Name): string {
  return revision === undefined ? `${kind}:${id}` : `${kind}:${id}@${revision}`;
}

export function nameOf(key: string): Name {
  const colon = key.indexOf(":");
  const kind = key.slice(0, colon) as NameKind;
  const [id = "", revision] = kind === "item" ? key.slice(colon + 1).split("@") : [key.slice(colon + 1)];
  return { kind, id, ...(revision !== undefined && { revision }) };
}

/** The most exact name of the goods that an event is about. */
export function namedIn(data: {
  readonly lot?: string;
  readonly serial?: string;
  readonly workOrder?: string;
  readonly productionOrder?: string;
  readonly item?: string;
  readonly itemRevision?: string;
}): Name | undefined {
  const { lot, serial, workOrder, productionOrder, item, itemRevision } = data;
  if (serial !== undefined) return { kind: "serial", id: serial };
  if (lot !== undefined) return { kind: "lot", id: lot };
  // A work order bears the number of its production order.
  const work = workOrder ?? productionOrder;
  if (work !== undefined) return { kind: "workOrder", id: work };
  if (item === undefined) return undefined;
  return { kind: "item", id: item, ...(itemRevision !== undefined && { revision: itemRevision }) };
}

/** As contracts name goods. */
export function fieldsOf({
  name,
  item,
  itemRevision,
  workOrder,
  productionOrder,
}: Goods): Record<string, unknown> {
  if (name.kind === "item") return { item: name.id, itemRevision: name.revision };
  return {
    workOrder: name.kind === "workOrder" ? name.id : workOrder,
    productionOrder,
    ...(name.kind !== "workOrder" && { [name.kind]: name.id }),
    item,
    itemRevision,
  };
}

export function isHeld({ holds }: Goods): boolean {
  return Object.keys(holds).length > 0;
}

export function isAll({ quantity }: Pick<Hold, "quantity">): boolean {
  return quantity === undefined;
}
