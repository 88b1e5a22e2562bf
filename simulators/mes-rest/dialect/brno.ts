import { createHmac } from "node:crypto";
import { parseExact } from "../exact-json.ts";
import type { Command, Message } from "../message.ts";
import type { ComponentRequest, OperationRequest, Order, OrderChanges, Status } from "../order.ts";
import { reportingOperation } from "../order.ts";
import type { Plant } from "../plant.ts";
import { Refusal } from "../refusal.ts";
import { comma, flag, writeBrnoChange } from "./brno-report.ts";
import type { Asked, Dialect, Request } from "./dialect.ts";
import { readLocal, writeLocal } from "./local-time.ts";
import { Reader, type Forms } from "./read.ts";

/** BDE: flat records of texts, decimal comma, the plant's wall clock without a zone, short codes, a signature of its own. */
export const brno: Dialect = {
  tokenPath: "/bde/anmeldung",
  referenceField: "belegNr",
  contentType: "application/json; charset=utf-8",
  route,
  readCommand,
  writeTaken: (message, order) => ({
    ok: "J",
    lfdNr: String(message.id),
    belegNr: message.reference ?? "",
    auftragNr: message.workOrder ?? "",
    bdeNr: order?.document ?? "",
    stand: "10",
  }),
  writeOrder,
  writeMessages: (messages) => ({ anzahl: String(messages.length), eintraege: messages.map(writeMessage) }),
  writeChanges: (plant, page, next, head) => ({
    meldungen: page.map((change) => writeBrnoChange(change, plant.settings.timeZone)),
    letzte: String(next),
    hoechste: String(head),
  }),
  writeChange: (plant, change) => writeBrnoChange(change, plant.settings.timeZone),
  writeRefusal: ({ code, message, field }) => ({
    ok: "N",
    fehler: code.toUpperCase().replaceAll("-", "_"),
    text: message,
    ...(field !== undefined && { feld: field }),
  }),
  sign(secret, id, seconds, body) {
    const signature = createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex");
    return {
      "x-bde-meldung": id,
      "x-bde-timestamp": String(seconds),
      "x-bde-signature": `sha256=${signature}`,
    };
  },
};

const STATUS_CODES: Readonly<Record<Status, string>> = {
  requested: "10",
  waiting: "20",
  running: "30",
  held: "35",
  completed: "60",
  aborted: "90",
  refused: "95",
};
const UNITS = ["ST", "KG", "G", "TO", "M", "MM", "QM", "L", "ML", "SATZ", "PAAR", "STD", "MIN"];
const UNIT_CODES = Object.fromEntries(UNITS.map((unit) => [unit, unit]));
const BOOKING = { M: "manual", R: "backflush" } as const;
const TRACKING = { "0": "none", C: "lot", S: "serial" } as const;
const MODES = { A: "mto", L: "mts", W: "repetitive", C: "batch" } as const;
const ACTIONS = { HALT: "hold", WEITER: "resume", STORNO: "cancel" } as const;
const YES_NO = { J: "yes", N: "no" } as const;

function formsOf({ settings: { timeZone } }: Plant): Forms {
  return {
    decimal: (value) =>
      typeof value === "string" && /^-?\d{1,15}(,\d{1,6})?$/.test(value)
        ? value.replace(",", ".")
        : undefined,
    moment: (value) => (typeof value === "string" ? readLocal(value, timeZone) : undefined),
    integer: (value) => (typeof value === "string" && /^\d{1,9}$/.test(value) ? Number(value) : undefined),
    words: {
      decimal: 'a number as text with a decimal comma, such as "12,5"',
      moment: "a local time such as 09.03.2026 06:00:00",
      integer: 'a whole number as text, such as "10"',
    },
  };
}

function route(request: Request): Asked | undefined {
  const { method, path, query } = request;
  switch (`${method} ${path}`) {
    case "POST /bde/auftrag":
      return { operation: "release" };
    case "POST /bde/qmeldung":
      return { operation: "notify" };
    case "GET /bde/protokoll":
      return { operation: "readMessages", reference: query.get("belegNr") ?? "" };
    case "GET /bde/meldungen":
      return {
        operation: "readChanges",
        after: query.get("nach") ?? "0",
        limit: query.get("anzahl") ?? "100",
      };
    default:
  }
  const [, workOrder, action] = /^\/bde\/auftrag\/([^/]+)(?:\/(aenderung|status))?$/.exec(path) ?? [];
  if (workOrder === undefined) return undefined;
  if (method === "GET" && action === undefined) return { operation: "readOrder", workOrder };
  if (method !== "POST") return undefined;
  if (action === "aenderung") return { operation: "update", workOrder };
  // One path for three actions: which one, only the body tells.
  const wanted = String((request.body as Record<string, unknown> | null)?.["aktion"]);
  if (action === "status")
    return { operation: Object.hasOwn(ACTIONS, wanted) ? ACTIONS[wanted as "HALT"] : "hold", workOrder };
  return undefined;
}

