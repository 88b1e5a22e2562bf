import { test } from "vitest";
import { fired, rejected } from "../../src/testing/index.ts";
import * as story from "./testing/story.ts";
import {
  aCase,
  accepted,
  aHold,
  changed,
  concession,
  decided,
  given,
  holdEnded,
  KEY,
  newBom,
  newInstruction,
  ofWork,
  refused,
  released,
  revised,
} from "./testing/story.ts";

const CLOSED = ["CHANGE_TO_DECIDE", "CHANGE_NOT_FOLLOWED", "CHANGE_REFUSED"];
const bomNow = "the bill of materials of PUMP-200 was revised from B to C";
const current = { phase: "current", closedCases: CLOSED };

test("finish: the work goes on by the older revision, and the concession is recorded", () => {
  given(released)
    .when(newBom("finish", { changeOrder: "ECO-9", reason: "the new seal is quieter" }))
    .then({
      ...current,
      derived: [
        concession({
          revised: "bom",
          revision: "B",
          newRevision: "C",
          changeOrder: "ECO-9",
          reason: "the new seal is quieter",
        }),
      ],
    });
  given(released, newBom("finish")).when(newBom("finish")).then(current);
});

test("hold: the work stops until a person decides", () => {
  given(released)
    .when(newBom("hold"))
    .then({
      phase: "held",
      derived: [aHold("engineeringChange.C", bomNow)],
      cases: [aCase("CHANGE_TO_DECIDE")],
    });
  given(released, newBom("hold"))
    .when(decided("finish"))
    .then({
      ...current,
      derived: [
        concession({
          revised: "bom",
          revision: "B",
          newRevision: "C",
          reason: "the old seal is good",
          actor: "anna.keller",
        }),
        holdEnded("engineeringChange.C", "it is finished as it is"),
      ],
    });
});

test("held, it goes on when the ERP has changed the order and the plant works by it", () => {
  const nowC = changed({ bomRevision: "C" });
  given(released, newBom("hold")).when(nowC).then({ phase: "updating" });
  given(released, newBom("hold"), nowC)
    .when(accepted)
    .then({
      ...current,
      derived: [holdEnded("engineeringChange.C", "the plant works by another revision now")],
    });
  given(released, newBom("hold")).when(decided("update")).then({ phase: "updating" });
  given(released, newBom("hold"), decided("update"), nowC)
    .when(accepted)
    .then({
      ...current,
      derived: [holdEnded("engineeringChange.C", "the plant works by another revision now")],
    });
});

test("update: the ERP has a working day to bring the order to the new revision", () => {
  given(released)
    .when({ ...newBom("update"), time: "2026-03-02T09:00:00Z" })
    .then({ phase: "updating", timers: { update: "2026-03-02T17:00:00.000000Z" } });
  given(released, newBom("update"))
    .when(fired("update"))
    .then({ phase: "updating", cases: [aCase("CHANGE_NOT_FOLLOWED")] });
  given(released, newBom("update"), changed({ bomRevision: "C" }))
    .when(accepted)
    .then({ ...current, timers: {} });
});

test("a plant that cannot follow: a case, until a person concedes it", () => {
  const late = [released, newBom("update"), changed({ bomRevision: "C" })];
  given(...late)
    .when(refused)
    .then({ phase: "updating", cases: [aCase("CHANGE_REFUSED")] });
  given(...late, refused)
    .when(decided("finish", { newRevision: "C" }))
    .then({
      ...current,
      derived: [
        concession({
          revised: "bom",
          revision: "B",
          newRevision: "C",
          reason: "the old seal is good",
          actor: "anna.keller",
        }),
      ],
    });
  given(released).when(refused).then(current);
  given(released, newBom("hold"))
    .when(ofWork("WorkOrderRejected", { request: "hold", reasons: [{ message: "no" }] }))
    .then({ phase: "held" });
});

