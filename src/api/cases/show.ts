import { EFFECT_ACTIONS, type EffectAction } from "../../case/allowed.ts";
import { type CaseView, showCase } from "../../case/show.ts";
import type { Pool } from "../../db/pool.ts";
import { parseInstanceMember } from "../../process/outcome.ts";
import type { CaseAnswer, MemberRow } from "./case.ts";
import { selectCaseWhole, selectMembers } from "./queries.ts";

/** As many as a person can look at; a case that groups more is acted on page by page, as its members settle. */
const SHOWN = 200;

export const INBOUND_ACTIONS = ["readmit", "discard"] as const;

/** A case with everything that decides what can be done about it now. */
export async function readCase(pool: Pool, id: number): Promise<CaseAnswer | undefined> {
  const [whole, view, members] = await Promise.all([
    selectCaseWhole(pool, id),
    showCase(pool, id, "", SHOWN),
    selectMembers(pool, id, SHOWN),
  ]);
  if (!whole || !view) return undefined;
  return {
    ...whole,
    members,
    effects: view.effects.map(({ reference, system, lane, type, state, attempt, payload, allowed }) => ({
      reference,
      system,
      lane,
      type,
      state,
      attempt,
      payload: JSON.parse(payload) as unknown,
      actions: { ...allowed },
    })),
    actions: actionsOf(view, members),
  };
}

/** An action on the case is one on its members: it can be done when it can be done to one of them. */
function actionsOf(
  { allowed, effects }: CaseView,
  members: readonly MemberRow[],
): Record<string, string | null> {
  const waits = (kind: MemberRow["kind"]) =>
    members.some((member) => member.kind === kind && !member.settled);
  const onEffects = (action: EffectAction) => {
    const verdicts = effects.map((effect) => effect.allowed[action]);
    return verdicts.includes(null) ? null : (verdicts[0] ?? "no effect of it waits");
  };
  const onMessages = waits("inbound") ? null : "no message of it waits";
  return {
    ...allowed,
    ...Object.fromEntries(EFFECT_ACTIONS.map((action) => [action, onEffects(action)])),
    ...Object.fromEntries(INBOUND_ACTIONS.map((action) => [action, onMessages])),
    release: members.some(isHeld) ? null : "it holds no instance of a process",
  };
}

/** An instance that a failed handler holds; others are in a case because of what their process asked of people. */
export function isHeld({ kind, ref, settled }: MemberRow): boolean {
  return kind === "instance" && !settled && parseInstanceMember(ref)?.kind === "PROCESS_HELD";
}
