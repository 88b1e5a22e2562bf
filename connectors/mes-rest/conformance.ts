import { join } from "node:path";
import type { Peer } from "../../src/connector/conformance/peer.ts";
import { defineRig, type Rig } from "../../src/connector/conformance/rig.ts";

const workOrder = (n: number) => `WO-${n}`;
const pieces = (value: string) => ({ value, unit: "C62" });
const minutes = (value: string) => ({ value, unit: "MIN" });

const work = {
  components: [
    {
      line: 10,
      item: "SEAL-9",
      quantity: pieces("20"),
      operation: "20",
      issueMethod: "manual",
      tracking: "lot",
    },
    { line: 20, item: "COOLANT", quantity: { value: "2.500", unit: "LTR" }, issueMethod: "backflush" },
  ],
  operations: [
    {
      operation: "10",
      name: "Turn",
      workCenter: "WC-TURN",
      reporting: false,
      setupTime: minutes("0"),
      runTime: minutes("2"),
    },
    {
      operation: "20",
      name: "Build",
      workCenter: "WC-BUILD",
      reporting: true,
      setupTime: minutes("0"),
      runTime: minutes("2"),
    },
  ],
  checkpoints: [
    {
      checkpoint: "QC-1",
      operation: "20",
      characteristic: "pressure",
      lower: "5.8",
      upper: "6.2",
      unit: "BAR",
    },
  ],
};

const release = (n: number, quantity: string) => ({
  workOrder: workOrder(n),
  productionOrder: `PO-${n}`,
  item: "PUMP-200",
  quantity: pieces(quantity),
  itemRevision: "B",
  bomRevision: "B",
  routingRevision: "2",
  mode: "mto",
  plannedStart: "2031-05-05T06:00:00+02:00",
  plannedEnd: "2031-05-08T14:00:00+02:00",
  priority: 50,
  ...work,
});

const asked = (n: number, reason: string) => ({
  workOrder: workOrder(n),
  productionOrder: `PO-${n}`,
  reason,
});

const onOrder = (operation: string) => ({
  payload: (n: number) => asked(n, "the customer asked"),
  otherwise: (n: number) => asked(n, "the tool broke"),
  refused: (n: number) => asked(n + 1_000_000, "there is no such order"),
  after: "ReleaseWorkOrder",
  operations: [operation],
});

type Order = {
  workOrder: string;
  status: string;
  reports: { confirmation: number }[];
  consumptions: { confirmation: number }[];
};

/** The plant works for some weeks, and people in it do what only they do. */
async function newsByHand({ admin }: Peer, workCenter: string): Promise<void> {
  const { now } = (await admin("GET", "clock")) as { now: string };
  const begin = Math.max(Date.parse(now), Date.parse("2031-05-05T05:00:00Z"));
  const work = async (days: number) => {
    await admin("POST", "clock", { now: new Date(begin + days * 86_400_000).toISOString(), speed: 0 });
  };
  const clerk = (body: object) =>
    admin("POST", "clerk", { reason: { code: "A01", message: "by hand" }, ...body });
  await work(20);
  const held = ((await admin("GET", "orders")) as Order[]).filter(({ status }) => status === "held");
  for (const { workOrder } of held) await clerk({ action: "resume", workOrder });
  await work(40);
  const done = ((await admin("GET", "orders")) as Order[]).findLast(({ status }) => status === "completed")!;
  const { workOrder, reports, consumptions } = (await admin("GET", `orders/${done.workOrder}`)) as Order;
  await clerk({ action: "correct", workOrder, ...reports[0], good: "-1", scrap: "1", rework: "0" });
  await clerk({ action: "correct-consumption", workOrder, ...consumptions[0], quantity: "-0.25" });
  await clerk({ action: "quality-hold", workOrder, quantity: "2" });
  await clerk({ action: "down", workCenter });
  await clerk({ action: "up", workCenter });
}

