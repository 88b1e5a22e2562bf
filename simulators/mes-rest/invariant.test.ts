import { expect, test } from "vitest";
import { lyonOrder, Stage, type Seen } from "./testing/stage.ts";

/** mulberry32 */
function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const STATIONS = ["WC-WELD", "WC-ASSY"];
const HOUR_MS = 3_600_000;

/** Orders and requests in any order, people and breakdowns between them; at the end everything may come to its end. */
async function play(stage: Stage, seed: number): Promise<void> {
  const pick = randomFrom(seed);
  let now = Date.parse("2026-03-09T05:00:00Z");
  let orders = 0;
  let references = 0;
  const some = () => `WO-${1 + pick(Math.max(1, orders))}`;
  const ask = (method: string, path: string, body: object) =>
    stage.call(method, `/api/v2/work-orders/${path}`, {
      externalReference: `R-${seed}-${++references}`,
      ...body,
    });
  const clerk = (body: object) => stage.call("POST", "/admin/clerk", body);
  const actions = [
    async () => {
      orders++;
      if (pick(3) === 0)
        await stage.admin("POST", "courses", {
          scrap: [{ operation: pick(2) ? "10" : "20", quantity: String(pick(12)) }],
          rework: [{ operation: "20", quantity: "2", scrap: "1" }],
          extra: String(pick(3)),
        });
      const changes = { quantity: { amount: 1 + pick(12), uom: "PCE" }, priority: pick(3) };
      await stage.call(
        "POST",
        "/api/v2/work-orders",
        lyonOrder(`R-${seed}-${++references}`, `WO-${orders}`, changes),
      );
    },
    () => ask("POST", `${some()}/hold`, {}),
    () => ask("POST", `${some()}/resume`, {}),
    () => ask("POST", `${some()}/cancel`, {}),
    () => ask("PATCH", some(), { quantity: { amount: 1 + pick(15), uom: "PCE" } }),
    () => ask("PATCH", some(), { materials: [], priority: pick(3) }),
    () =>
      ask("PATCH", some(), {
        operations: [
          { number: "10", station: STATIONS[pick(2)], runMinutes: 40 },
          { number: "20", station: STATIONS[pick(2)], counting: true, runMinutes: 60 },
        ],
      }),
    () => ask("PATCH", some(), { operations: [] }),
    () => clerk({ action: "down", workCenter: STATIONS[pick(2)], ...(pick(2) ? { minutes: 45 } : {}) }),
    () => clerk({ action: "up", workCenter: STATIONS[pick(2)] }),
    async () => {
      now += pick(6) * HOUR_MS;
      await stage.at(new Date(now).toISOString());
    },
    async () => {
      now += pick(90) * 60_000;
      await stage.at(new Date(now).toISOString());
    },
  ];
  for (let step = 0; step < 70; step++) await actions[pick(actions.length)]!();
  for (const workCenter of STATIONS) await clerk({ action: "up", workCenter });
  for (let n = 1; n <= orders; n++) await clerk({ action: "resume", workOrder: `WO-${n}` });
  await stage.at(new Date(now + 90 * 24 * HOUR_MS).toISOString());
}

test.each([1, 2, 3, 4, 5, 6, 7, 8])("keeps its books whatever is asked of it (seed %i)", async (seed) => {
  const stage = await Stage.open("lyon");
  await play(stage, seed);
  const told: Seen[] = await stage.told();
  expect(told.map(({ sequence }) => sequence)).toEqual(told.map((_, n) => n + 1));
  const orders = await Promise.all(
    (await stage.admin("GET", "orders")).map(({ workOrder }: Seen) =>
      stage.admin("GET", `orders/${workOrder}`),
    ),
  );
  expect(orders.length).toBeGreaterThan(0);
  for (const order of orders) {
    const about = told.filter(({ workOrder }) => workOrder?.number === order.workOrder);
    expect(["completed", "aborted"], `${order.workOrder}`).toContain(order.status);
    expect(
      about.map(({ version }) => version),
      `${order.workOrder}`,
    ).toEqual(about.map((_, n) => n + 1));
    const confirmations = about.flatMap(({ data }) => data.confirmation ?? []);
    expect(confirmations, `${order.workOrder}`).toEqual(confirmations.map((_, n) => n + 1));
    expectSums(order, about);
  }
  for (const { workCenter, busy, queue } of await stage.admin("GET", "work-centers"))
    expect({ busy, queue }, `${workCenter}`).toEqual({ busy: null, queue: [] });
  await stage.close();
});

/** What was told adds up to what is held, and of a completed order everything that went in came out. */
function expectSums(order: Seen, about: Seen[]): void {
  let input = Number(order.quantity) + Number(order.course.extra ?? 0);
  for (const operation of order.operations) {
    const sum = { good: 0, scrap: 0, rework: 0 };
    // Of an order without operations only the end is told.
    if (operation.silent && order.status !== "completed") continue;
    const telling = operation.silent ? "order.finished" : "operation.reported";
    for (const { type, data } of about)
      if (type === telling && (operation.silent || data.operation === operation.operation))
        for (const kind of ["good", "scrap", "rework"] as const) sum[kind] += data.quantities[kind] ?? 0;
    const { good, scrap, rework } = operation;
    expect(sum, `${order.workOrder}/${operation.operation}`).toEqual({
      good: Number(good),
      scrap: Number(scrap),
      rework: Number(rework),
    });
    if (order.status !== "completed") continue;
    expect(sum.good + sum.scrap, `${order.workOrder}/${operation.operation} of ${input}`).toBe(input);
    expect(sum.rework).toBe(0);
    input = sum.good;
  }
}
