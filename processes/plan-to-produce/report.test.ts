import { test } from "vitest";
import { cancelled, fired, rejected } from "../../src/testing/index.ts";
import * as story from "./testing/story.ts";
import {
  aCase,
  at,
  confirm,
  correction,
  given,
  KEY,
  ofWork,
  q,
  receive,
  report,
  running,
  start,
  taken,
  timed,
  toErp,
  used,
} from "./testing/story.ts";

test("the first sign of work starts the order in the ERP, and only that one", () => {
  given(...taken)
    .when(timed(story.began, "09:00"))
    .then({ phase: "running", effects: [start(at("09:00"))] });
  given(...taken, story.began)
    .when(ofWork("OperationStarted", { operation: "10" }))
    .then({ phase: "running" });
  given(...story.atPlant)
    .when(timed(report("10", 1, { good: 3 }), "09:00"))
    .then({ phase: "running", effects: [start(at("09:00")), confirm("10", 1, { good: 3 }, at("09:00"))] });
});

test("each report is confirmed as the difference it is; good pieces of the reporting operation go into stock at once", () => {
  given(...taken, story.began)
    .when(
      timed(
        report("10", 1, { good: 3, scrap: 1 }, { scrapReasons: [{ code: "LEAK", quantity: q(1) }] }),
        "09:00",
      ),
    )
    .then({
      phase: "running",
      effects: [
        confirm("10", 1, { good: 3, scrap: 1 }, at("09:00"), {
          scrapReasons: [{ code: "LEAK", quantity: q(1) }],
        }),
      ],
    });
  given(...running)
    .when(timed(report("20", 4, { good: 3, scrap: 1 }), "09:00"))
    .then({
      phase: "running",
      effects: [confirm("20", 4, { good: 3, scrap: 1 }, at("09:00")), receive(4, 3, at("09:00"))],
    });
});

test("scrap and rework alone are confirmed and received nowhere", () => {
  given(...running)
    .when(timed(report("20", 4, { scrap: 1, rework: 2 }), "09:00"))
    .then({ phase: "running", effects: [confirm("20", 4, { scrap: 1, rework: 2 }, at("09:00"))] });
  given(...running, report("20", 4, { rework: 2 }))
    .when(timed(report("20", 5, { good: 2, rework: -2 }), "09:00"))
    .then({
      phase: "running",
      effects: [confirm("20", 5, { good: 2, rework: -2 }, at("09:00")), receive(5, 2, at("09:00"))],
    });
});

test("the same report under another name is nothing new", () => {
  given(...running)
    .when(report("20", 3, { good: 4 }))
    .then({ phase: "running" });
});

test("lots of a report go into stock with it", () => {
  const lots = [{ lot: "L-77", quantity: q(2) }];
  given(...running)
    .when(timed(report("20", 4, { good: 2 }, { lots }), "09:00"))
    .then({
      phase: "running",
      effects: [confirm("20", 4, { good: 2 }, at("09:00")), receive(4, 2, at("09:00"), { lots })],
    });
});

test("a correction takes back what was too much and confirms what came instead", () => {
  given(...running)
    .when(timed(correction("20", 4, 3, { good: -1, scrap: 1 }), "09:00"))
    .then({
      phase: "running",
      effects: [
        toErp("reverse-confirmation", "ReverseConfirmation", {
          workOrder: KEY,
          operation: "20",
          confirmation: 4,
          corrects: 3,
          good: q(1),
          scrap: q(0),
          rework: q(0),
          reportedAt: at("09:00"),
        }),
        confirm("20", 4, { scrap: 1 }, at("09:00")),
        toErp("reverse-receipt", "ReverseReceipt", {
          workOrder: KEY,
          operation: "20",
          confirmation: 4,
          corrects: 3,
          item: story.ITEM,
          quantity: q(1),
        }),
      ],
    });
  given(...running)
    .when(timed(correction("20", 4, 3, { good: 2 }), "09:00"))
    .then({
      phase: "running",
      effects: [confirm("20", 4, { good: 2 }, at("09:00")), receive(4, 2, at("09:00"))],
    });
});

