import type { Decision, EffectPayload, EventData, Handler } from "../../src/process/index.ts";

export type HeldOrder = EventData["interlock.OrderCreated.v1"];
export type Quantity = HeldOrder["lines"][number]["quantity"];
type Receipts = EventData["interlock.ProductionReceiptPosted.v1"];
export type StockStatus = Receipts["status"];
/** What the ERP took in: made, or bought. */
export type Receipt = Pick<Receipts, "quantity" | "status"> &
  Partial<Pick<Receipts, "productionOrder" | "pegging" | "lots">>;
export type ShippedLine = EffectPayload["ReleaseShipment.v1"]["lines"][number];
export type Policy = NonNullable<HeldOrder["shippingPolicy"]>;

export const PHASES = ["new", "open", "shipped", "done", "ended"] as const;
export type Phase = (typeof PHASES)[number];

export type Handle = Handler<Order, Phase>;
export type Context = Parameters<Handle>[0];
export type Next = Decision<Order, Phase>;

/** One sales order and the goods that are there for it. */
export interface Order {
  readonly customer: string;
  readonly customerReference?: string;
  readonly document?: string;
  readonly policy: Policy;
  /** The ERP holds this one order; a hold of the customer is a fact. */
  readonly ownHold: boolean;
  readonly lines: readonly Line[];
  /** Production orders that serve it: to whom else, and how much. */
  readonly supplies: Readonly<Record<string, Supply>>;
  /** The production order of each work order. */
  readonly works: Readonly<Record<string, string>>;
  /** Receipts of production orders that were not heard of yet. */
  readonly unplaced: readonly Receipt[];
  /** What is in stock for it by the ERP's word, until it has left. */
  readonly pieces: readonly Piece[];
  /** Open holds on its goods, by a name of their own. */
  readonly holds: Readonly<Record<string, Hold>>;
  readonly shipments: Readonly<Record<string, Shipment>>;
  /** Shipments made so far, for the next one's number. */
  readonly made: number;
  /** Goods issues that were billed before they were heard of. */
  readonly billed: readonly string[];
  /** What went into the goods, for the customer's assets. */
  readonly built: readonly Built[];
  /** Timers that run: a later shipment must not begin the time of an earlier one anew. */
  readonly running: readonly ("shipping" | "invoice")[];
  /** The promised day that is waited for. */
  readonly promise?: string;
  /** The last one that passed, with a word to people where something had not left. */
  readonly missedDate?: string;
}

export interface Line {
  readonly line: number;
  readonly item: string;
  readonly quantity: Quantity;
  /** Deliveries in their order, as quantities of the line. */
  readonly schedule: readonly Delivery[];
  /** From stock: the ERP promised it from what lies there, so no receipt is waited for. */
  readonly fromStock: boolean;
  readonly shipped: string;
}

export interface Delivery {
  readonly scheduleLine: number;
  readonly quantity: string;
  readonly confirmedDate: string;
}

export interface Supply {
  readonly item: string;
  readonly itemRevision?: string;
  /** In the order in which they are served. */
  readonly pegging: EventData["interlock.ProductionOrderReleased.v1"]["pegging"];
  /** Received in all, for whomever. */
  readonly received: string;
}

export interface Piece {
  readonly line: number;
  readonly quantity: string;
  readonly status: StockStatus;
  readonly lot?: string;
  readonly serial?: string;
  readonly productionOrder?: string;
  /** The shipment it is meant for. */
  readonly shipment?: string;
  readonly scheduleLine?: number;
}

export interface Hold {
  readonly lot?: string;
  readonly serial?: string;
  readonly productionOrder?: string;
  /** Only so much of it, and nobody knows which pieces. */
  readonly quantity?: string;
}

export interface Shipment {
  readonly lines: readonly ShippedLine[];
  /** ready: let go. held: the warehouse was told to wait. left: on its way. issued: the ERP knows. */
  readonly stands: "ready" | "held" | "left" | "issued" | "invoiced";
  readonly goodsIssue?: string;
  readonly shippedOn?: string;
  readonly carrier?: string;
  readonly tracking?: string;
}

export interface Built {
  readonly productionOrder?: string;
  readonly item: string;
  readonly lot?: string;
  readonly serial?: string;
  readonly quantity: Quantity;
  readonly precision: EventData["interlock.MaterialConsumed.v1"]["precision"];
  readonly outputLot?: string;
  readonly outputSerial?: string;
}
