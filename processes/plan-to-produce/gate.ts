/**
 * The gates between the ERP's release and the plant. Who does not tell revisions of bills or routings at all is not asked for
 * them; of an item the owner must have told, because it says where the item may be made and in which units.
 */
import type { Facts } from "../../src/process/index.ts";
import {
  componentsLooked,
  type ItemMaster,
  itemHoldsOf,
  revisionKey,
  type RevisionMaster,
  salesOrdersOf,
  type Successor,
} from "./fact.ts";
import type { Gate, PlannedOrder, Production } from "./state.ts";

/** Customers who wait for the order, as far as their sales orders are known. */
export function customersOf(order: PlannedOrder, facts: Facts): string[] {
  const found = salesOrdersOf(order).map((key) => facts("orderCustomer", key));
  return [...new Set(found.filter((customer) => typeof customer === "string"))].toSorted();
}

/** Every gate that is not met and not overridden; empty: it may go to the plant. */
export function unmetGates(state: Production, order: PlannedOrder, facts: Facts): Gate[] {
  const gates = [
    ...itemGates(state, order, facts),
    ...revisionGates("bom", order, order.bomRevision, state.plant, facts),
    ...revisionGates("routing", order, order.routingRevision, state.plant, facts),
    ...unitGates(order, facts),
    ...creditGates(state, order, facts),
  ];
  const overridden = new Set<string>(state.overrides.map(({ gate }) => gate));
  return [
    ...gates.filter(({ gate }) => !overridden.has(gate)),
    ...qualityGates(state, order, facts),
    ...standingGates(state),
  ];
}

function itemGates(state: Production, { item }: PlannedOrder, facts: Facts): Gate[] {
  const master = facts("itemMaster", item) as ItemMaster | undefined;
  const gate = (message: string): Gate[] => [{ gate: "item", message, owner: "plant-operations" }];
  if (!master) return gate(`nothing is known of item ${item}: let its owner send it`);
  if (master.lifecycle !== "approved")
    return gate(`item ${item} is ${master.lifecycle}: approve it where it is owned`);
  if (state.plant !== undefined && master.plants && !master.plants.includes(state.plant))
    return gate(
      `item ${item} is not active at plant ${state.plant}: activate it there, or plan another plant`,
    );
  return [];
}

function revisionGates(
  gate: "bom" | "routing",
  { item, plannedStart }: PlannedOrder,
  revision: string | undefined,
  plant: string | undefined,
  facts: Facts,
): Gate[] {
  if (revision === undefined) return [];
  const key = revisionKey(item, revision);
  const master = facts(`${gate}Revision`, key) as RevisionMaster | undefined;
  const latest = facts(`${gate}Latest`, item) as string | undefined;
  const successor = facts(`${gate}Successor`, key) as Successor | undefined;
  const what = `revision ${revision} of the ${gate === "bom" ? "bill of materials" : "routing"} of ${item}`;
  const unmet = (message: string): Gate[] => [{ gate, message, owner: "plant-operations" }];
  if (!master && latest !== undefined && !successor)
    return unmet(`${what} is not known, the latest told is ${latest}: let its owner send it`);
  const day = plannedStart?.slice(0, 10);
  if (
    day !== undefined &&
    master &&
    (day < master.from || (master.until !== undefined && day > master.until))
  )
    return unmet(
      `${what} does not hold on ${day}, when the work begins: change the order's date or its revision`,
    );
  if (master?.plant !== undefined && plant !== undefined && master.plant !== plant)
    return unmet(`${what} is for plant ${master.plant}: plan it there, or take another revision`);
  // What is in use until it is used up may still be made by the older one.
  if (successor && successor.changeClass !== "finish" && day !== undefined && day >= successor.from)
    return unmet(
      `${what} was replaced by ${successor.revision} from ${successor.from} on: bring the order to it in the ERP`,
    );
  return [];
}

function unitGates(order: PlannedOrder, facts: Facts): Gate[] {
  const named = [{ item: order.item, quantity: order.quantity }, ...componentsLooked(order)];
  const unknown = named.filter(({ item, quantity }) => {
    const master = facts("itemMaster", item) as ItemMaster | undefined;
    return master !== undefined && !master.units.includes(quantity.unit);
  });
  if (unknown.length === 0) return [];
  const list = unknown.map(({ item, quantity }) => `${quantity.unit} of ${item}`).join(", ");
  const message = `no conversion is known for ${list}: add it to the item where it is owned`.slice(0, 1_000);
  return [{ gate: "units", message, owner: "it" }];
}

function creditGates(state: Production, order: PlannedOrder, facts: Facts): Gate[] {
  const held = [
    ...state.customers
      .filter((key) => facts("creditHold", key) === true)
      .map((customer) => `customer ${customer}`),
    ...salesOrdersOf(order)
      .filter((key) => facts("orderCreditHold", key) === true)
      .map((salesOrder) => `order ${salesOrder}`),
  ];
  if (held.length === 0) return [];
  const message = `${held.join(", ")} on credit hold: release it in the ERP`;
  return [{ gate: "credit", message, owner: "finance" }];
}

function qualityGates(state: Production, order: PlannedOrder, facts: Facts): Gate[] {
  const held = itemHoldsOf(order).filter(({ kind, key }) => Number(facts(kind, key) ?? 0) > 0);
  if (held.length === 0 && Object.keys(state.quality).length === 0) return [];
  const what = held.map(({ key }) => key).join(", ") || "what is to be made";
  return [
    { gate: "quality", message: `quality holds ${what}: it waits for their decision`, owner: "quality" },
  ];
}

/** What no override helps against: somebody has stopped it, or the plant does not want it. */
export function standingGates({ holds, refusal }: Production): Gate[] {
  return [
    ...(holds.length === 0
      ? []
      : [
          {
            gate: "hold" as const,
            message: `held by ${holds.join(", ")}`.slice(0, 1_000),
            owner: "plant-operations" as const,
          },
        ]),
    ...(refusal === undefined
      ? []
      : [
          {
            gate: "plant" as const,
            message: `the plant refused it: ${refusal}; change the order in the ERP`.slice(0, 1_000),
            owner: "plant-operations" as const,
          },
        ]),
  ];
}
