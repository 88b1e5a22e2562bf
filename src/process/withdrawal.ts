import type { Pool } from "../db/pool.ts";
import { effectEvent } from "../effect/effect-event.ts";
import { appendRow, type AppendRow } from "../ledger/row.ts";
import type { Outcome } from "./outcome.ts";
import { selectOpenEffects } from "./queries.ts";

/** A row of `withdraw_effects`: which of the two answers is appended, the transaction finds out. */
interface WithdrawalRow {
  readonly reference: string;
  readonly system: string;
  readonly lane: string;
  readonly won: AppendRow;
  readonly lost: AppendRow;
}

/** The effects that the withdrawals of a batch mean: open ones, and those the same batch intended before. */
export async function withdrawalRows(pool: Pool, outcomes: readonly Outcome[]): Promise<WithdrawalRow[]> {
  const asking = outcomes.filter(({ withdrawals }) => withdrawals.length > 0);
  if (asking.length === 0) return [];
  const open = await selectOpenEffects(
    pool,
    asking.map(({ instance }) => ({ process: instance!.process, key: instance!.key })),
  );
  const rows = new Map<string, WithdrawalRow>();
  for (const { instance, withdrawals, effects } of asking) {
    const stored = open.filter(({ process, key }) => key === instance!.key && process === instance!.process);
    for (const { what, cause, before } of withdrawals) {
      for (const effect of [...stored, ...effects.slice(0, before)]) {
        if ((effect.name !== what && effect.reference !== what) || rows.has(effect.reference)) continue;
        const { reference, system, lane } = effect;
        const ord = rows.size;
        const identity = { ...effect, causeSeq: effect.cause_seq };
        const won = effectEvent("EffectWithdrawn", identity, { time: cause.time });
        // asked for again, it may be too late again
        const lost = effectEvent("EffectWithdrawalRefused", identity, { time: cause.time, nth: cause.seq });
        rows.set(reference, {
          reference,
          system,
          lane,
          won: appendRow(won, ord),
          lost: appendRow(lost, ord),
        });
      }
    }
  }
  return [...rows.values()];
}
