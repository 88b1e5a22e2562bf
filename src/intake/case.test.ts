import { expect, test } from "vitest";
import type { CaseRules } from "../case/open.ts";
import { quarantineCase } from "./case.ts";

const NOW = "2026-03-01T09:15:00.000000Z";
const rules: CaseRules = { roleOf: () => "mes", caseDueAt: () => undefined };
const about = {
  system: "mes-works",
  stream: "log",
  id: 7,
  nativeId: "row/7/done",
  objectKey: "workOrder/P-1",
  code: "CROSSWALK_UNKNOWN",
  message: "no crosswalk row for Machine 99",
  pointer: "/resource",
};

test("messages that fail for the same reason share a case of those who map them", () => {
  const row = quarantineCase(about, rules, NOW);
  expect(row).toMatchObject({ kind: "MESSAGE_QUARANTINED", owner: "it", subject: "workOrder/P-1" });
  const other = quarantineCase({ ...about, id: 8, nativeId: "row/8/done" }, rules, NOW);
  expect(other.fingerprint).toBe(row.fingerprint);
});

test("what a mapping refuses is a case of its own for whoever answers for the system, in the mapping's words", () => {
  const refused = { ...about, code: "MAPPING_REFUSED", message: "its span is no duration" };
  const row = quarantineCase(refused, rules, NOW);
  expect(row).toMatchObject({
    kind: "MESSAGE_REFUSED",
    owner: "plant-operations",
    title: "mes-works tells what makes no sense of workOrder/P-1",
    member_kind: "inbound",
    member_ref: "7",
  });
  expect(row.detail).toContain("its span is no duration");
  const other = quarantineCase({ ...refused, id: 8, nativeId: "row/8/done" }, rules, NOW);
  expect(other.fingerprint).not.toBe(row.fingerprint);
});
