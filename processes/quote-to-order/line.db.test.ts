import { afterAll, beforeAll, expect, test } from "vitest";
import { passTime } from "../../src/process/clock.ts";
import { asDefinition, openLine } from "../../src/process/testing/line.ts";
import makeToShip from "../make-to-ship/index.ts";
import planToProduce from "../plan-to-produce/index.ts";
import quoteToOrder from "./index.ts";
import * as story from "./testing/story.ts";

/** The three processes on one real line: what one tells, the others hear. */
let line: Awaited<ReturnType<typeof openLine>>;
beforeAll(async () => {
  line = await openLine([quoteToOrder, planToProduce, makeToShip].map(asDefinition));
});
afterAll(() => line.close());

type Told = { name: string; data: Readonly<Record<string, unknown>> };
const tell = async (...events: Told[]) => {
  for (const { name, data } of events) await line.tell(name, data, { plant: "lyon" });
  const clock = { pool: line.pool, limit: 100, surroundings: line.decideOptions.surroundings };
  // all of it is long ago: only what watches no stream comes due
  do await line.settle();
  while ((await passTime(clock)).told > 0);
};
/** What was intended since the last look, but for what people read. */
let seen = 0;
const intended = async () => {
  const types = await line.rows(
    "select type from effects where type not like 'UpdateOrderStatus%' order by cause_seq, pos",
  );
  const news = types.slice(seen).map(({ type }) => String(type).replace(".v1", ""));
  seen = types.length;
  return news.toSorted();
};
const phases = async () =>
  Object.fromEntries(
    (await line.rows("select process, phase, held from instances")).map(({ process, phase, held }) => [
      process,
      held ?? phase,
    ]),
  );

const production = (quantity: number) => ({
  productionOrder: "PO-1",
  item: "PUMP-200",
  quantity: story.q(quantity),
  bomRevision: "B",
  routingRevision: "2",
  mode: "mto",
  plannedStart: "2026-03-02T10:00:00+01:00",
  plannedEnd: "2026-03-04T14:00:00+01:00",
  components: [],
  operations: [
    { operation: "10", workCenter: "WC-10", reporting: false },
    { operation: "20", workCenter: "WC-20", reporting: true },
  ],
  pegging: [{ salesOrder: story.KEY, line: 1 }],
});
const workOrderOf = async () => {
  const [row] = await line.rows("select body from events where type like '%.WorkOrderReleased.%'");
  return (JSON.parse(String(row!["body"])) as { workOrder: string }).workOrder;
};

test("a change in operation: the plant stops, the ERP changes, the plant goes on with less", async () => {
  await tell(
    {
      name: "ItemChanged",
      data: {
        item: "PUMP-200",
        baseUnit: "C62",
        lifecycle: "approved",
        plants: [{ plant: "lyon", active: true }],
      },
    },
    story.requested,
  );
  expect(await intended()).toEqual(["CheckOrder"]);
  await tell(story.passed);
  expect(await intended()).toEqual(["CreateSalesOrder"]);
  await tell(story.created, { name: "ProductionOrderReleased", data: production(10) });
  expect(await intended()).toEqual(["ReleaseWorkOrder"]);
  const workOrder = await workOrderOf();
  await tell(
    { name: "WorkOrderAccepted", data: { workOrder, request: "release" } },
    { name: "WorkOrderStarted", data: { workOrder } },
  );
  expect(await intended()).toEqual(["StartProductionOrder"]);

  await tell(story.changeTo(8));
  expect(await intended()).toEqual(["HoldWorkOrder"]);
  expect(await phases()).toMatchObject({ "quote-to-order": "holding" });
  await tell({ name: "WorkOrderHeld", data: { workOrder } });
  expect(await intended()).toEqual(["ChangeSalesOrder"]);
  await tell(
    { name: "ProductionOrderChanged", data: production(8) },
    { name: "OrderChanged", data: story.changedInErp(8).data },
  );
  expect(await intended()).toEqual(["ResumeWorkOrder", "UpdateWorkOrder"]);
  expect(await phases()).toMatchObject({ "quote-to-order": "open", "make-to-ship": "open" });
  expect(await line.rows("select kind, title from cases where state = 'open'")).toEqual([]);
});

test("then a cancellation: the plant stops, the ERP cancels, the work order ends and the order with it", async () => {
  const workOrder = await workOrderOf();
  await tell({ name: "WorkOrderResumed", data: { workOrder } }, story.cancelWanted);
  expect(await intended()).toEqual(["HoldWorkOrder"]);
  await tell({ name: "WorkOrderHeld", data: { workOrder } });
  expect(await intended()).toEqual(["CancelSalesOrder"]);
  await tell(story.cancelledInErp);
  expect(await phases()).toMatchObject({ "quote-to-order": "ending", "make-to-ship": "ended" });
  await tell({ name: "ProductionOrderCancelled", data: { productionOrder: "PO-1" } });
  expect(await intended()).toEqual(["CancelWorkOrder"]);
  expect(await phases()).toMatchObject({ "quote-to-order": "ended" });
});
