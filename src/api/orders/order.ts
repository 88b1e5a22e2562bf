import { type Static, Type } from "typebox";

import { STAGES, STEPS } from "../../view/order/stage.ts";
import { WAITED_FOR } from "../../view/order/waiting.ts";
import { CASE } from "../cases/case.ts";
import { EFFECT } from "../effects/effect.ts";
import { nullable, oneOf, TIME } from "../schema.ts";

export const RISKS = ["late", "held", "blocked", "differs"] as const;
export const SORTS = ["latest", "promised", "waiting"] as const;

const DAY = Type.String({ format: "date" });
const AMOUNT = Type.String({ description: "Exact decimal text." });

const QUANTITIES = Type.Object({
  unit: nullable(Type.String({ description: "Recommendation 20; null where lines differ in it." })),
  ordered: AMOUNT,
  good: Type.String({
    description:
      "Good pieces that the plants report. Of a production order that serves several orders, at most what is pegged to this one.",
  }),
  scrap: AMOUNT,
  received: Type.String({ description: "Taken into stock by the ERP, made or bought." }),
  blocked: Type.String({ description: "Of what was received: in inspection or blocked." }),
  shipped: AMOUNT,
  invoiced: AMOUNT,
});

const NUMBER = Type.Object({
  kind: Type.String({
    description:
      "salesOrder, quote, erpOrder, customerOrder, productionOrder, workOrder, lot, serial, shipment, tracking, invoice.",
  }),
  number: Type.String(),
});

export const ORDER = Type.Object({
  id: Type.String({ description: "Of the sales order." }),
  quote: nullable(Type.String()),
  customer: nullable(Type.String()),
  customerReference: nullable(Type.String({ description: "The customer's own order number." })),
  plants: Type.Array(Type.String(), { description: "Where it is made; empty while nobody knows." }),
  businessUnit: nullable(Type.String()),
  stage: oneOf(STAGES, "Where the slowest of it is: an order that has shipped half is still in production."),
  open: Type.Boolean({ description: "Neither invoiced in full, nor cancelled, nor rejected." }),
  reached: Type.Record(oneOf(STEPS), nullable(TIME), {
    description: "When the first of it came to each step of its way.",
  }),
  quantities: QUANTITIES,
  promisedDate: nullable(DAY),
  projectedDate: nullable(DAY),
  waiting: nullable(
    Type.Object({
      for: oneOf(WAITED_FOR, "A team, or the system that has the next word."),
      since: TIME,
      why: Type.String(),
    }),
  ),
  risks: Type.Array(oneOf(RISKS), {
    description:
      "late: its day has passed, or is projected after the promised one; held: credit, quality, the ERP or a plant holds it; blocked: a case is open; differs: systems say different things.",
  }),
  openCases: Type.Integer({ description: "Open cases about it or about anything that belongs to it." }),
  updatedAt: Type.String({ ...TIME, description: "When the last of it happened." }),
  seq: Type.Integer({ description: "The position in the ledger that told of it last." }),
});

export const LISTED = Type.Object({
  ...ORDER.properties,
  matched: Type.Array(NUMBER, { description: "The numbers that the search found it by." }),
});

const SAID = Type.Object({
  system: Type.String(),
  value: Type.String(),
  unit: Type.Optional(Type.String({ description: "Of Recommendation 20, or a currency." })),
  seq: Type.Integer({ description: "The event that said it." }),
  at: TIME,
});

export const DETAIL = Type.Object({
  ...ORDER.properties,
  lines: Type.Array(
    Type.Object({
      line: Type.Integer(),
      item: Type.String(),
      quantity: AMOUNT,
      unit: Type.String(),
      supply: Type.Optional(Type.String({ description: "make, stock or buy, as the ERP says." })),
      requestedDate: Type.Optional(DAY),
      promisedDate: Type.Optional(DAY),
      shipped: AMOUNT,
    }),
  ),
  track: Type.Array(
    Type.Object({
      step: oneOf(STEPS),
      reachedAt: nullable(TIME),
      doneAt: nullable(Type.String({ ...TIME, description: "When the last of it had passed." })),
    }),
  ),
  says: Type.Array(
    Type.Object({
      field: Type.String({
        description:
          "quantity 10: of line 10; good PO-1: of production order PO-1; shipped 10: of line 10, in all.",
      }),
      words: Type.Array(SAID),
      differsSince: Type.Optional(
        Type.String({ ...TIME, description: "The systems do not say the same; since the later word." }),
      ),
    }),
    { description: "What each system says, its last word on each field." },
  ),
  holds: Type.Array(Type.Object({ what: Type.String(), because: Type.String(), since: TIME })),
  atRisk: nullable(Type.Object({ because: Type.String(), since: TIME })),
  productionOrders: Type.Array(
    Type.Object({
      productionOrder: Type.String(),
      plant: nullable(Type.String()),
      item: nullable(Type.String()),
      quantity: nullable(AMOUNT),
      unit: nullable(Type.String()),
      plannedAt: nullable(TIME),
      releasedAt: nullable(TIME),
      cancelledAt: nullable(TIME),
      closedAt: nullable(TIME),
      good: AMOUNT,
      scrap: AMOUNT,
      workOrders: Type.Array(
        Type.Object({
          workOrder: Type.String(),
          releasedAt: nullable(TIME),
          startedAt: nullable(TIME),
          completedAt: nullable(TIME),
        }),
      ),
    }),
  ),
  shipments: Type.Array(
    Type.Object({
      shipment: Type.String(),
      readyAt: nullable(TIME),
      leftAt: nullable(TIME),
      issuedAt: nullable(TIME),
    }),
  ),
  invoices: Type.Array(Type.Object({ invoice: Type.String(), at: TIME, shipment: nullable(Type.String()) })),
  numbers: Type.Array(NUMBER),
  cases: Type.Array(CASE, { description: "About it or anything that belongs to it, oldest first." }),
  effects: Type.Array(EFFECT, {
    description:
      "What its processes intend in other systems; what can be done with one: GET /v1/effects/{reference}.",
  }),
  truncated: Type.Boolean({ description: "It has more numbers, cases or effects than are shown." }),
});

export type OrderAnswer = Static<typeof ORDER>;
export type DetailAnswer = Static<typeof DETAIL>;
export type NumberAnswer = Static<typeof NUMBER>;
export type Risk = (typeof RISKS)[number];
export type Sort = (typeof SORTS)[number];

/** As it is stored: the cases come beside it. */
export type OrderRow = Omit<OrderAnswer, "risks" | "openCases"> & {
  readonly late: boolean;
  readonly held: boolean;
  readonly differing: number;
};

/** The view's own words (`OrderDetail`), as they are answered. */
export type StoredDetail = Pick<
  DetailAnswer,
  "lines" | "track" | "says" | "holds" | "atRisk" | "productionOrders" | "shipments" | "invoices"
>;

export function showOrder({ late, held, differing, ...order }: OrderRow, openCases: number): OrderAnswer {
  const risks = Object.entries({ late, held, blocked: openCases > 0, differs: differing > 0 });
  return {
    ...order,
    risks: risks.filter(([, at]) => at).map(([risk]) => risk as Risk),
    openCases,
  };
}