test("an instruction goes to the plant from here", () => {
  given(released)
    .when(newInstruction("update"))
    .then({
      phase: "updating",
      effects: [
        {
          name: "update",
          target: "mes",
          type: "UpdateWorkOrder",
          payload: {
            workOrder: KEY,
            productionOrder: KEY,
            operations: story.withInstruction("2"),
            reason: "instruction WI-7 was revised from 1 to 2",
          },
        },
      ],
    });
  given(released, newInstruction("update")).when(accepted).then(current);
  given(released, newInstruction("update"))
    .when(rejected("update", "unknown instruction"))
    .then({ phase: "updating", withdrawn: ["update"], cases: [aCase("CHANGE_REFUSED")] });
});

test("routing and item are followed like the bill", () => {
  given(released)
    .when(revised("RoutingRevised", "3", "update"))
    .then({ phase: "updating" });
  given(released, revised("RoutingRevised", "3", "update"), changed({ routingRevision: "3" }))
    .when(accepted)
    .then(current);
  const item = { baseUnit: "C62", lifecycle: "approved" };
  given(released)
    .when(revised("ItemChanged", "E", "hold", item))
    .then({
      phase: "held",
      derived: [aHold("engineeringChange.E", "item PUMP-200 was revised from D to E")],
      cases: [aCase("CHANGE_TO_DECIDE")],
    });
});

test("several changes at once: the work is held as long as one of them holds it", () => {
  given(released, newBom("hold"), revised("RoutingRevised", "3", "update"))
    .when(decided("finish"))
    .then({
      phase: "updating",
      derived: [
        concession({
          revised: "bom",
          revision: "B",
          newRevision: "C",
          reason: "the old seal is good",
          actor: "anna.keller",
        }),
        holdEnded("engineeringChange.C", "it is finished as it is"),
      ],
    });
});

test("a newer revision takes the place of one that was not followed", () => {
  given(released, newBom("hold"))
    .when(newBom("hold", { revision: "E" }))
    .then({
      phase: "held",
      derived: [
        aHold("engineeringChange.E", "the bill of materials of PUMP-200 was revised from B to E"),
        holdEnded("engineeringChange.C", "a newer revision took its place"),
      ],
      cases: [aCase("CHANGE_TO_DECIDE")],
    });
});

test("a revision of a day to come waits for that day", () => {
  const tomorrow = newBom("finish", { effectiveFrom: "2026-03-04" });
  given(released)
    .when(tomorrow)
    .then({ ...current, timers: { effective: "2026-03-04T00:00:00.000000Z" } });
  given(released, tomorrow)
    .when({ ...fired("effective"), time: "2026-03-04T00:00:00Z" })
    .then({ ...current, derived: [concession({ revised: "bom", revision: "B", newRevision: "C" })] });
});

test("what was revised before the release, or is what the ERP wants already, concerns nobody", () => {
  given(newBom("hold")).when(released).then(current);
  given(released, changed({ bomRevision: "C" }))
    .when(newBom("hold"))
    .then(current);
  given(released)
    .when(newBom("hold", { previousRevision: "A" }))
    .then(current);
  given(newBom("finish", { previousRevision: "B" }))
    .when(released)
    .then({ ...current, derived: [concession({ revised: "bom", revision: "B", newRevision: "C" })] });
  given({ ...released, plant: "lyon" })
    .when({ ...newBom("hold", { plant: "brno" }), plant: "brno" })
    .then(current);
});

test("a work order that is done is changed no more", () => {
  for (const end of ["WorkOrderCompleted", "WorkOrderAborted"])
    given(released, newBom("hold")).when(ofWork(end)).then({ phase: "done", closedCases: CLOSED });
  given(released, ofWork("WorkOrderCompleted")).when(newBom("hold")).thenIgnored(/done/);
  given()
    .when(ofWork("WorkOrderCompleted"))
    .thenIgnored(/no work order/);
});
