import { join } from "node:path";
import { expect, test } from "vitest";
import type { Project, System } from "../config/project.ts";
import type { Connector } from "../connector/contract.ts";
import { loadContracts } from "../contract/registry.ts";
import { effectCatalog } from "./effect-catalog.ts";

const contracts = loadContracts([join(import.meta.dirname, "../../contracts")]);
const lane = ({ salesOrder }: { salesOrder: string }) => `salesOrder/${salesOrder}`;
const connector = {
  streams: {
    sales: { kind: "poll", events: ["OrderCreated"], help: "" },
    webhook: { kind: "webhook", events: ["OrderCreated", "OrderRejected"], help: "" },
  },
  effects: {
    CancelSalesOrder: { safety: "probe", settlesWithinMs: 5, lane },
    CheckOrder: { safety: "idempotent", settlesWithinMs: 0, lane },
  },
} as unknown as Connector;
const system = (id: string, role: System["role"], more: Partial<System> = {}): [string, System] => [
  id,
  { id, role, connector: "some-erp", pace: {}, config: {}, streams: {}, ...more },
];
const pushing = (id: string, role: System["role"]): [string, System] => [
  id,
  { id, role, pace: {}, config: {}, streams: {} },
];
const catalog = effectCatalog(
  {
    contracts,
    connectors: new Map([["some-erp", connector]]),
    systems: new Map([
      system("d365", "erp"),
      system("mes-lyon", "mes", { plant: "lyon" }),
      system("mes-brno", "mes", { plant: "brno" }),
      pushing("warehouse", "wms"),
    ]),
  } as unknown as Project,
  () => true,
);
const order = { salesOrder: "SO-1" };

test("an effect goes to the one system of its role, of several to that of the plant", () => {
  expect(catalog.resolve("erp", "CancelSalesOrder.v1", order, undefined)).toMatchObject({
    system: "d365",
    lane: "salesOrder/SO-1",
    claimable: true,
  });
  expect(catalog.resolve("mes", "CancelSalesOrder.v1", order, "brno")).toMatchObject({ system: "mes-brno" });
  expect(() => catalog.resolve("mes", "CancelSalesOrder.v1", order, undefined)).toThrow(
    /mes-lyon and mes-brno are/,
  );
});

test("a question is held against its own contract and sent like an effect", () => {
  const question = {
    ...order,
    customer: "C-1",
    lines: [{ line: 1, item: "I", quantity: { value: "1", unit: "C62" } }],
  };
  expect(catalog.resolve("erp", "CheckOrder.v1", question, undefined)).toMatchObject({
    safety: "idempotent",
  });
  expect(() => catalog.resolve("erp", "CheckOrder.v1", order, undefined)).toThrow(
    /at \/customer: is required/,
  );
});

test("nobody takes what goes to a role that no system plays, or only one that pushes", () => {
  expect(catalog.resolve("edi", "CancelSalesOrder.v1", order, undefined)).toBeUndefined();
  expect(catalog.resolve("wms", "CancelSalesOrder.v1", order, undefined)).toBeUndefined();
});

test("a system that does not take an effect says so", () => {
  expect(() =>
    catalog.resolve("erp", "UpdateOrderStatus.v1", { ...order, status: "received" }, undefined),
  ).toThrow(/d365 takes no UpdateOrderStatus/);
});

test("what is watched is a stream by its name, or the one that is read for an event", () => {
  expect(catalog.streams("erp/sales", undefined)).toEqual(["d365/sales"]);
  expect(catalog.streams("erp/OrderCreated", undefined)).toEqual(["d365/sales"]);
  expect(catalog.streams("mes/OrderCreated", "lyon")).toEqual(["mes-lyon/sales"]);
  expect(catalog.streams("erp/OrderRejected", undefined)).toEqual([]);
  expect(catalog.streams("erp/InvoicePosted", undefined)).toEqual([]);
  expect(catalog.streams("wms/ShipmentConfirmed", undefined)).toEqual([]);
  expect(catalog.streams("carrier/ShipmentConfirmed", undefined)).toEqual([]);
  expect(catalog.streams("mes/OrderCreated", undefined)).toEqual(["mes-lyon/sales", "mes-brno/sales"]);
  expect(() => catalog.streams("d356/sales", undefined)).toThrow(/no system or role d356/);
  expect(() => catalog.streams("erp/orders", undefined)).toThrow(/no stream of d365 is called orders/);
});
