/** New revisions as facts: every open work order on an older one is woken by them. */
import type {
  EventData,
  FactChange,
  FactKey,
  LedgerEvent,
  ProcessDefinition,
} from "../../src/process/index.ts";
import type { Context, Design, News, Work } from "./state.ts";

type Released = EventData["interlock.WorkOrderReleased.v1"];
/** A decision relies on a hundred facts at most. */
const MOST_DESIGNS = 90;

interface Told {
  readonly item?: string;
  readonly instruction?: string;
  readonly revision?: string;
  readonly previousRevision?: string;
  readonly plant?: string;
  readonly effectiveFrom?: string;
  readonly changeOrder?: string;
  readonly changeClass?: News["changeClass"];
  readonly reason?: string;
}

const revised = (kind: string) => {
  return ({ time, data }: LedgerEvent): FactChange[] => {
    const {
      item,
      instruction,
      revision,
      previousRevision,
      plant,
      effectiveFrom,
      changeOrder,
      changeClass,
      reason,
    } = data as Told;
    const of = kind === "instruction" ? instruction : item;
    // An item is told for many reasons; only a revision with a class says what becomes of open orders.
    if (of === undefined || revision === undefined || changeClass === undefined) return [];
    const value: News = {
      revision,
      from: effectiveFrom ?? time.slice(0, 10),
      changeClass,
      at: time,
      ...(previousRevision !== undefined && { previous: previousRevision }),
      ...(plant !== undefined && { plant }),
      ...(changeOrder !== undefined && { changeOrder }),
      ...(reason !== undefined && { reason }),
    };
    return [{ kind: `${kind}Change`, key: of, value }];
  };
};

export const factsTold: NonNullable<ProcessDefinition["facts"]> = {
  ItemChanged: revised("item"),
  BomRevised: revised("bom"),
  RoutingRevised: revised("routing"),
  InstructionRevised: revised("instruction"),
};

export function factsOf(work: Work, { type, data }: LedgerEvent): FactKey[] {
  const designs = type === "interlock.WorkOrderReleased.v1" ? designsOf(data as Released) : work.designs;
  return designs.map(({ revised: kind, of }) => ({ kind: `${kind}Change`, key: of }));
}

export function designsOf(released: Released): Design[] {
  const { item, itemRevision, bomRevision, routingRevision, operations } = released;
  const found = new Map<string, Design>();
  const add = (kind: Design["revised"], of: string, revision: string | undefined) => {
    if (revision !== undefined) found.set(`${kind}/${of}`, { revised: kind, of, revision, wanted: revision });
  };
  add("item", item, itemRevision);
  add("bom", item, bomRevision);
  add("routing", item, routingRevision);
  for (const { instruction } of operations)
    if (instruction) add("instruction", instruction.instruction, instruction.revision);
  return [...found.values()].slice(0, MOST_DESIGNS);
}

/**
 * The news of this design when the work order is on an older revision. Revisions that are told of the time before its release are
 * history: the ERP released it as it wanted it.
 */
export function newsOf(
  { facts, state }: Pick<Context, "facts" | "state">,
  { revised: kind, of, revision, wanted, change }: Design,
): News | undefined {
  const news = facts(`${kind}Change`, of) as News | undefined;
  if (!news || news.revision === revision || news.revision === wanted) return undefined;
  if (change && change.revision === news.revision) return undefined;
  if (news.plant !== undefined && state.plant !== undefined && news.plant !== state.plant) return undefined;
  // of several in a row, the next one replaces the one that is still under way
  const known = [revision, change?.revision];
  const replaces = news.previous === undefined ? news.at >= state.releasedAt : known.includes(news.previous);
  return replaces ? news : undefined;
}
