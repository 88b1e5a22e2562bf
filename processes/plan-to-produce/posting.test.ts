/**
 * What a plant made is posted once, whatever way the news of it takes: any order, any number of copies, corrections before what
 * they correct, the end before the last report. The sums in the ERP are the sums of the plant.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { IntendedEffect, LedgerEvent } from "../../src/process/index.ts";
import { eventType } from "../../src/event/envelope.ts";
import { plus } from "./amount.ts";
import process from "./index.ts";
import { initial, type Next, type Phase, type Production } from "./state.ts";
import * as story from "./testing/story.ts";

interface Sums {
  good: string;
  scrap: string;
}

function ledgerEvent(told: { name: string; data: object }, n: number): LedgerEvent {
  return {
    seq: n,
    source: "/systems/test",
    id: `e-${n}`,
    type: eventType(told.name),
    subject: `productionOrder/${story.KEY}`,
    time: new Date(Date.UTC(2026, 2, 2, 8, n)).toISOString(),
    recordedTime: new Date(Date.UTC(2026, 2, 2, 8, n)).toISOString(),
    correlation: `productionOrder/${story.KEY}`,
    plant: "lyon",
    data: told.data,
  };
}

/** Plays events through the table, as an engine without deferral would: none of these is ever deferred at the plant. */
function play(events: readonly { name: string; data: object }[]): {
  state: Production;
  phase: Phase;
  effects: IntendedEffect[];
} {
  let at: Next = { phase: "new", state: initial };
  const effects: IntendedEffect[] = [];
  for (const [n, told] of events.entries()) {
    const row = process.phases[at.phase][told.name]!;
    if (!("handle" in row)) throw new Error(`${told.name} has no handler in ${at.phase}`);
    const facts = (kind: string) =>
      kind === "itemMaster" ? { lifecycle: "approved", units: ["C62"] } : undefined;
    const { state } = at;
    at = row.handle({ key: story.KEY, state, event: ledgerEvent(told, n), facts });
    expect(row.to).toContain(at.phase);
    effects.push(...(at.effects ?? []));
  }
  return { state: at.state, phase: at.phase, effects };
}

const amounts = fc.record({ good: fc.integer({ min: 0, max: 5 }), scrap: fc.integer({ min: 0, max: 3 }) });
/** A plant's day: reports on both operations with one counter, some of them corrected by less or more. */
const day = fc
  .array(
    fc.record({
      operation: fc.constantFrom("10", "20"),
      made: amounts,
      // never more than the report itself had
      fix: fc.option(
        fc.record({ good: fc.integer({ min: -5, max: 3 }), scrap: fc.integer({ min: -3, max: 3 }) }),
      ),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((reports) => {
    let counter = 0;
    return reports.flatMap(({ operation, made, fix }) => {
      const first = ++counter;
      const told = [story.report(operation, first, made)];
      if (fix)
        told.push(
          story.correction(operation, ++counter, first, {
            good: Math.max(fix.good, -made.good),
            scrap: Math.max(fix.scrap, -made.scrap),
          }),
        );
      return told;
    });
  });

const scheduled = day.chain((reports) =>
  fc.record({
    reports: fc.constant(reports),
    // each at least once, in any order, with copies
    order: fc
      .array(fc.nat({ max: reports.length - 1 }), { maxLength: 8 })
      .chain((copies) =>
        fc.shuffledSubarray([...reports.keys(), ...copies], { minLength: reports.length + copies.length }),
      ),
    endAt: fc.nat(),
  }),
);

function reportedSums(reports: readonly { data: Readonly<Record<string, unknown>> }[]): Record<string, Sums> {
  const sums: Record<string, Sums> = {};
  for (const { data } of reports) {
    const { operation, good, scrap } = data as {
      operation: string;
      good: { value: string };
      scrap: { value: string };
    };
    const before = sums[operation] ?? { good: "0", scrap: "0" };
    sums[operation] = { good: plus(before.good, good.value), scrap: plus(before.scrap, scrap.value) };
  }
  return sums;
}

function postedSums(effects: readonly IntendedEffect[]): { sums: Record<string, Sums>; received: string } {
  const sums: Record<string, Sums> = {};
  let received = "0";
  for (const { type, payload } of effects) {
    const { operation, good, scrap, quantity } = payload as {
      operation: string;
      good: { value: string };
      scrap: { value: string };
      quantity: { value: string };
    };
    const sign = type.startsWith("Reverse") ? "-" : "";
    if (type === "ConfirmOperation" || type === "ReverseConfirmation") {
      const before = sums[operation] ?? { good: "0", scrap: "0" };
      sums[operation] = {
        good: plus(before.good, `${sign}${good.value}`),
        scrap: plus(before.scrap, `${sign}${scrap.value}`),
      };
    }
    if (type === "ReceiveProduction" || type === "ReverseReceipt")
      received = plus(received, `${sign}${quantity.value}`);
  }
  return { sums, received };
}

test("confirmations are what was reported, receipts the good of the reporting operation, scrap is posted once", () => {
  fc.assert(
    fc.property(scheduled, ({ reports, order, endAt }) => {
      const events = order.map((n) => reports[n]!);
      events.splice(endAt % (events.length + 1), 0, story.completed);
      const { state, effects } = play([story.told("ProductionOrderReleased", story.forStock), ...events]);
      const told = reportedSums(reports);
      const { sums, received } = postedSums(effects);
      expect(sums).toEqual(told);
      expect(received).toEqual(told["20"]?.good ?? "0");
      expect(state.waiting).toEqual([]);
      expect(effects.filter(({ type }) => type === "StartProductionOrder")).toHaveLength(1);
      expect(effects.filter(({ type }) => type === "ScrapStock")).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test("each effect of a report carries its counter, and no two of a kind carry the same", () => {
  fc.assert(
    fc.property(scheduled, ({ reports, order }) => {
      const { effects } = play([
        story.told("ProductionOrderReleased", story.forStock),
        ...order.map((n) => reports[n]!),
      ]);
      const named = effects
        .filter(({ name }) => name !== "release" && name !== "start")
        .map(({ type, payload }) => `${type} ${(payload as { confirmation: number }).confirmation}`);
      expect(new Set(named).size).toBe(named.length);
    }),
    { numRuns: 200 },
  );
});

test("it ends once, whatever way the echoes take: when the last of them is in", () => {
  const good = [2, 3, 5];
  const events = [
    ...good.flatMap((each, n) => [
      story.report("10", 2 * n + 1, { good: each }),
      story.report("20", 2 * n + 2, { good: each }),
    ]),
    story.completed,
    ...good.flatMap((each) => [
      story.confirmedInErp("10", each),
      story.confirmedInErp("20", each),
      story.receivedInErp(each),
    ]),
  ];
  fc.assert(
    fc.property(fc.shuffledSubarray(events, { minLength: events.length }), (shuffled) => {
      const { phase, effects } = play([story.told("ProductionOrderReleased", story.forStock), ...shuffled]);
      expect(phase).toBe("closing");
      expect(effects.filter(({ type }) => type === "FinishProductionOrder")).toHaveLength(1);
      expect(effects.at(-1)!.type).toBe("FinishProductionOrder");
    }),
    { numRuns: 200 },
  );
});
