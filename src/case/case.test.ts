import { expect, test } from "vitest";

import { allowedOnEffect, type EffectState } from "./allowed.ts";
import { caseRow, ownerOf, systemCase, type CaseRules } from "./open.ts";

const NOW = "2026-03-01T09:15:00.000000Z";
const rules: CaseRules = {
  roleOf: (system) => ({ d365: "erp", "mes-lyon": "mes" })[system],
  caseDueAt: (owner) => (owner === "it" ? "2026-03-01T13:15:00.000000Z" : undefined),
};

test("a case has the owner of its kind, or of the role of the system it is about", () => {
  expect(ownerOf("EFFECT_EXHAUSTED", "d365", rules)).toBe("it");
  expect(ownerOf("EFFECT_UNPROVEN", "d365", rules)).toBe("finance");
  expect(ownerOf("EFFECT_REJECTED", "d365", rules, "productionOrder/P-1")).toBe("finance");
  // what an order says is for whoever speaks with the customer, whatever the system that refuses it
  expect(ownerOf("EFFECT_REJECTED", "d365", rules, "salesOrder/SO-1")).toBe("customer-service");
  expect(ownerOf("EFFECT_UNPROVEN", "d365", rules, "salesOrder/SO-1")).toBe("finance");
  expect(ownerOf("EFFECT_REJECTED", "mes-lyon", rules)).toBe("plant-operations");
  expect(ownerOf("EFFECT_REJECTED", "unheard-of", rules)).toBe("it");
  expect(ownerOf("MAPPING_FAILED", undefined, rules)).toBe("it");
});

test("what a project says of a kind goes before what it says of a role, and that before the defaults", () => {
  const own: CaseRules = { ...rules, owners: { erp: "customer-service", EFFECT_MISMATCH: "quality" } };
  expect(ownerOf("EFFECT_REJECTED", "d365", own)).toBe("customer-service");
  expect(ownerOf("EFFECT_MISMATCH", "d365", own)).toBe("quality");
});

test("the same trouble has the same fingerprint, and a clock runs where its owner has one", () => {
  const about = {
    system: "d365",
    effect: "CreateSalesOrder.v1",
    subject: "salesOrder/SO-1",
    happened: "VK-017: item blocked",
    sameAs: ["d365", "VK/017"],
    member: { kind: "effect", ref: "0123456789ABCDEF" },
  } as const;
  const row = systemCase("EFFECT_REJECTED", about, rules, NOW);
  expect(row).toMatchObject({
    fingerprint: "EFFECT_REJECTED/d365/VK%2F017",
    title: "d365 refused CreateSalesOrder.v1 of salesOrder/SO-1",
    owner: "customer-service",
    sla_at: null,
  });
  const other = systemCase("EFFECT_REJECTED", { ...about, subject: "salesOrder/SO-2" }, rules, NOW);
  expect(other.fingerprint).toBe(row.fingerprint);
  expect(systemCase("SYSTEM_REFUSES_US", about, rules, NOW).sla_at).toBe("2026-03-01T13:15:00.000000Z");
});

test("what was said is shortened to what can be stored", () => {
  const row = caseRow(
    {
      kind: "MAPPING_FAILED",
      owner: "it",
      subject: "salesOrder/SO-1",
      title: "\0".concat("x".repeat(500)),
      detail: { happened: "\ud800".repeat(5_000), remedy: "none" },
      sameAs: ["a".repeat(2_000)],
      member: { kind: "inbound", ref: "1" },
    },
    rules,
    NOW,
  );
  expect([row.title.length, row.fingerprint.length]).toEqual([199, 500]);
  expect(row.detail.isWellFormed()).toBe(true);
});

test.each<[Partial<EffectState>, string[]]>([
  [{ state: "parked", parkedFor: "rejected" }, ["retry", "resubmit", "mark-applied", "cancel"]],
  [{ state: "parked", parkedFor: "exhausted" }, ["retry", "resubmit", "mark-applied", "cancel"]],
  [{ state: "parked", parkedFor: "unproven" }, ["retry", "mark-applied", "cancel"]],
  [{ state: "parked", parkedFor: "mismatch" }, ["retry", "mark-applied", "cancel"]],
  [{ state: "ready" }, ["mark-applied", "cancel"]],
  [{ state: "sending" }, []],
  [{ state: "unknown" }, []],
  [{ state: "accepted" }, []],
  [{ state: "queued", head: "0123456789ABCDEF" }, []],
  [{ state: "ended", outcome: "applied" }, []],
])("%j allows %j", (state, expected) => {
  const effect = {
    reference: "R",
    parkedFor: null,
    attempt: 1,
    head: null,
    outcome: null,
    state: "ready",
    ...state,
  } as const;
  const allowed = Object.entries(allowedOnEffect(effect)).filter(([, why]) => why === null);
  expect(allowed.map(([action]) => action)).toEqual(expected);
});
