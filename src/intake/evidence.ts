import type { Pool } from "../db/pool.ts";
import { effectEvent } from "../effect/effect-event.ts";
import { appendRow } from "../ledger/row.ts";
import { selectOpenEffects, settleByEvidence } from "./queries.ts";

export interface TellingEvent {
  readonly reference: string;
  readonly source: string;
  readonly id: string;
  readonly seq: number;
}

/**
 * An event from the target that carries our reference is the proof that the target has the effect: it settles without a
 * probe. Only the effect's own system is believed. Should this hub die before it gets here, a probe finds the same.
 * @param now RFC 3339
 * @returns how many effects ended by it
 */
export async function settleTold(
  pool: Pool,
  system: string,
  told: readonly TellingEvent[],
  now: string,
): Promise<number> {
  if (told.length === 0) return 0;
  const byReference = new Map(told.map((event) => [event.reference, event]));
  const effects = await selectOpenEffects(pool, system, [...byReference.keys()]);
  if (effects.length === 0) return 0;
  const settled = effects.map((effect, ord) => {
    const event = byReference.get(effect.reference)!;
    const evidence = { event: event.id.slice(0, 400), source: event.source, position: String(event.seq) };
    return {
      system,
      reference: effect.reference,
      evidence: JSON.stringify(evidence),
      event: appendRow(effectEvent("EffectApplied", effect, { time: now, evidence }), ord),
    };
  });
  return settleByEvidence(pool, settled);
}
