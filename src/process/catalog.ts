import type { EffectDeclaration } from "../connector/contract.ts";
import type { CaseOwner } from "./contract.ts";
import type { WorkingTime } from "./calendar.ts";

/** What a project's systems and contracts make of what a process intends. Built from the configuration by whoever runs it. */
export interface EffectCatalog {
  /**
   * Where an effect goes.
   * @param target role or system id; @param type `CreateSalesOrder.v1`; @param plant chooses among several systems of a role
   * @returns undefined when no system of the project that can be sent to plays that role
   * @throws Error saying what to do, when several systems could be meant, the one takes no such effect, or the payload breaks
   *   its contract: the instance is held with that sentence
   */
  resolve(
    target: string,
    type: string,
    payload: unknown,
    plant: string | undefined,
  ): ResolvedEffect | undefined;
  /**
   * `erp/OrderCreated`, or `erp/orders` where its streams are known, as `system/stream`: `d365/sales`.
   * @param plant chooses among several systems of a role; without one all of them are meant
   * @returns none when nothing is read that could be waited for: nobody plays the role, or what it tells, it pushes
   * @throws Error when it is neither an event nor a stream of the system
   */
  streams(watched: string, plant: string | undefined): readonly string[];
  /** @throws Error when the data of a derived event breaks its contract; `type` is `interlock.OrderAtRisk.v1` */
  checkEvent(type: string, data: unknown): void;
}

export interface ResolvedEffect {
  readonly system: string;
  /** The target's own object: `salesOrder/SO-1001`. */
  readonly lane: string;
  readonly settleMs: number;
  readonly safety: EffectDeclaration["safety"];
  /** This hub owns the system, and its breaker and rate allow one more now: an idle lane may start with it already sending. */
  readonly claimable: boolean;
}

/** What decisions lean on besides the definition: all of it is given, none of it asked for while deciding. */
export interface Surroundings {
  readonly ledgerId: string;
  readonly catalog: EffectCatalog;
  /** The working time of a plant; without a calendar every hour counts (`ALWAYS`). */
  readonly workingTime: (plant: string | undefined) => WorkingTime;
  /** When a case of this owner should be settled, counted from `from`; undefined: no clock runs. */
  readonly caseDueAt: (owner: CaseOwner, plant: string | undefined, from: string) => string | undefined;
}
