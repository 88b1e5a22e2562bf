import { expect, test } from "vitest";
import type { OutgoingEffect } from "../contract.ts";
import type { Stand } from "./stand.ts";

/** Several effects in one call: each is judged for itself, and none is done twice. */
export function batchTrials(name: string, stand: () => Stand): void {
  test("answers each row of a batch for itself", async () => {
    const { at, rows } = await ready(3);
    const n = at.nextObject();
    rows[1] = at.effect(name, n, at.rigOf(name).refused(n));
    expect(await classes(rows)).toEqual(["applied", "reject", "applied"]);
    expect(await applied(rows)).toEqual([1, 0, 1]);
  });

  test("applies each row exactly once when the token expires in the middle of a batch", async () => {
    const { at, rows } = await ready(3);
    await at.peer.arm({ kind: "token-expired", operations: ["batch"], afterRows: 1 });
    expect(await outcomeOf(rows)).toEqual({
      classes: ["applied", "retry", "retry"],
      done: [1, 0, 0],
      ...once(rows),
    });
  });

  test("applies each row exactly once when half a batch was applied", async () => {
    const { at, rows } = await ready(4);
    await at.peer.arm({ kind: "half-batch" });
    expect(await outcomeOf(rows)).toEqual({
      classes: ["unknown", "unknown", "unknown", "unknown"],
      done: [1, 1, 0, 0],
      ...once(rows),
    });
  });

  test("S9 takes each row for unknown when the answer to a batch is lost", async () => {
    const { at, rows } = await ready(2);
    await at.peer.arm({ kind: "answer-lost", operations: ["batch"] });
    expect(await outcomeOf(rows)).toEqual({ classes: ["unknown", "unknown"], done: [1, 1], ...once(rows) });
  });

  async function ready(size: number) {
    const at = stand();
    await at.peer.disarm();
    const rows: OutgoingEffect[] = [];
    for (let i = 0; i < size; i++) {
      const n = at.nextObject();
      await at.prepare(name, n);
      rows.push(at.effect(name, n));
    }
    return { at, rows };
  }

  async function send(rows: readonly OutgoingEffect[]) {
    const at = stand();
    return at.session.applyBatch!(rows, at.signal);
  }

  async function classes(rows: readonly OutgoingEffect[]) {
    return (await send(rows)).map((answer) => answer.class);
  }

  async function applied(rows: readonly OutgoingEffect[]): Promise<number[]> {
    const counts = await Promise.all(rows.map(({ reference }) => stand().peer.counts(reference)));
    return counts.map((count) => count.applied);
  }

  /** What the batch was answered with, what the peer had done by then, and where the engine's rules bring each row. */
  async function outcomeOf(rows: readonly OutgoingEffect[]) {
    const at = stand();
    const answers = await send(rows);
    const done = await applied(rows);
    const endings: string[] = [];
    for (const [i, effect] of rows.entries())
      endings.push((await at.driveOn(name, effect, answers[i]!)).ended);
    return { classes: answers.map((answer) => answer.class), done, endings, applied: await applied(rows) };
  }
}

function once(rows: readonly OutgoingEffect[]) {
  return { endings: rows.map(() => "applied"), applied: rows.map(() => 1) };
}
