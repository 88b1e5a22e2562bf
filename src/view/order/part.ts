/**
 * What is known of one object that an order is about: the sales order itself, what is made for it, the goods that came out. Each
 * event adds to the parts of the objects it names; the order's rows are made of its parts as they stand, found by walking the
 * links. So a link that comes late needs nothing but another walk.
 */

/** When something happened, and at which position that was told. */
export interface Moment {
  at: string;
  seq: number;
}

/** One system's word on a field, the last of it. */
export interface Said extends Moment {
  value: string;
  /** Of Recommendation 20, or a currency. */
  unit?: string;
}

/** By field, then by system. */
export type Says = Record<string, Record<string, Said>>;

export interface Line {
  line: number;
  item: string;
  quantity: string;
  unit: string;
  supply?: string;
  requestedDate?: string;
  promisedDate?: string;
}

export interface Shipment {
  ready?: Moment;
  picked?: Moment;
  /** The warehouse's word: what left. */
  confirmed?: Moment & { lines: Record<string, string> };
  /** The ERP's word: what it issued. */
  issued?: Moment & { lines: Record<string, string> };
  packages?: string[];
}

interface Told {
  /** The last event that told anything of it. */
  last?: Moment;
}

export interface OrderPart extends Told {
  quote?: string;
  customer?: string;
  reference?: string;
  businessUnit?: string;
  plant?: string;
  document?: string;
  shippingPolicy?: string;
  asked?: Moment & { system?: string; lines: Line[] };
  /** Entered in the ERP. */
  created?: Moment & { system?: string; version?: string; lines: Line[] };
  /** Promised days that the ERP told for themselves, by line. */
  promised?: Record<string, string>;
  projected?: Record<string, string>;
  check?: Moment & { failed: string[]; unavailable: boolean };
  /** A change or a cancellation that the ERP has not answered. */
  change?: Moment & { kind: "change" | "cancel" };
  creditHold?: Moment;
  atRisk?: Moment & { because: string };
  cancelled?: Moment;
  rejected?: Moment;
  bought?: Moment & { quantity: string; first: string };
  shipments?: Record<string, Shipment>;
  invoices?: Record<string, Moment & { shipment?: string; amount?: string; currency?: string }>;
  says?: Says;
}

export interface CustomerPart extends Told {
  creditHold?: Moment;
}

export interface Pieces {
  good: string;
  scrap: string;
  rework: string;
}

export interface ProductionPart extends Told {
  plant?: string;
  item?: string;
  quantity?: string;
  unit?: string;
  version?: string;
  planned?: Moment;
  released?: Moment;
  cancelled?: Moment;
  closed?: Moment;
  held?: Moment & { reason?: string };
  delayed?: Moment & { gates: { gate: string; owner?: string; message?: string }[] };
  /** The sales lines it is for, as the ERP has it now. */
  pegging?: { salesOrder: string; quantity?: string }[];
  reporting?: string[];
  /** Confirmed by the ERP, by operation; "" where it names none. */
  confirmed?: Record<string, Pieces>;
  confirmedBy?: Moment & { system: string };
  receipts?: Moment & { first: string; quantity: string; stopped: string; of: Record<string, string> };
}

export interface WorkPart extends Told {
  plant?: string;
  productionOrder?: string;
  quantity?: string;
  unit?: string;
  reporting?: string[];
  released?: Moment;
  accepted?: Moment;
  started?: Moment;
  completed?: Moment;
  aborted?: Moment;
  held?: Moment & { reason?: string };
  operations?: Record<string, Pieces>;
  /** Told with its end, where no operations are reported. */
  whole?: Pieces;
  toldBy?: Moment & { system: string };
}

/** A lot, a serial number, or pieces without a number of their own. */
export interface GoodsPart extends Told {
  held?: Moment & { holds: number; hold: string; because?: string };
}

export type Part = OrderPart & CustomerPart & ProductionPart & WorkPart & GoodsPart;
