import type { Pool } from "../db/pool.ts";
import {
  allowedOnCase,
  allowedOnEffect,
  type Allowed,
  type CaseAction,
  type EffectAction,
} from "./allowed.ts";
import { selectCase, selectCaseEffects, type CaseHead, type EffectInLane } from "./queries.ts";

/** A case as a person decides on it: what still waits, and what may be done about it now. */
export interface CaseView {
  readonly head: CaseHead;
  readonly allowed: Allowed<CaseAction>;
  readonly effects: readonly (EffectInLane & { readonly allowed: Allowed<EffectAction> })[];
  /** Reference after which the next page begins; undefined at the end. */
  readonly next: string | undefined;
}

/** @param after the `next` of the page before, or nothing */
export async function showCase(
  pool: Pool,
  id: number,
  after = "",
  limit = 50,
): Promise<CaseView | undefined> {
  const head = await selectCase(pool, id);
  if (!head) return undefined;
  const rows = await selectCaseEffects(pool, id, after, limit + 1);
  const effects = rows.slice(0, limit).map((effect) => ({ ...effect, allowed: allowedOnEffect(effect) }));
  return {
    head,
    allowed: allowedOnCase(head),
    effects,
    next: rows.length > limit ? effects.at(-1)?.reference : undefined,
  };
}