const effects: Rig["effects"] = {
  ReleaseWorkOrder: {
    payload: (n) => release(n, "10"),
    otherwise: (n) => release(n, "11"),
    refused: (n) => release(n, "0"),
    operations: ["release"],
  },
  UpdateWorkOrder: {
    payload: (n) => ({ ...asked(n, "more of them"), quantity: pieces("12"), ...work }),
    otherwise: (n) => ({ ...asked(n, "more of them"), quantity: pieces("14") }),
    refused: (n) => ({ ...asked(n, "none of them"), quantity: pieces("0") }),
    after: "ReleaseWorkOrder",
    operations: ["update"],
  },
  HoldWorkOrder: onOrder("hold"),
  // The order is not held: the plant takes the message, and refuses by an event.
  ResumeWorkOrder: onOrder("resume"),
  CancelWorkOrder: onOrder("cancel"),
  RaiseQualityNotification: {
    payload: (n) => ({ notification: `QN-${n}`, lot: "L-1", serviceCase: `SC-${n}`, reason: "leaks" }),
    otherwise: (n) => ({ notification: `QN-${n}`, lot: "L-2", reason: "leaks" }),
    refused: (n) => ({ notification: `QN-${n}`, workOrder: workOrder(n + 1_000_000), reason: "leaks" }),
    operations: ["notify"],
  },
};

const news = ["ReleaseWorkOrder", "HoldWorkOrder", "ResumeWorkOrder", "CancelWorkOrder", "UpdateWorkOrder"];

const lyon = defineRig({
  dialect: "as in Lyon",
  simulator: "mes-rest",
  timeZone: "Europe/Paris",
  config: (baseUrl) => ({
    baseUrl,
    clientId: "interlock",
    clientSecret: "lyon-plant-secret",
    webhookSecret: "whsec_bHlvbi1wbGFudC13ZWJob29rLXNlY3JldC0wMDAx",
    pageSize: 100,
  }),
  refusedConfig: (baseUrl) => ({ baseUrl, clientId: "interlock", clientSecret: "not-the-secret" }),
  effects,
  news,
  newsByHand: (peer) => newsByHand(peer, "WC-TURN"),
  waivers: [],
});

const EXAMPLE = join(import.meta.dirname, "../../examples/make-to-order");

/** What interlock.yaml of the example says of the plant in Brno. */
const brnoConfig = {
  clientId: "interlock",
  signature: { kind: "hmac-sha256", header: "x-bde-signature", timestampHeader: "x-bde-timestamp" },
  dialect: {
    tokenPath: "/bde/anmeldung",
    messagesPath: "/bde/protokoll?belegNr={reference}",
    changesPath: "/bde/meldungen?nach={after}&anzahl={limit}",
    reference: "/belegNr",
    messages: "/eintraege",
    entry: "/lfdNr",
    content: "/inhalt",
    document: "/bdeNr",
    receipt: "/lfdNr",
    changes: "/meldungen",
    head: "/hoechste",
    sequence: "/lfdNr",
    id: "/meldungId",
    workOrder: "/auftragNr",
    workCenter: "/platz",
    code: "/fehler",
    message: "/text",
    duplicateCode: "DUPLICATE_REFERENCE",
    maintenanceCode: "MAINTENANCE",
  },
};

/** The second vendor, with the mappings of the example: nothing of the connector itself is another. */
const brno = defineRig({
  ...lyon,
  dialect: "as in Brno",
  simulatorOptions: ["--dialect", "brno"],
  mappings: join(EXAMPLE, "mappings/mes-brno"),
  crosswalk: join(EXAMPLE, "crosswalks/mes-brno.csv"),
  system: "mes-brno",
  timeZone: "Europe/Prague",
  config: (baseUrl) => ({
    ...brnoConfig,
    baseUrl,
    clientSecret: "brno-plant-secret",
    webhookSecret: "brno-plant-webhook-key-0001",
    pageSize: 100,
  }),
  refusedConfig: (baseUrl) => ({ ...brnoConfig, baseUrl, clientSecret: "not-the-secret" }),
  newsByHand: (peer) => newsByHand(peer, "DREH-1"),
});

export const rigs = [lyon, brno];
