import { afterAll, beforeAll, expect, test } from "vitest";
import { passTime } from "../../src/process/clock.ts";
import { asDefinition, openLine } from "../../src/process/testing/line.ts";
import process from "./index.ts";
import * as story from "./testing/story.ts";

/** The real router, facts and clock, which the given/when/then kit does not play. */
let line: Awaited<ReturnType<typeof openLine>>;
beforeAll(async () => {
  line = await openLine([asDefinition(process)]);
});
afterAll(() => line.close());

let minute = 0;
const tell = async (name: string, data: object) => {
  const time = new Date(Date.UTC(2026, 2, 2, 8, ++minute)).toISOString();
  await line.tell(name, data, { time, plant: "lyon" });
  const clock = { pool: line.pool, limit: 100, surroundings: line.decideOptions.surroundings };
  // all of it is long ago: only what watches nothing comes due
  do await line.settle();
  while ((await passTime(clock)).told > 0);
};
const phaseOf = async (key: string) => {
  const [row] = await line.rows("select phase, held from instances where key = $1", [key]);
  return row?.["held"] ?? row?.["phase"];
};
const effects = async (type: string) =>
  (await line.rows("select payload from effects where type = $1 order by pos", [`${type}.v1`])).map(
    ({ payload }) => JSON.parse(String(payload)) as Record<string, unknown>,
  );
const release = (productionOrder: string) =>
  tell("ProductionOrderReleased", { productionOrder, ...story.content });

test("a customer first heard of with the release is asked for at once, and its hold keeps the order", async () => {
  await tell("ItemChanged", story.itemKnown.data);
  await tell("OrderCreated", story.ordered.data);
  await release("PO-1");
  expect(await phaseOf("PO-1")).toBe("releasing");

  await tell("CreditHoldPlaced", { customer: "C-77" });
  expect(await phaseOf("PO-1")).toBe("releasing");
  await release("PO-2");
  expect(await phaseOf("PO-2")).toBe("blocked");
  expect(await line.rows("select kind, owner from cases where state = 'open'")).toEqual([
    { kind: "GATE_CREDIT", owner: "finance" },
  ]);
  await tell("CreditHoldReleased", { customer: "C-77" });
  expect(await phaseOf("PO-2")).toBe("releasing");
  expect(await line.rows("select kind from cases where state = 'open'")).toEqual([]);
});

test("a plant that knows its work orders only, and parts of them by names of its own", async () => {
  const report = (workOrder: string, operation: string, confirmation: number, good: number) =>
    tell("OperationCompleted", {
      workOrder,
      operation,
      confirmation,
      good: story.q(good),
      scrap: story.q(0),
      rework: story.q(0),
      last: true,
    });
  await tell("WorkOrderAccepted", { workOrder: "PO-1", request: "release" });
  // what is told of a part before the split waits for it
  await report("PO-1-B", "10", 1, 4);
  expect(await effects("ConfirmOperation")).toEqual([]);
  const into = [
    { workOrder: "PO-1-A", quantity: story.q(6) },
    { workOrder: "PO-1-B", quantity: story.q(4) },
  ];
  await tell("WorkOrderSplit", { workOrder: "PO-1", into });
  expect(await effects("ConfirmOperation")).toMatchObject([{ productionOrder: "PO-1", workOrder: "PO-1-B" }]);
  await report("PO-1-A", "10", 1, 6);
  await report("PO-1-A", "20", 2, 6);
  await report("PO-1-B", "20", 2, 4);
  await tell("WorkOrderCompleted", { workOrder: "PO-1-A" });
  expect(await phaseOf("PO-1")).toBe("running");
  await tell("WorkOrderCompleted", { workOrder: "PO-1-B" });
  expect(await phaseOf("PO-1")).toBe("completing");
  expect((await effects("ReceiveProduction")).map(({ quantity }) => quantity)).toEqual([
    story.q(6),
    story.q(4),
  ]);

  const posted = { productionOrder: "PO-1", good: story.q(10), scrap: story.q(0) };
  await tell("ProductionConfirmed", { ...posted, operation: "10", document: "J-1" });
  await tell("ProductionConfirmed", { ...posted, operation: "20", document: "J-2" });
  await tell("ProductionReceiptPosted", {
    productionOrder: "PO-1",
    document: "J-3",
    item: story.ITEM,
    quantity: story.q(10),
    status: "unrestricted",
  });
  expect(await effects("FinishProductionOrder")).toMatchObject([
    { productionOrder: "PO-1", good: story.q(10) },
  ]);
  expect(await line.rows("select from waiting")).toEqual([]);
});
