import type { Decision, EventData, Handler } from "../../src/process/index.ts";

export const PHASES = ["new", "current", "updating", "held", "done"] as const;
export type Phase = (typeof PHASES)[number];

export type Handle = Handler<Work, Phase>;
export type Context = Parameters<Handle>[0];
export type Next = Decision<Work, Phase>;
export type Revised = EventData["interlock.ConcessionRecorded.v1"]["revised"];
export type Operations = EventData["interlock.WorkOrderReleased.v1"]["operations"];

/** One open work order and the revisions it is made by. */
export interface Work {
  readonly productionOrder: string;
  readonly item: string;
  readonly plant?: string;
  readonly releasedAt: string;
  readonly operations: Operations;
  readonly designs: readonly Design[];
}

/** Something the work is made by: the item, its bill, its routing, or the instruction of an operation. */
export interface Design {
  readonly revised: Revised;
  /** The item, or the instruction. */
  readonly of: string;
  /** By which the plant works. */
  readonly revision: string;
  /** By which the ERP wants it, as far as it says. */
  readonly wanted: string;
  readonly change?: Change;
}

export interface Change {
  readonly revision: string;
  readonly changeClass: News["changeClass"];
  readonly changeOrder?: string;
  readonly reason?: string;
  readonly from: string;
  /**
   * later: it holds from a day to come. held: a person decides. updating: the ERP or the plant has to follow. conceded: finished
   * on the older revision.
   */
  readonly stands: "later" | "held" | "updating" | "conceded";
  /** The work was asked to stop for it. */
  readonly holds: boolean;
}

/** What is told of a new revision. */
export interface News {
  readonly revision: string;
  readonly from: string;
  readonly changeClass: "update" | "hold" | "finish";
  readonly previous?: string;
  readonly plant?: string;
  readonly changeOrder?: string;
  readonly reason?: string;
  /** When it was revised. */
  readonly at: string;
}

export const initial: Work = { productionOrder: "", item: "", releasedAt: "", operations: [], designs: [] };

export function phaseOf({ designs }: Work): Phase {
  const stands = designs.map(({ change }) => change?.stands);
  if (stands.includes("held")) return "held";
  return stands.includes("updating") ? "updating" : "current";
}

export function withDesign(work: Work, design: Design): Work {
  return {
    ...work,
    designs: work.designs.map((each) =>
      each.revised === design.revised && each.of === design.of ? design : each,
    ),
  };
}

export function withoutChange(design: Design): Design {
  const { change: _, ...rest } = design;
  return rest;
}
