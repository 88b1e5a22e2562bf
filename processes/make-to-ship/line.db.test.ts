import { afterAll, beforeAll, expect, test } from "vitest";
import { asDefinition, openLine } from "../../src/process/testing/line.ts";
import quoteToOrder from "../quote-to-order/index.ts";
import * as story from "./testing/story.ts";
import makeToShip from "./index.ts";

/** The real router and the real links, which the given/when/then kit does not play. */
let line: Awaited<ReturnType<typeof openLine>>;
beforeAll(async () => {
  line = await openLine([asDefinition(quoteToOrder), asDefinition(makeToShip)]);
});
afterAll(() => line.close());

type Told = { name: string; data: Readonly<Record<string, unknown>> };
const tell = async (...events: Told[]) => {
  for (const { name, data } of events) await line.tell(name, data);
  await line.settle();
};
const phaseOf = async (process: string) => {
  const [row] = await line.rows("select phase, held from instances where process = $1 and key = $2", [
    process,
    story.KEY,
  ]);
  return row;
};
const effects = async (process: string, name: string) =>
  (
    await line.rows("select payload from effects where process = $1 and name = $2 order by pos", [
      process,
      name,
    ])
  ).map(({ payload }) => JSON.parse(String(payload)) as Record<string, unknown>);
const ofWork = (name: string, workOrder: string, more: object = {}): Told => ({
  name,
  data: { workOrder, ...more },
});

test("an order finds what plants, quality and the warehouse tell by nothing but their own numbers", async () => {
  const { ordered, supply, workReleased, received, holdRaised, holdReleased } = story;
  await tell(ordered([story.pumps([6])]), supply(), workReleased);
  expect(await phaseOf("quote-to-order")).toEqual({ phase: "open", held: null });
  expect(await phaseOf("make-to-ship")).toEqual({ phase: "open", held: null });

  // the plant knows its work order only
  await tell(ofWork("WorkOrderStarted", "WO-1"));
  expect((await effects("quote-to-order", "tell")).at(-1)).toMatchObject({ status: "in-production" });

  // quality knows a lot, and at the end only its own number
  await tell(
    ofWork("LotProduced", "WO-1", { item: "PUMP-200", lot: "L-1", quantity: story.q(6), precision: "lot" }),
    holdRaised("H-1", { lot: "L-1" }),
    received(6, "L-1"),
  );
  expect(await effects("make-to-ship", "release")).toEqual([]);
  await tell(holdReleased("H-1", {}));
  expect(await effects("make-to-ship", "release")).toHaveLength(1);
  expect(await line.rows("select from events where type like '%.ShipmentReady.%'")).toHaveLength(1);

  // derived by one process, heard by the other
  await tell(story.shipped([story.line(6, { lots: story.lots(["L-1", 6]) })]));
  await tell(story.issued("PS-1", [story.line(6)], { shipment: `${story.KEY}.S1` }));
  expect(await phaseOf("quote-to-order")).toEqual({ phase: "shipped", held: null });
  expect(await phaseOf("make-to-ship")).toEqual({ phase: "shipped", held: null });
  await tell(story.invoiced("I-1"));
  expect(await phaseOf("make-to-ship")).toEqual({ phase: "done", held: null });
  expect(await effects("make-to-ship", "asset")).toMatchObject([{ lot: "L-1", productionOrders: ["PO-1"] }]);
});

test("what is made to stock concerns no order, and nothing waits for one", async () => {
  await tell(
    story.supply([], "PO-9"),
    { name: "WorkOrderReleased", data: { ...story.supply([], "PO-9").data, workOrder: "WO-9" } },
    ofWork("WorkOrderStarted", "WO-9"),
    ofWork("OperationStarted", "WO-9", { operation: "10" }),
    ofWork("LotProduced", "WO-9", { item: "PUMP-200", lot: "L-9", quantity: story.q(3), precision: "lot" }),
    story.receipt(3, { productionOrder: "PO-9", lots: story.lots(["L-9", 3]) }),
    story.holdRaised("H-9", { lot: "L-9" }),
    story.holdReleased("H-9", {}),
  );
  expect(await line.rows("select from waiting")).toEqual([]);
  expect(await line.rows("select kind, title from cases where state = 'open'")).toEqual([]);
});
