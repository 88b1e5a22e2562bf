import { defineRig } from "../../src/connector/conformance/rig.ts";

const salesOrder = (n: number) => `SO-${n}`;

const order = (n: number, quantity: string, customer = "C-900") => ({
  salesOrder: salesOrder(n),
  customer,
  customerReference: `4500-${n}`,
  lines: [
    {
      line: 10,
      item: "PUMP-200",
      quantity: { value: quantity, unit: "C62" },
      unitPrice: { amount: "1950.00", currency: "EUR" },
      requestedDate: "2031-05-09",
    },
    { line: 20, item: "COOLANT", quantity: { value: "2.500", unit: "LTR" } },
  ],
});

const change = (n: number, quantity: string) => ({
  salesOrder: salesOrder(n),
  lines: [
    { line: 10, quantity: { value: quantity, unit: "C62" } },
    { line: 20, quantity: { value: "0", unit: "LTR" } },
    { line: 30, item: "SEAL-KIT", quantity: { value: "4", unit: "C62" } },
  ],
});

const credentials = {
  clientId: "interlock",
  clientSecret: "reference-secret",
  webhookSecret: "whsec_cmVmZXJlbmNlLXdlYmhvb2stc2VjcmV0LTAx",
};

export const rig = defineRig({
  simulator: "reference",
  config: (baseUrl) => ({ baseUrl, ...credentials, pageSize: 3 }),
  refusedConfig: (baseUrl) => ({ baseUrl, ...credentials, clientSecret: "not-the-secret" }),
  effects: {
    CreateSalesOrder: {
      payload: (n) => order(n, "5.000"),
      otherwise: (n) => order(n, "6"),
      refused: (n) => order(n, "5", "C-0"),
      partly: ["half-order"],
      operations: ["createOrder"],
    },
    ChangeSalesOrder: {
      payload: (n) => change(n, "8"),
      otherwise: (n) => change(n, "9"),
      refused: (n) => ({ salesOrder: salesOrder(n), lines: [{ line: 40, item: "PUMP-0" }] }),
      after: "CreateSalesOrder",
      operations: ["changeOrder"],
    },
    CancelSalesOrder: {
      payload: (n) => ({ salesOrder: salesOrder(n), reason: "project stopped" }),
      otherwise: (n) => ({ salesOrder: salesOrder(n + 1_000_000) }),
      refused: (n) => ({ salesOrder: salesOrder(n), document: "4999999" }),
      after: "CreateSalesOrder",
      operations: ["cancelOrder"],
    },
    UpdateOrderStatus: {
      payload: (n) => ({ salesOrder: salesOrder(n), status: "confirmed", confirmedDate: "2031-05-12" }),
      otherwise: (n) => ({ salesOrder: salesOrder(n), status: "in-production" }),
      refused: (n) => ({ salesOrder: salesOrder(n), status: "confirmed", message: "" }),
      operations: ["tellStatus"],
    },
  },
  news: ["CreateSalesOrder", "ChangeSalesOrder", "CreateSalesOrder", "CancelSalesOrder"],
  async newsByHand({ admin }) {
    const lines = [{ line: 1, item: "VALVE-10", quantity: "2" }];
    const taken = (await admin("POST", "clerk", { action: "create", customer: "C-100", lines })) as {
      number: string;
    };
    await admin("POST", "clerk", { action: "cancel", number: taken.number, reason: "entered twice" });
    await admin("PUT", "customers/C-200", { onHold: true });
    await admin("PUT", "customers/C-200", { onHold: false });
  },
  waivers: [
    {
      effect: "UpdateOrderStatus",
      fault: "duplicate-answer",
      reason: "a status is told by the order's number: the product knows no duplicate of it",
    },
  ],
});
