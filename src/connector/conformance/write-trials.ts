import { expect, test } from "vitest";
import type { Answer, Evidence, OutgoingEffect } from "../contract.ts";
import { WRITE_FAULTS, type WriteFault } from "./fault.ts";
import type { Rig } from "./rig.ts";
import type { Stand } from "./stand.ts";

/** One effect, tried with nothing wrong and with each fault: the answer's class, the probe, and the peer's book. */
export function writeTrials(name: string, { effects, waivers }: Rig, stand: () => Stand): void {
  const once = { applied: 1, standing: 1 };

  test("is applied once, shows evidence, and is found again by its reference", async () => {
    const { at, effect, peer, probe } = await ready();
    const answer = await at.send(effect);
    expect(answer.class).toBe("applied");
    expectEvidence((answer as { evidence: Evidence }).evidence);
    expect(await peer.counts(effect.reference)).toEqual(once);
    expect((await probe()).class).toBe("applied");
  });

  test("is absent before it was ever sent", async () => {
    const { probe, effect, peer } = await ready();
    expect((await probe()).class).toBe("absent");
    expect(await peer.counts(effect.reference)).toEqual({ applied: 0, standing: 0 });
  });

  test("is rejected with a reason when the target refuses its content", async () => {
    const { at, n, peer } = await ready();
    const refused = at.effect(name, n, at.rigOf(name).refused(n));
    const answer = await at.send(refused);
    expect(answer).toMatchObject({ class: "reject", reason: expect.stringMatching(/\w{3}/) });
    expect((await peer.counts(refused.reference)).applied).toBe(0);
  });

  test("S3 is not written when its time to write has passed", async () => {
    const { at, effect, peer } = await ready();
    const late = new Error("slept past the deadline");
    const overslept = {
      ...effect,
      beforeWrite: () => {
        throw late;
      },
    };
    await expect(at.session.apply(overslept, at.signal)).rejects.toBe(late);
    expect((await peer.counts(effect.reference)).applied).toBe(0);
  });

  test("S6 with other content under its reference is not taken for ours", async () => {
    const { at, n, effect } = await ready();
    await at.send(effect);
    const other = { ...effect, payload: at.rigOf(name).otherwise(n) };
    const found = await at.session.probe!(other, at.signal);
    // Where the target knows no reference, other content is simply not this effect yet.
    expect(found.class).toBe(at.declaration(name).safety === "probe" ? "different" : "absent");
  });

  test("is sent by a connector that calls its own errors by the right class", async () => {
    const { at, effect, peer } = await ready();
    const nowhere = await at.open(at.rig.config("http://127.0.0.1:1"));
    expect((await nowhere.apply(effect, at.signal)).class, "nobody listens").toBe("retry");
    await nowhere.close();
    const stranger = await at.open(at.rig.refusedConfig(peer.url));
    expect((await stranger.apply(effect, at.signal)).class, "wrong credentials").toBe("auth");
    await stranger.close();
    expect((await peer.counts(effect.reference)).applied).toBe(0);
  });

  for (const fault of WRITE_FAULTS) {
    const waiver = waivers.find((w) => w.effect === name && w.fault === fault.kind);
    test(`is applied exactly once when ${fault.title}`, async ({ skip }) => {
      skip(waiver !== undefined, waiver && `waived: ${waiver.reason}`);
      const { at, effect, apply, peer } = await ready();
      await arm(fault);
      const answer = await apply();
      expectClass(answer, fault);
      await at.work();
      expect((await peer.counts(effect.reference)).applied, "what the peer did").toBe(fault.applied);
      const ending = await at.driveOn(name, effect, answer);
      expect(ending).toEqual({ ended: "applied", why: "" });
      await peer.commitAll();
      expect(await peer.counts(effect.reference)).toEqual(once);
    });
  }

  for (const kind of effects[name]?.partly ?? []) {
    test(`S7 is completed, not repeated, after ${kind} left a part of it in the target`, async () => {
      const { at, effect, apply, probe, peer } = await ready();
      await peer.arm({ kind });
      expect((await apply()).class).toBe("unknown");
      const found = await probe();
      expect(found.class).toBe("partial");
      const { missing } = found as { missing: unknown };
      // What is missing is kept in the database between the two calls.
      const kept = JSON.parse(JSON.stringify(missing)) as unknown;
      expect((await at.session.resume!(effect, kept, at.signal)).class).toBe("applied");
      expect((await probe()).class).toBe("applied");
      expect(await peer.counts(effect.reference)).toEqual(once);
    });
  }

  test("S14 is absent from a target that was restored to before it, and stands once when sent again", async () => {
    const { at, effect, probe, peer } = await ready();
    await peer.snapshot("before");
    await at.send(effect);
    await peer.restore("before");
    expect((await probe()).class).toBe("absent");
    expect(await at.drive(name, effect)).toEqual({ ended: "applied", why: "" });
    expect(await peer.counts(effect.reference)).toEqual({ applied: 2, standing: 1 });
  });

  async function ready() {
    const at = stand();
    const { session, peer } = at;
    await peer.disarm();
    const n = at.nextObject();
    await at.prepare(name, n);
    const effect: OutgoingEffect = at.effect(name, n);
    return {
      at,
      n,
      peer,
      effect,
      apply: () => session.apply(effect, at.signal),
      probe: () => session.probe!(effect, at.signal),
    };
  }

  /** A slow commit waits for a look by reference where there is one; else it stays open until after the resend. */
  async function arm({ kind, settings }: WriteFault): Promise<void> {
    const at = stand();
    const unseen = kind === "slow-commit" && at.declaration(name).safety !== "probe";
    const { operations } = at.rigOf(name);
    await at.peer.arm({ kind, ...settings, ...(unseen ? { afterProbes: 1_000_000 } : {}), operations });
  }
}

function expectClass(answer: Answer, { classes, retryAfterMs }: WriteFault): void {
  expect(classes, `${JSON.stringify(answer)}`).toContain(answer.class);
  if (retryAfterMs !== undefined) expect(answer).toMatchObject({ retryAfterMs });
}

/** contracts/evidence.json: names and values as text, few and short. */
function expectEvidence(evidence: Evidence): void {
  const entries = Object.entries(evidence);
  expect(entries.length).toBeGreaterThan(0);
  expect(entries.length).toBeLessThanOrEqual(20);
  for (const [field, value] of entries) {
    expect(value, `${field}`).toBeTypeOf("string");
    expect(value.length, `${field}`).toBeLessThanOrEqual(400);
  }
}
