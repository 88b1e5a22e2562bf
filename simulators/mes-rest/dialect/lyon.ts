import { createHmac } from "node:crypto";
import { NumberText, parseExact } from "../exact-json.ts";
import type { Command, Message } from "../message.ts";
import type { ComponentRequest, OperationRequest, Order, OrderChanges, Status } from "../order.ts";
import { reportingOperation } from "../order.ts";
import { Refusal } from "../refusal.ts";
import type { Asked, Dialect, Request } from "./dialect.ts";
import { writeLyonChange } from "./lyon-report.ts";
import { Reader, type Forms } from "./read.ts";

/** Atelier 2: nested JSON, amounts as numbers, times with their offset, Standard Webhooks, problem details. */
export const lyon: Dialect = {
  tokenPath: "/oauth/token",
  referenceField: "externalReference",
  contentType: "application/json",
  route,
  readCommand: (_plant, asked, body) => readCommand(asked, body),
  writeTaken: (message, order) => ({
    message: message.id,
    externalReference: message.reference,
    status: "RECEIVED",
    ...(order && { workOrder: { number: order.workOrder, document: order.document } }),
  }),
  writeOrder: (_plant, order) => writeOrder(order),
  writeMessages: (messages) => ({ messages: messages.map(writeMessage) }),
  writeChanges: (_plant, page, next, head) => ({ changes: page.map(writeLyonChange), next, head }),
  writeChange: (_plant, change) => writeLyonChange(change),
  writeRefusal: ({ status, code, message, field }) => ({
    type: `urn:atelier:${code}`,
    title: code,
    status,
    detail: message,
    code,
    ...(field !== undefined && {
      errors: [{ pointer: `#/${field.replaceAll(/\.|\[/g, "/").replaceAll("]", "")}`, detail: message }],
    }),
  }),
  sign(secret, id, seconds, body) {
    const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
    const signature = createHmac("sha256", key).update(`${id}.${seconds}.${body}`).digest("base64");
    return {
      "webhook-id": id,
      "webhook-timestamp": String(seconds),
      "webhook-signature": `v1,${signature}`,
    };
  },
};

export const LYON_UNITS = new Set([
  "PCE",
  "KG",
  "G",
  "T",
  "M",
  "MM",
  "M2",
  "IN",
  "L",
  "ML",
  "OZ",
  "SET",
  "PR",
  "H",
  "MIN",
]);

const STATUS_WORDS: Readonly<Record<Status, string>> = {
  requested: "RECEIVED",
  waiting: "PLANNED",
  running: "IN_PROGRESS",
  held: "ON_HOLD",
  completed: "DONE",
  aborted: "CANCELLED",
  refused: "REFUSED",
};
const ISSUE = { MANUAL: "manual", BACKFLUSH: "backflush" } as const;
const TRACKING = { NONE: "none", LOT: "lot", SERIAL: "serial" } as const;
const MODES = { MTO: "mto", MTS: "mts", REPETITIVE: "repetitive", BATCH: "batch" } as const;

const FORMS: Forms = {
  decimal: (value) =>
    value instanceof NumberText && /^-?\d{1,15}(\.\d{1,6})?$/.test(value.text) ? value.text : undefined,
  moment: (value) =>
    typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.test(value)
      ? finite(Date.parse(value))
      : undefined,
  integer: (value) =>
    value instanceof NumberText && /^\d{1,9}$/.test(value.text) ? Number(value.text) : undefined,
  words: {
    decimal: "a number of at most 15 digits and 6 decimals",
    moment: "a time with its offset, such as 2026-03-09T06:00:00+01:00",
    integer: "a whole number",
  },
};

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

function route({ method, path, query }: Request): Asked | undefined {
  const [, below, rest] = /^\/api\/v2\/([a-z-]+)(?:\/(.+))?$/.exec(path) ?? [];
  const asked = `${method} ${below}`;
  if (asked === "POST work-orders" && rest === undefined) return { operation: "release" };
  if (asked === "POST quality-notifications" && rest === undefined) return { operation: "notify" };
  if (asked === "GET messages" && rest === undefined)
    return { operation: "readMessages", reference: query.get("externalReference") ?? "" };
  if (asked === "GET changes" && rest === undefined)
    return { operation: "readChanges", after: query.get("after") ?? "0", limit: query.get("limit") ?? "100" };
  if (below !== "work-orders" || rest === undefined) return undefined;
  const [workOrder = "", action, ...more] = rest.split("/");
  if (more.length > 0) return undefined;
  if (action === undefined && method === "GET") return { operation: "readOrder", workOrder };
  if (action === undefined && method === "PATCH") return { operation: "update", workOrder };
  if (method === "POST" && (action === "hold" || action === "resume" || action === "cancel"))
    return { operation: action, workOrder };
  return undefined;
}