test("a correction that overtook its report waits for it, and is a case after a day", () => {
  const early = timed(correction("20", 5, 4, { good: -1 }), "09:00");
  given(...running)
    .when(early)
    .then({
      phase: "running",
      timers: {
        silent: "2026-03-03T01:00:00.000000Z",
        echo: at("12:05"),
        correction: "2026-03-03T09:00:00.000000Z",
      },
    });
  given(...running, early)
    .when(timed(report("20", 4, { good: 2 }), "09:10"))
    .then({
      phase: "running",
      effects: [
        confirm("20", 4, { good: 2 }, at("09:10")),
        receive(4, 2, at("09:10")),
        toErp("reverse-confirmation", "ReverseConfirmation", {
          workOrder: KEY,
          operation: "20",
          confirmation: 5,
          corrects: 4,
          good: q(1),
          scrap: q(0),
          rework: q(0),
          reportedAt: at("09:00"),
        }),
        toErp("reverse-receipt", "ReverseReceipt", {
          workOrder: KEY,
          operation: "20",
          confirmation: 5,
          corrects: 4,
          item: story.ITEM,
          quantity: q(1),
        }),
      ],
    });
  given(...running, early)
    .when(fired("correction"))
    .then({ phase: "running", cases: [aCase("CORRECTION_WITHOUT_REPORT")] });
  given(...running, early, early)
    .when(early)
    .then({ phase: "running" });
  given(...running, early, fired("correction"))
    .when(timed(report("20", 4, { good: 1 }), "09:10"))
    .then({
      phase: "running",
      effects: [
        confirm("20", 4, { good: 1 }, at("09:10")),
        receive(4, 1, at("09:10")),
        toErp("reverse-confirmation", "ReverseConfirmation", {
          workOrder: KEY,
          operation: "20",
          confirmation: 5,
          corrects: 4,
          good: q(1),
          scrap: q(0),
          rework: q(0),
          reportedAt: at("09:00"),
        }),
        toErp("reverse-receipt", "ReverseReceipt", {
          workOrder: KEY,
          operation: "20",
          confirmation: 5,
          corrects: 4,
          item: story.ITEM,
          quantity: q(1),
        }),
      ],
      closedCases: ["CORRECTION_WITHOUT_REPORT"],
    });
});

test("a report that makes no sense is a case and is not posted", () => {
  given(...running)
    .when(report("20", 4, { good: -1 }))
    .then({ phase: "running", cases: [aCase("REPORT_SENSELESS")] });
  given(...running)
    .when(correction("20", 4, 3, { good: -9 }))
    .then({ phase: "running", cases: [aCase("REPORT_SENSELESS")] });
  given(...running)
    .when(used("HOUSING", 4, -3))
    .then({ phase: "running", cases: [aCase("REPORT_SENSELESS")] });
});

test("an operation that the order does not have waits until the ERP adds it", () => {
  const unknown = timed(report("15", 4, { good: 2 }), "09:00");
  given(...running)
    .when(unknown)
    .then({ phase: "running", cases: [aCase("REPORT_NOT_ON_ORDER")] });
  const operations = [
    ...story.content.operations.slice(0, 1),
    { operation: "15", workCenter: "WC-WASH", reporting: false },
    story.content.operations[1]!,
  ];
  given(...running, unknown)
    .when(story.changed({ ...story.forStock, operations }))
    .then({
      phase: "held",
      effects: [
        confirm("15", 4, { good: 2 }, at("09:00")),
        story.toPlant("hold", "HoldWorkOrder", { reason: "the order is changed" }),
        story.toPlant("update", "UpdateWorkOrder", { operations }),
      ],
      closedCases: ["REPORT_NOT_ON_ORDER"],
    });
});

const consume = (confirmation: number, quantity: number, reportedAt: string) =>
  toErp("consume", "PostMaterialConsumption", {
    workOrder: KEY,
    confirmation,
    item: "HOUSING",
    quantity: q(quantity),
    componentLine: 1,
    reportedAt,
  });

test("material the plant reports is posted for manual components, and only compared for what the ERP issues by itself", () => {
  given(...taken, story.began)
    .when(timed(used("HOUSING", 1, 3), "09:00"))
    .then({ phase: "running", effects: [consume(1, 3, at("09:00"))] });
  given(...taken, story.began)
    .when(used("SEAL", 1, 6))
    .then({ phase: "running" });
  given(...running)
    .when(used("HOUSING", 2, 10))
    .then({ phase: "running" });
});

