/** The facts that the gates lean on: what masters, credit and quality say of the things an order names. */
import type {
  EventData,
  FactChange,
  FactKey,
  LedgerEvent,
  ProcessDefinition,
} from "../../src/process/index.ts";
import type { PlannedOrder, Production } from "./state.ts";

/** A decision relies on a hundred facts at most: of more orders, customers or components the first ones count. */
const MOST_ORDERS = 20;
const MOST_COMPONENTS = 30;

export interface ItemMaster {
  readonly lifecycle: string;
  readonly units: readonly string[];
  /** Where it may be made; absent: anywhere. */
  readonly plants?: readonly string[];
}

export interface RevisionMaster {
  readonly from: string;
  readonly until?: string;
  readonly plant?: string;
}

/** What took a revision's place, and from which day on. */
export interface Successor {
  readonly revision: string;
  readonly from: string;
  readonly changeClass: "update" | "hold" | "finish";
}

type Revised = EventData["interlock.BomRevised.v1"] | EventData["interlock.RoutingRevised.v1"];

export const revisionKey = (item: string, revision: string): string => `${item}@${revision}`;

const revised = (kind: "bom" | "routing") => {
  return ({ data }: LedgerEvent): FactChange[] => {
    const { item, revision, plant, effectiveFrom, effectiveUntil, previousRevision, changeClass } =
      data as Revised;
    const value: RevisionMaster = {
      from: effectiveFrom,
      ...(effectiveUntil !== undefined && { until: effectiveUntil }),
      ...(plant !== undefined && { plant }),
    };
    const successor: Successor = { revision, from: effectiveFrom, changeClass };
    return [
      { kind: `${kind}Revision`, key: revisionKey(item, revision), value },
      { kind: `${kind}Latest`, key: item, value: revision },
      ...(previousRevision === undefined
        ? []
        : [{ kind: `${kind}Successor`, key: revisionKey(item, previousRevision), value: successor }]),
    ];
  };
};

const creditHold = (value: boolean) => {
  return ({ data }: LedgerEvent): FactChange[] => {
    const { customer, salesOrder } = data as { customer: string; salesOrder?: string };
    return salesOrder === undefined
      ? [{ kind: "creditHold", key: customer, value }]
      : [{ kind: "orderCreditHold", key: salesOrder, value }];
  };
};

const ordered = ({ data }: LedgerEvent): FactChange[] => {
  const { salesOrder, customer, creditHold: held } = data as EventData["interlock.OrderCreated.v1"];
  return [
    { kind: "orderCustomer", key: salesOrder, value: customer },
    ...(held === undefined ? [] : [{ kind: "orderCreditHold", key: salesOrder, value: held }]),
  ];
};

/** Holds on an item as such, or on one revision of it: how many are left. */
const itemHold = ({ data }: LedgerEvent): FactChange[] => {
  const { lot, serial, workOrder, item, itemRevision, holds } = data as EventData["interlock.GoodsHeld.v1"];
  if (item === undefined || lot !== undefined || serial !== undefined || workOrder !== undefined) return [];
  return [
    {
      kind: "itemHold",
      key: itemRevision === undefined ? item : revisionKey(item, itemRevision),
      value: holds,
    },
  ];
};

export const factsTold: NonNullable<ProcessDefinition["facts"]> = {
  OrderCreated: ordered,
  OrderChanged: ordered,
  CreditHoldPlaced: creditHold(true),
  CreditHoldReleased: creditHold(false),
  ItemChanged: ({ data }) => {
    const {
      item,
      lifecycle,
      baseUnit,
      conversions = [],
      plants,
    } = data as EventData["interlock.ItemChanged.v1"];
    const value: ItemMaster = {
      lifecycle,
      units: [baseUnit, ...conversions.map(({ unit }) => unit)],
      ...(plants && { plants: plants.filter(({ active }) => active).map(({ plant }) => plant) }),
    };
    return [{ kind: "itemMaster", key: item, value }];
  },
  BomRevised: revised("bom"),
  RoutingRevised: revised("routing"),
  GoodsHeld: itemHold,
  GoodsFreed: itemHold,
};

const ORDER_NEWS = new Set([
  "interlock.ProductionOrderPlanned.v1",
  "interlock.ProductionOrderReleased.v1",
  "interlock.ProductionOrderChanged.v1",
]);

/** Before release all that the gates ask; afterwards only whether quality holds what is made. */
export function factsOf(state: Production, { type, data }: LedgerEvent): FactKey[] {
  const orders = [state.order, ORDER_NEWS.has(type) ? (data as PlannedOrder) : undefined];
  const keys = new Map<string, FactKey>();
  for (const order of orders.filter((each) => each !== undefined))
    for (const fact of [...itemHoldsOf(order), ...(state.sent ? [] : gateFactsOf(order))])
      keys.set(`${fact.kind}/${fact.key}`, fact);
  if (!state.sent)
    for (const key of state.customers) keys.set(`creditHold/${key}`, { kind: "creditHold", key });
  return [...keys.values()].slice(0, 100);
}

export function itemHoldsOf({ item, itemRevision }: PlannedOrder): FactKey[] {
  const keys = itemRevision === undefined ? [item] : [item, revisionKey(item, itemRevision)];
  return keys.map((key) => ({ kind: "itemHold", key }));
}

export function salesOrdersOf({ pegging }: PlannedOrder): string[] {
  return [...new Set(pegging.map(({ salesOrder }) => salesOrder))].slice(0, MOST_ORDERS);
}

export function componentsLooked({ components = [] }: PlannedOrder): NonNullable<PlannedOrder["components"]> {
  return components.slice(0, MOST_COMPONENTS);
}

function gateFactsOf(order: PlannedOrder): FactKey[] {
  const { item, bomRevision, routingRevision } = order;
  const revisions = [
    ["bom", bomRevision],
    ["routing", routingRevision],
  ] as const;
  return [
    { kind: "itemMaster", key: item },
    ...componentsLooked(order).map((component) => ({ kind: "itemMaster", key: component.item })),
    ...revisions.flatMap(([kind, revision]) =>
      revision === undefined
        ? []
        : [
            { kind: `${kind}Latest`, key: item },
            { kind: `${kind}Revision`, key: revisionKey(item, revision) },
            { kind: `${kind}Successor`, key: revisionKey(item, revision) },
          ],
    ),
    ...salesOrdersOf(order).flatMap((key) => [
      { kind: "orderCustomer", key },
      { kind: "orderCreditHold", key },
    ]),
  ];
}