function readCommand({ operation, workOrder = "" }: Asked, body: unknown): Command {
  const reader = new Reader(body, FORMS);
  switch (operation) {
    case "release": {
      const numbers = reader.object("workOrder");
      const changes = readOrder(reader, true) as Required<OrderChanges>;
      return {
        kind: "release",
        order: {
          ...changes,
          workOrder: numbers.text("number"),
          productionOrder: numbers.text("productionOrder"),
        },
      };
    }
    case "update":
      return {
        kind: "update",
        workOrder,
        changes: readOrder(reader, false),
        reason: reader.optionalText("reason", 1000),
      };
    case "hold":
    case "resume":
    case "cancel":
      return { kind: operation, workOrder, reason: reader.optionalText("reason", 1000) };
    case "notify":
      return {
        kind: "notify",
        notification: {
          notification: reader.text("id"),
          item: reader.optionalText("product"),
          lot: reader.optionalText("lot"),
          serial: reader.optionalText("serial"),
          workOrder: reader.optionalText("workOrder"),
          hold: reader.optionalText("hold"),
          serviceCase: reader.optionalText("serviceCase"),
          reason: reader.text("text", 1000),
        },
      };
    default:
      throw new Refusal(405, "method-not-allowed", `${operation} takes no body`);
  }
}

/** All of an order, or with `whole` false what of it is named. */
function readOrder(reader: Reader, whole: boolean): OrderChanges {
  const named = (name: string) => whole || reader.has(name);
  const product = named("product") ? reader.object("product") : undefined;
  const quantity = named("quantity") ? reader.object("quantity") : undefined;
  const revisions = reader.has("revisions") ? reader.object("revisions") : undefined;
  const schedule = named("schedule") ? reader.object("schedule") : undefined;
  const dates = schedule && {
    ...((whole || schedule.has("start")) && { plannedStart: schedule.moment("start") }),
    ...((whole || schedule.has("end")) && { plannedEnd: schedule.moment("end") }),
  };
  return {
    ...(product && { item: product.text("code"), itemRevision: product.optionalText("revision", 40) }),
    ...(quantity && { quantity: quantity.positive("amount"), unit: readUnit(quantity) }),
    ...((whole || revisions?.has("bom")) && { bomRevision: revisions?.optionalText("bom", 40) ?? null }),
    ...((whole || revisions?.has("routing")) && {
      routingRevision: revisions?.optionalText("routing", 40) ?? null,
    }),
    ...(named("mode") && { mode: reader.code("mode", MODES) }),
    ...dates,
    ...(named("priority") && { priority: reader.has("priority") ? reader.integer("priority") : 500 }),
    ...(named("materials") && { components: reader.list("materials", 2000, readComponent) }),
    ...(named("operations") && { operations: reader.list("operations", 500, readOperation) }),
    ...(named("controls") && { checkpoints: reader.list("controls", 500, readCheckpoint) }),
    ...(named("pegging") && {
      pegging: reader.list("pegging", 500, (peg) => ({
        salesOrder: peg.text("salesOrder"),
        line: peg.integer("line"),
        quantity: peg.optionalDecimal("amount"),
      })),
    }),
  };
}

function readUnit(reader: Reader): string {
  return reader.code("uom", Object.fromEntries([...LYON_UNITS].map((unit) => [unit, unit])));
}

function readComponent(reader: Reader): ComponentRequest {
  const quantity = reader.object("quantity");
  return {
    line: reader.integer("line"),
    item: reader.text("code"),
    quantity: quantity.decimal("amount"),
    unit: readUnit(quantity),
    operation: reader.optionalText("operation"),
    issueMethod: reader.code("issue", ISSUE),
    tracking: reader.has("tracking") ? reader.code("tracking", TRACKING) : "none",
    revision: reader.optionalText("revision", 40),
  };
}

function readOperation(reader: Reader): OperationRequest {
  return {
    operation: reader.text("number"),
    name: reader.optionalText("label", 200),
    workCenter: reader.text("station"),
    reporting: reader.flag("counting"),
    pointOfNoReturn: reader.flag("pointOfNoReturn"),
    setupMinutes: reader.optionalDecimal("setupMinutes"),
    runMinutes: reader.optionalDecimal("runMinutes"),
  };
}

function readCheckpoint(reader: Reader) {
  return {
    checkpoint: reader.text("id"),
    operation: reader.text("operation"),
    characteristic: reader.text("characteristic", 120),
    lower: reader.optionalDecimal("min"),
    upper: reader.optionalDecimal("max"),
    unit: reader.optionalText("uom"),
  };
}

function writeMessage(message: Message): object {
  const { id, reference, kind, workOrder, outcome, content } = message;
  return {
    id,
    externalReference: reference,
    kind,
    workOrder,
    status: outcome.toUpperCase(),
    content: parseExact(content),
  };
}

function writeOrder(order: Order): object {
  const { good, scrap, rework } = reportingOperation(order);
  return {
    number: order.workOrder,
    productionOrder: order.productionOrder,
    document: order.document,
    externalReference: order.reference,
    status: STATUS_WORDS[order.status],
    statusReason: order.statusReason,
    product: { code: order.item, revision: order.itemRevision },
    revisions: { bom: order.bomRevision, routing: order.routingRevision },
    quantity: { amount: new NumberText(order.quantity), uom: order.unit },
    made: { good: new NumberText(good), scrap: new NumberText(scrap), rework: new NumberText(rework) },
    schedule: {
      start: new Date(order.plannedStart).toISOString(),
      end: new Date(order.plannedEnd).toISOString(),
    },
    operations: order.operations
      .filter(({ silent }) => !silent)
      .map((operation) => ({
        number: operation.operation,
        station: operation.workCenter,
        status: operation.done ? "DONE" : operation.startedAt === null ? "PLANNED" : "IN_PROGRESS",
        good: new NumberText(operation.good),
        scrap: new NumberText(operation.scrap),
        rework: new NumberText(operation.rework),
      })),
    version: order.version,
  };
}
