/** One work order as the tests tell it: ten pumps by bill B and routing 2, assembled by an instruction. */
import { join } from "node:path";
import { loadContracts } from "../../../src/contract/registry.ts";
import { event, given as givenOf, type ToldEvent } from "../../../src/testing/index.ts";
import process from "../index.ts";

const contracts = loadContracts([join(import.meta.dirname, "../../../contracts")]);
export const given = (...events: readonly ToldEvent[]) => givenOf(process, events, contracts);

export const KEY = "PO-500";
export const ITEM = "PUMP-200";
const quantity = { value: "10", unit: "C62" };
const operation = (revision: string) => [
  { operation: "10", workCenter: "WC-MILL", reporting: false },
  { operation: "20", workCenter: "WC-ASSY", reporting: true, instruction: { instruction: "WI-7", revision } },
];
const made = {
  item: ITEM,
  quantity,
  itemRevision: "D",
  bomRevision: "B",
  routingRevision: "2",
  mode: "mto",
  plannedStart: "2026-03-02T10:00:00+01:00",
  plannedEnd: "2026-03-04T14:00:00+01:00",
  components: [],
};
export const withInstruction = operation;
export const released = event("WorkOrderReleased", {
  workOrder: KEY,
  productionOrder: KEY,
  ...made,
  operations: operation("1"),
  pegging: [],
});
export const changed = (more: object) =>
  event("ProductionOrderChanged", {
    productionOrder: KEY,
    ...made,
    operations: operation("1"),
    pegging: [],
    ...more,
  });

export const revised = (name: string, revision: string, changeClass: string, more: object = {}) =>
  event(name, { item: ITEM, revision, changeClass, effectiveFrom: "2026-03-02", ...more });
export const newBom = (changeClass: string, more: object = {}) =>
  revised("BomRevised", "C", changeClass, more);
export const newInstruction = (changeClass: string) =>
  event("InstructionRevised", {
    instruction: "WI-7",
    revision: "2",
    effectiveFrom: "2026-03-02",
    changeClass,
  });
export const decided = (decision: string, more: object = {}) =>
  event("EngineeringChangeDecided", {
    workOrder: KEY,
    revised: "bom",
    decision,
    actor: "anna.keller",
    reason: "the old seal is good",
    ...more,
  });
export const ofWork = (name: string, more: object = {}) => event(name, { workOrder: KEY, ...more });
export const accepted = ofWork("WorkOrderAccepted", { request: "update" });
export const refused = ofWork("WorkOrderRejected", {
  request: "update",
  reasons: [{ message: "operation 20 has begun" }],
});

export const aHold = (hold: string, reason: string) => ({
  name: "WorkOrderHoldRequested",
  data: { workOrder: KEY, productionOrder: KEY, hold, cause: "engineering-change", reason },
});
export const holdEnded = (hold: string, reason: string) => ({
  name: "WorkOrderHoldEnded",
  data: { workOrder: KEY, productionOrder: KEY, hold, reason },
});
export const concession = (more: object) => ({
  name: "ConcessionRecorded",
  data: { workOrder: KEY, productionOrder: KEY, item: ITEM, ...more },
});
export const aCase = (kind: string) => ({ kind, owner: "plant-operations" as const });
