import { PassThrough } from "node:stream";
import type { WriteStream } from "node:tty";
import { afterAll, expect, test } from "vitest";
import { moment } from "../factory/day.ts";
import { moveIn } from "../factory/people.ts";
import { Narrator } from "../narrate.ts";
import { readBooks } from "./books.ts";
import { countDamage } from "./damage.ts";
import { ScriptedWorld } from "./scripted-world.ts";
import { DECISION, Week } from "./week.ts";

const unread = new PassThrough().resume() as unknown as WriteStream;
const world = new ScriptedWorld(7, new AbortController().signal);
afterAll(() => world.close(false));

// oxlint-disable-next-line typescript/no-explicit-any -- the side doors' answers
type Seen = any;

test("counts of the scripts' damage, where answers of the ERP's queue are lost, what the books say", async () => {
  await world.open(() => moveIn(world));
  await world.ask("erp", "faults", {
    body: [{ kind: "answer-lost", operations: ["sendMessage"], probability: 0.3 }],
  });
  const pumps = { item: "PUMP-200", price: "499.90", options: "motor=1kW" };
  const requestedDate = moment(7, "12:00").slice(0, 10);
  const orders = await new Week(world, new Narrator(unread)).play([
    { ...pumps, customer: "C-200", quantity: "10", poNumber: "A", requestedDate },
    { ...pumps, customer: "C-100", quantity: "5", poNumber: "B", requestedDate },
    { customer: "C-300", item: "VALVE-50", quantity: "20", price: "229.00", poNumber: "C", requestedDate },
    { ...pumps, customer: "C-900", quantity: "7", poNumber: "D", requestedDate },
  ]);
  const damage = countDamage(orders, await readBooks(world), DECISION);
  const counted = (what: string) => Number(damage.find((each) => each.what === what)!.count);

  // Once more and in another way: by what the simulator itself counts for each reference.
  const { appliedMoreThanOnce } = (await world.ask("erp", "book/summary")) as Seen;
  const extra = { RouteCard: 0, ReportFinished: 0, PickingList: 0 };
  for (const reference of appliedMoreThanOnce as string[]) {
    const { applied, entries } = (await world.ask("erp", `references/${reference}`)) as Seen;
    const kind = reference.split(".")[1] as keyof typeof extra;
    // The last report on an order is of nothing.
    if (kind in extra && entries.some(({ facts }: Seen) => facts.good !== "0")) extra[kind] += applied - 1;
  }
  expect(counted("confirmations posted twice")).toBe(extra.RouteCard);
  expect(counted("receipts posted twice")).toBe(extra.ReportFinished);
  expect(counted("material issued twice")).toBe(extra.PickingList);
  expect(extra.RouteCard + extra.ReportFinished + extra.PickingList).toBeGreaterThan(0);
});