function readCommand(plant: Plant, { operation, workOrder = "" }: Asked, body: unknown): Command {
  const reader = new Reader(body, formsOf(plant));
  switch (operation) {
    case "release":
      return {
        kind: "release",
        order: {
          ...(readOrder(reader, true) as Required<OrderChanges>),
          workOrder: reader.text("auftragNr"),
          productionOrder: reader.text("fertAuftrag"),
        },
      };
    case "update":
      return {
        kind: "update",
        workOrder,
        changes: readOrder(reader, false),
        reason: reader.optionalText("grund", 1000),
      };
    case "hold":
    case "resume":
    case "cancel":
      return {
        kind: reader.code("aktion", ACTIONS),
        workOrder,
        reason: reader.optionalText("grund", 1000),
      };
    case "notify":
      return {
        kind: "notify",
        notification: {
          notification: reader.text("meldungNr"),
          item: reader.optionalText("artikelNr"),
          lot: reader.optionalText("charge"),
          serial: reader.optionalText("serienNr"),
          workOrder: reader.optionalText("auftragNr"),
          hold: reader.optionalText("sperrNr"),
          serviceCase: reader.optionalText("reklamation"),
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
  return {
    ...(named("artikelNr") && { item: reader.text("artikelNr") }),
    ...(named("artikelIndex") && { itemRevision: reader.optionalText("artikelIndex", 40) }),
    ...(named("sollMenge") && { quantity: reader.positive("sollMenge") }),
    ...(named("einheit") && { unit: reader.code("einheit", UNIT_CODES) }),
    ...(named("stkListe") && { bomRevision: reader.optionalText("stkListe", 40) }),
    ...(named("arbPlan") && { routingRevision: reader.optionalText("arbPlan", 40) }),
    ...(named("art") && { mode: reader.code("art", MODES) }),
    ...(named("startSoll") && { plannedStart: reader.moment("startSoll") }),
    ...(named("endeSoll") && { plannedEnd: reader.moment("endeSoll") }),
    ...(named("prio") && { priority: reader.has("prio") ? reader.integer("prio") : 500 }),
    ...(named("positionen") && { components: reader.list("positionen", 2000, readComponent) }),
    ...(named("arbeitsgaenge") && { operations: reader.list("arbeitsgaenge", 500, readOperation) }),
    ...(named("pruefungen") && { checkpoints: reader.list("pruefungen", 500, readCheckpoint) }),
    ...(whole && { pegging: [] }),
  };
}

function readComponent(reader: Reader): ComponentRequest {
  return {
    line: reader.integer("pos"),
    item: reader.text("artikelNr"),
    quantity: reader.decimal("menge"),
    unit: reader.code("einheit", UNIT_CODES),
    operation: reader.optionalText("agNr"),
    issueMethod: reader.code("buchung", BOOKING),
    tracking: reader.has("verfolgung") ? reader.code("verfolgung", TRACKING) : "none",
    revision: reader.optionalText("index", 40),
  };
}

function readOperation(reader: Reader): OperationRequest {
  const yes = (name: string) => reader.has(name) && reader.code(name, YES_NO) === "yes";
  return {
    operation: reader.text("agNr"),
    name: reader.optionalText("text", 200),
    workCenter: reader.text("platz"),
    reporting: yes("zaehlt"),
    pointOfNoReturn: yes("keinZurueck"),
    setupMinutes: reader.optionalDecimal("ruestMin"),
    runMinutes: reader.optionalDecimal("laufMin"),
  };
}

function readCheckpoint(reader: Reader) {
  return {
    checkpoint: reader.text("pruefNr"),
    operation: reader.text("agNr"),
    characteristic: reader.text("merkmal", 120),
    lower: reader.optionalDecimal("ug"),
    upper: reader.optionalDecimal("og"),
    unit: reader.optionalText("einheit"),
  };
}

function writeMessage({ id, reference, kind, workOrder, outcome, content }: Message): object {
  const vorgang = {
    release: "NEU",
    update: "AEND",
    hold: "HALT",
    resume: "WEITER",
    cancel: "STORNO",
    notify: "QM",
  }[kind];
  return {
    lfdNr: String(id),
    belegNr: reference ?? "",
    vorgang,
    auftragNr: workOrder ?? "",
    stand: { taken: "10", done: "20", refused: "95" }[outcome],
    inhalt: parseExact(content),
  };
}

function writeOrder({ settings: { timeZone } }: Plant, order: Order): object {
  const { good, scrap, rework } = reportingOperation(order);
  return {
    auftragNr: order.workOrder,
    fertAuftrag: order.productionOrder,
    bdeNr: order.document,
    belegNr: order.reference ?? "",
    stand: STATUS_CODES[order.status],
    grund: order.statusReason?.message ?? "",
    artikelNr: order.item,
    artikelIndex: order.itemRevision ?? "",
    stkListe: order.bomRevision ?? "",
    arbPlan: order.routingRevision ?? "",
    sollMenge: comma(order.quantity),
    gutMenge: comma(good),
    ausschuss: comma(scrap),
    nacharbeit: comma(rework),
    einheit: order.unit,
    startSoll: writeLocal(order.plannedStart, timeZone),
    endeSoll: writeLocal(order.plannedEnd, timeZone),
    arbeitsgaenge: order.operations
      .filter(({ silent }) => !silent)
      .map((operation) => ({
        agNr: operation.operation,
        platz: operation.workCenter,
        fertig: flag(operation.done),
        gutMenge: comma(operation.good),
        ausschuss: comma(operation.scrap),
        nacharbeit: comma(operation.rework),
      })),
    version: String(order.version),
  };
}
