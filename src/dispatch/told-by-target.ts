import type { Evidence } from "../connector/contract.ts";
import type { Pool } from "../db/pool.ts";
import { effectEvent } from "../effect/effect-event.ts";
import { boundedEvidence } from "../effect/evidence.ts";
import { toUtc } from "../event/time.ts";
import { appendRow } from "../ledger/row.ts";
import { selectEffects, settleByEvidence } from "./queries.ts";

/** An event of a target that carries the reference of an effect of ours. */
export interface Telling {
  /** The system that told it: nobody tells of another's effects. */
  readonly system: string;
  readonly reference: string;
  readonly evidence: Evidence;
}

/**
 * Settles effects that their target has told of, without a probe. Telling it again, or of an effect that has ended or is
 * being sent at this moment, changes nothing; what is missed here, a probe finds.
 * @returns how many effects it settled
 */
export async function settleTold(pool: Pool, tellings: readonly Telling[], wall: number): Promise<number> {
  const effects = new Map(
    (
      await selectEffects(
        pool,
        tellings.map(({ reference }) => reference),
      )
    ).map((each) => [each.reference, each]),
  );
  const time = toUtc(new Date(wall).toISOString())!;
  const rows = [...new Map(tellings.map((each) => [each.reference, each])).values()].flatMap(
    (telling, ord) => {
      const { system, reference } = telling;
      const effect = effects.get(reference);
      if (effect?.system !== system) return [];
      const evidence = boundedEvidence(telling.evidence);
      const event = appendRow(effectEvent("EffectApplied", effect, { time, evidence }), ord);
      return [{ system, reference, evidence: JSON.stringify(evidence), event }];
    },
  );
  return rows.length === 0 ? 0 : settleByEvidence(pool, rows);
}
