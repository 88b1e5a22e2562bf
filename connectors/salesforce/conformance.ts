import { defineRig } from "../../src/connector/conformance/rig.ts";
import type { Peer } from "../../src/connector/conformance/peer.ts";

const orderNumber = (n: number) => String(n).padStart(8, "0");

const credentials = { clientId: "3MVG9.interlock", clientSecret: "salesforce-secret" };

const status = (n: number, date: string) => ({
  salesOrder: orderNumber(n),
  status: "confirmed",
  confirmedDate: date,
  document: `4000${n}`,
  lines: [{ line: 10, confirmedDate: date, shipped: { value: "2", unit: "C62" } }],
});

const asset = (n: number, date: string) => ({
  asset: `P200-${n}`,
  serial: `P200-${n}`,
  item: "PUMP-200",
  customer: "C-100",
  salesOrder: orderNumber(n),
  shippedOn: date,
  asBuilt: [{ item: "SEAL-KIT", lot: "L-77", quantity: { value: "1", unit: "C62" }, precision: "lot" }],
});

type Summary = { records: Record<string, number> };

/** Orders and cases are numbered by the org: as many are made as the number needs. */
async function makeUpTo(peer: Peer, type: "Order" | "Case", n: number, action: object): Promise<void> {
  for (;;) {
    const { records } = (await peer.admin("GET", "book/summary")) as Summary;
    const missing = Math.min(500, n - (records[type] ?? 0));
    if (missing <= 0) return;
    await peer.admin(
      "POST",
      "clerk",
      Array.from({ length: missing }, () => action),
    );
  }
}

const lines = [
  { item: "PUMP-200", quantity: "5", requestedDate: "2031-05-09", options: "seal-material=viton" },
];
const withOrder = (peer: Peer, n: number) =>
  makeUpTo(peer, "Order", n, { action: "create-order", account: "C-100", lines });
const withCase = (peer: Peer, n: number) =>
  makeUpTo(peer, "Case", n, { action: "open-case", account: "C-100", subject: "leaks", serial: "P-1" });

export const rig = defineRig({
  simulator: "crm-salesforce",
  config: (baseUrl) => ({ baseUrl, ...credentials, pageSize: 50 }),
  refusedConfig: (baseUrl) => ({ baseUrl, ...credentials, clientSecret: "not-the-secret" }),
  effects: {
    UpdateOrderStatus: {
      payload: (n) => status(n, "2031-05-12"),
      otherwise: (n) => status(n, "2031-05-19"),
      refused: (n) => status(n, "2001-01-01"),
      byHand: withOrder,
      operations: ["updateOrder"],
    },
    PostOrderComment: {
      payload: (n) => ({ salesOrder: orderNumber(n), text: "Lot L-77 is on hold.", about: "quality" }),
      otherwise: (n) => ({ salesOrder: orderNumber(n), text: "Lot L-77 is free again." }),
      refused: (n) => ({ salesOrder: `${orderNumber(n)}9`, text: "There is no such order." }),
      byHand: withOrder,
      operations: ["upsertOrder_Comment__c"],
    },
    UpdateServiceCase: {
      payload: (n) => ({
        serviceCase: orderNumber(n),
        status: "investigating",
        message: "Lot L-77 is looked at.",
      }),
      otherwise: (n) => ({ serviceCase: orderNumber(n), status: "answered", message: "It is the seal." }),
      refused: (n) => ({ serviceCase: `${orderNumber(n)}9`, status: "received" }),
      byHand: withCase,
      operations: ["updateCase"],
    },
    UpsertAsset: {
      payload: (n) => asset(n, "2031-05-13"),
      otherwise: (n) => asset(n, "2031-05-14"),
      refused: (n) => ({ ...asset(n, "2031-05-13"), customer: "C-0" }),
      operations: ["upsertAsset"],
    },
  },
  news: [],
  async newsByHand({ admin }) {
    // The next second: an account that is changed twice in one shows one stamp.
    const { now } = (await admin("GET", "clock")) as { now: string };
    await admin("POST", "clock", { now: new Date(Date.parse(now) + 2000).toISOString() });
    const clerk = async (action: string, given: object) =>
      (await admin("POST", "clerk", { action, ...given })) as Record<string, string>;
    const { QuoteNumber: quote } = await clerk("create-quote", { account: "C-200", lines });
    const { OrderNumber: order } = await clerk("accept-quote", { quote });
    await clerk("change-order", { order, lines: [{ line: 10, quantity: "3" }], reason: "smaller tank" });
    await clerk("create-order", { account: "C-100", lines });
    await clerk("cancel-order", { order, reason: "project stopped" });
    const { CaseNumber } = await clerk("open-case", { account: "C-100", subject: "leaks", lot: "L-77" });
    await clerk("update-case", { case: CaseNumber, fields: { Priority: "High" } });
    await clerk("close-case", { case: CaseNumber });
    await clerk("edit-account", { account: "C-300", fields: { Service_Level__c: "Premium" } });
    await clerk("edit-account", { account: "C-300", fields: { Service_Level__c: "Priority" } });
  },
  rereads:
    "rows are stamped before they are committed and no number shows a gap: each poll reads the last minutes again",
  waivers: [],
});
