import { expect, test } from "vitest";
import { eventType, type LedgerEvent } from "../event/envelope.ts";
import { occasionInWords } from "./plan.ts";

function told(name: string, source: string, data: object = {}): LedgerEvent {
  const time = "2026-03-02T08:00:00.000000Z";
  const subject = "productionOrder/P-1";
  const at = { time, recordedTime: time, correlation: "salesOrder/1" };
  return { seq: 1, source, id: "e-1", type: eventType(name), subject, ...at, data };
}

test("a case says in plain words what it came of", () => {
  expect(occasionInWords(told("QualityHoldPlaced", "/systems/mes-brno"))).toBe(
    "Quality hold placed: productionOrder/P-1, told by mes-brno",
  );
  expect(occasionInWords(told("EffectRejected", "/interlock"))).toBe("Effect rejected: productionOrder/P-1");
  const fired = { process: "plan-to-produce", key: "P-1", name: "gates", generation: 1, dueAt: "" };
  expect(occasionInWords(told("TimerFired", "/interlock", fired))).toBe(
    'The timer "gates" that plan-to-produce had set for P-1 came due',
  );
});
