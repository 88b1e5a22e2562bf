import { expect, test } from "vitest";
import type { Stand } from "./stand.ts";

/** A question leaves nothing behind, so it may be asked as often as it takes to see an answer. */
export function questionTrials(name: string, stand: () => Stand): void {
  test("is answered, and nothing is done in the target", async () => {
    const { at, effect } = await ready();
    expect((await at.session.apply(effect, at.signal)).class).toBe("applied");
    expect(await at.peer.counts(effect.reference)).toEqual({ applied: 0, standing: 0 });
  });

  test("is rejected with a reason when the target does not understand it", async () => {
    const { at, n } = await ready();
    const refused = at.effect(name, n, at.rigOf(name).refused(n));
    expect(await at.session.apply(refused, at.signal)).toMatchObject({
      class: "reject",
      reason: expect.stringMatching(/\w{3}/),
    });
  });

  for (const kind of ["answer-lost", "error-after", "reset-before", "throttle", "token-expired", "outage"]) {
    test(`is asked again after ${kind}, and answered`, async () => {
      const { at, effect } = await ready();
      await at.peer.arm({ kind, operations: at.rigOf(name).operations });
      expect((await at.session.apply(effect, at.signal)).class).toBe("retry");
      expect(await at.drive(name, effect)).toEqual({ ended: "applied", why: "" });
    });
  }

  async function ready() {
    const at = stand();
    await at.peer.disarm();
    const n = at.nextObject();
    await at.prepare(name, n);
    return { at, n, effect: at.effect(name, n) };
  }
}
