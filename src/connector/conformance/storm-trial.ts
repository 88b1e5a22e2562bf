import { expect, test } from "vitest";
import { WRITE_FAULTS } from "./fault.ts";
import type { Stand } from "./stand.ts";

const OBJECTS = 24;
const SEED = 20_261;

/**
 * Everything goes wrong at once, by a seed, on a target that does not refuse a reference it knows: only the rules are
 * left to keep each effect single.
 */
export function stormTrial(names: readonly string[], stand: () => Stand): void {
  test(`applies every effect exactly once in a storm of all faults (seed ${SEED})`, async () => {
    const at = stand();
    await at.peer.disarm();
    await at.peer.set({ uniqueReference: false });
    const effects = names.flatMap((name) =>
      Array.from({ length: OBJECTS }, () => {
        const n = at.nextObject();
        return { name, n, effect: at.effect(name, n) };
      }),
    );
    for (const { name, n } of effects) await at.prepare(name, n);
    // Half the calls are struck; looks are struck too, by what can strike them.
    const faults = WRITE_FAULTS.filter(({ kind }) => kind !== "duplicate-answer" && kind !== "token-expired");
    await at.peer.arm(...faults.map(({ kind, settings }) => ({ kind, ...settings, probability: 0.1 })));
    const endings = await Promise.all(effects.map(({ name, effect }) => at.drive(name, effect)));
    await at.peer.disarm();
    await at.peer.commitAll();
    await at.peer.set({ uniqueReference: true });
    expect(endings.filter(({ ended }) => ended !== "applied")).toEqual([]);
    for (const { name, effect } of effects)
      expect(await at.peer.counts(effect.reference), `${name}`).toEqual({ applied: 1, standing: 1 });
  });
}
