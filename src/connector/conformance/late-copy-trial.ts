import { expect, test } from "vitest";
import type { Stand } from "./stand.ts";

/**
 * An idempotent effect is sent again without a look, so its first copy may still be on its way when the next effect of
 * the object is done. The product must know the reference, not only the content.
 */
export function lateCopyTrial(name: string, stand: () => Stand): void {
  test("does not undo a newer effect on the same object when a copy of it comes late", async () => {
    const at = stand();
    await at.peer.disarm();
    const n = at.nextObject();
    await at.prepare(name, n);
    const older = at.effect(name, n);
    const newer = at.effect(name, n, at.rigOf(name).otherwise(n));
    for (const effect of [older, newer, older]) await at.session.apply(effect, at.signal);
    expect((await at.session.probe!(newer, at.signal)).class).toBe("applied");
    expect((await at.peer.counts(older.reference)).applied).toBe(1);
  });
}