test("a correction of used material, by the difference", () => {
  given(...running)
    .when(timed(story.usedCorrected("HOUSING", 4, 2, -2), "09:00"))
    .then({
      phase: "running",
      effects: [
        toErp("reverse-consumption", "ReverseConsumption", {
          workOrder: KEY,
          confirmation: 4,
          corrects: 2,
          item: "HOUSING",
          quantity: q(2),
          componentLine: 1,
          reportedAt: at("09:00"),
        }),
      ],
    });
  given(...running)
    .when(timed(story.usedCorrected("HOUSING", 4, 2, 1), "09:00"))
    .then({ phase: "running", effects: [consume(4, 1, at("09:00"))] });
  given(...running)
    .when(story.usedCorrected("HOUSING", 9, 8, -1))
    .then({ phase: "running" });
});

test("material that is no component waits until the ERP adds it", () => {
  const unknown = timed(used("GREASE", 4, 1), "09:00");
  given(...running)
    .when(unknown)
    .then({ phase: "running", cases: [aCase("REPORT_NOT_ON_ORDER")] });
  const components = [
    ...story.content.components,
    { line: 3, item: "GREASE", quantity: q(1), issueMethod: "manual" },
  ];
  given(...running, unknown)
    .when(story.changed({ ...story.forStock, components }))
    .then({
      phase: "held",
      effects: [
        toErp("consume", "PostMaterialConsumption", {
          workOrder: KEY,
          confirmation: 4,
          item: "GREASE",
          quantity: q(1),
          componentLine: 3,
          reportedAt: at("09:00"),
        }),
        story.toPlant("hold", "HoldWorkOrder", { reason: "the order is changed" }),
        story.toPlant("update", "UpdateWorkOrder", { components }),
      ],
      closedCases: ["REPORT_NOT_ON_ORDER"],
    });
});

test("more than the order and its tolerance is received, and is a case", () => {
  given(...running)
    .when(timed(report("20", 4, { good: 7 }), "09:00"))
    .then({
      phase: "running",
      effects: [confirm("20", 4, { good: 7 }, at("09:00")), receive(4, 7, at("09:00"))],
      cases: [aCase("OVER_DELIVERY")],
    });
  given(
    ...story.atPlant.slice(0, 1),
    story.told("ProductionOrderReleased", { ...story.forStock, overDelivery: "10" }),
    story.accepted,
  )
    .when(timed(report("20", 1, { good: 11 }), "09:00"))
    .then({
      phase: "running",
      effects: [start(at("09:00")), confirm("20", 1, { good: 11 }, at("09:00")), receive(1, 11, at("09:00"))],
    });
  given(...running, report("20", 4, { good: 7 }))
    .when(story.changed({ ...story.forStock, quantity: q(11) }))
    .then({
      phase: "running",
      effects: [story.toPlant("update", "UpdateWorkOrder", { quantity: q(11) })],
      closedCases: ["OVER_DELIVERY"],
    });
});

test("a refused posting has its own case; one that a person gives up never comes back", () => {
  given(...running)
    .when(rejected("confirm", "period closed"))
    .thenIgnored(/case of its own/);
  given(...running)
    .when(cancelled("receive"))
    .then({ phase: "running", cases: [aCase("POSTING_GIVEN_UP", "finance")] });
});

const wholeOrder = { ...story.forStock, operations: [], components: [] };
const noOperations = [story.itemKnown, story.told("ProductionOrderReleased", wholeOrder), story.accepted];

test("a plant that reports no operations tells its pieces with the end", () => {
  given(...noOperations)
    .when(timed(ofWork("WorkOrderCompleted", { good: q(9), scrap: q(1), confirmation: 1 }), "09:00"))
    .then({
      phase: "completing",
      effects: [
        start(at("09:00")),
        toErp("confirm", "ConfirmOperation", {
          workOrder: KEY,
          confirmation: 1,
          good: q(9),
          scrap: q(1),
          rework: q(0),
          reportedAt: at("09:00"),
          last: true,
        }),
        toErp("receive", "ReceiveProduction", {
          workOrder: KEY,
          confirmation: 1,
          item: story.ITEM,
          quantity: q(9),
          status: "unrestricted",
          reportedAt: at("09:00"),
        }),
      ],
    });
});

test("where operations report, the quantities of the end are the same pieces once more", () => {
  given(...running)
    .when(ofWork("WorkOrderCompleted", { good: q(4), confirmation: 9 }))
    .then({ phase: "completing" });
});
