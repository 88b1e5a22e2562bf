/** An order with everything that is made for it: its parts, found by the links. */
import { type ObjectRef, subjectOf } from "../../event/envelope.ts";
import { plus } from "./amount.ts";
import type { CustomerPart, GoodsPart, OrderPart, Part, ProductionPart, WorkPart } from "./part.ts";

/** One step of the walk down from an order. */
export interface Step {
  readonly object: ObjectRef;
  readonly parent: ObjectRef;
}

export interface Made<Of> {
  readonly id: string;
  readonly part: Of;
}

export interface Whole {
  readonly id: string;
  readonly order: OrderPart;
  readonly customer: CustomerPart;
  readonly productions: readonly (Made<ProductionPart> & {
    /** What the order may have of it; undefined: all, it serves no other. */
    readonly share: string | undefined;
    readonly works: readonly Made<WorkPart>[];
  })[];
  /** What is held of what was made, or of what went into it. */
  readonly goods: readonly (ObjectRef & { readonly part: GoodsPart })[];
  /** Everything below the order. */
  readonly objects: readonly ObjectRef[];
}

/** Where holds on goods are kept beside what is known of the work itself. */
export const GOODS = "goods:";

/** The parts that `wholeOf` may ask for, as subjects. */
export function partsAsked(steps: readonly Step[]): string[] {
  return steps.flatMap(({ object }) =>
    object.kind === "productionOrder" || object.kind === "workOrder"
      ? [subjectOf(object), `${GOODS}${subjectOf(object)}`]
      : object.kind === "lot" || object.kind === "serial"
        ? [`${GOODS}${subjectOf(object)}`]
        : [],
  );
}

export function wholeOf(id: string, steps: readonly Step[], partOf: (subject: string) => Part): Whole {
  const children = Map.groupBy(steps, ({ parent }) => subjectOf(parent));
  const order = partOf(`salesOrder/${id}`);
  /** A production order that the ERP has given to somebody else does not serve this one any more. */
  const serves = ({ kind, id: production }: ObjectRef) => {
    if (kind !== "productionOrder") return true;
    const { pegging } = partOf(`productionOrder/${production}`);
    return !pegging || pegging.some(({ salesOrder }) => salesOrder === id);
  };
  const below = (from: ObjectRef): ObjectRef[] => {
    const found = new Map<string, ObjectRef>();
    const open = [from];
    for (const object of open)
      for (const { object: child } of children.get(subjectOf(object)) ?? [])
        if (!found.has(subjectOf(child)) && serves(child)) {
          found.set(subjectOf(child), child);
          open.push(child);
        }
    // By name: in which order links were learned or are read must not show.
    return [...found.values()].toSorted((a, b) => (subjectOf(a) < subjectOf(b) ? -1 : 1));
  };
  const objects = below({ kind: "salesOrder", id });
  return {
    id,
    order,
    customer: order.customer === undefined ? {} : partOf(`customer/${order.customer}`),
    productions: objects
      .filter(({ kind }) => kind === "productionOrder")
      .map((production) => {
        const part = partOf(subjectOf(production));
        return {
          id: production.id,
          part,
          share: shareOf(id, part),
          works: below(production)
            .filter(({ kind }) => kind === "workOrder")
            .map((work) => ({ id: work.id, part: partOf(subjectOf(work)) })),
        };
      }),
    goods: objects
      .map((object) => ({ ...object, part: partOf(`${GOODS}${subjectOf(object)}`) }))
      .filter(({ part }) => part.held !== undefined),
    objects,
  };
}

function shareOf(id: string, { pegging = [], quantity = "0" }: ProductionPart): string | undefined {
  if (pegging.every(({ salesOrder }) => salesOrder === id)) return undefined;
  return pegging
    .filter(({ salesOrder }) => salesOrder === id)
    .map((own) => own.quantity ?? quantity)
    .reduce((a, b) => plus(a, b), "0");
}
