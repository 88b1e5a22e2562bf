/**
 * A small book of the ERP's stock, moved by nothing but receipts and what this process asks for. Whatever order holds, their ends,
 * receipts and decisions come in: nothing that is held is free, nothing is moved that is not there, and in the end all of it is free.
 */
import { ok } from "node:assert/strict";
import fc from "fast-check";
import { expect, test } from "vitest";
import { eventType } from "../../src/event/envelope.ts";
import type { IntendedEffect } from "../../src/process/index.ts";
import process from "./index.ts";
import { type Goods, initialOf, type Phase } from "./state.ts";
import * as story from "./testing/story.ts";

type Told = { readonly name: string; readonly data: object };
type Book = Record<"unrestricted" | "inspection" | "blocked" | "scrapped", number>;

class Line {
  phase: Phase = "new";
  state: Goods = initialOf(`lot:${story.LOT}`);
  readonly book: Book = { unrestricted: 0, inspection: 0, blocked: 0, scrapped: 0 };
  #seq = 0;

  tell({ name, data }: Told): void {
    const row = process.phases[this.phase][name]!;
    if (!("handle" in row)) return;
    const seq = ++this.#seq;
    const time = new Date(Date.UTC(2026, 2, 2, 8, seq)).toISOString();
    const next = row.handle({
      key: `lot:${story.LOT}`,
      state: this.state,
      event: {
        seq,
        source: "/systems/test",
        id: `e-${seq}`,
        type: eventType(name),
        subject: "lot/L-90",
        time,
        recordedTime: time,
        correlation: "lot/L-90",
        data,
      },
      facts: () => undefined,
    });
    ok(row.to.includes(next.phase), `${name} leads to ${next.phase}`);
    this.phase = next.phase;
    this.state = next.state;
    for (const effect of next.effects ?? []) this.#apply(effect);
  }

  /** The ERP does what is asked, tells of it, and refuses what is not there. */
  #apply({ type, payload }: IntendedEffect): void {
    if (type !== "ScrapStock" && type !== "SetStockStatus") return;
    const { from, to, status, quantity } = payload as {
      from: keyof Book;
      to: keyof Book;
      status: keyof Book;
      quantity: { value: string };
    };
    const value = Number(quantity.value);
    const [source, target] = type === "ScrapStock" ? [status, "scrapped" as const] : [from, to];
    ok(this.book[source] >= value, `${value} of ${this.book[source]} ${source}`);
    this.book[source] -= value;
    this.book[target] += value;
    this.tell(
      type === "ScrapStock"
        ? {
            name: "InventoryAdjusted",
            data: { item: story.ITEM, lot: story.LOT, quantity: story.q(-value), kind: "scrap" },
          }
        : story.echo(value, from, to),
    );
  }
}

const holds = ["H-1", "H-2", "H-3"] as const;
const step = fc.oneof(
  fc.record({ what: fc.constant("receive" as const), value: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ what: fc.constant("raise" as const), hold: fc.constantFrom(...holds) }),
  fc.record({ what: fc.constant("release" as const), hold: fc.constantFrom(...holds) }),
  fc.record({
    what: fc.constant("scrap" as const),
    hold: fc.constantFrom(...holds),
    value: fc.integer({ min: 1, max: 3 }),
  }),
);

test("held goods are not free, and all that was not scrapped is free in the end", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      const line = new Line();
      line.tell(story.lotMade);
      let made = 0;
      for (const each of steps) {
        if (each.what === "receive") {
          made += each.value;
          line.book.unrestricted += each.value;
          line.tell(story.receipt(each.value));
        } else if (each.what === "raise") line.tell(story.hold(each.hold));
        else if (each.what === "release") line.tell(story.release(each.hold));
        else line.tell(story.decide(each.hold, [{ decision: "scrap", quantity: story.q(each.value) }]));
        const { unrestricted, inspection, blocked, scrapped } = line.book;
        expect(unrestricted + inspection + blocked + scrapped).toBe(made);
        if (line.phase === "held") expect(unrestricted).toBe(0);
        else expect(inspection + blocked).toBe(0);
      }
      for (const each of holds) line.tell(story.release(each));
      expect(line.book.unrestricted).toBe(made - line.book.scrapped);
    }),
    { numRuns: 300 },
  );
});
