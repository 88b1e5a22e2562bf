import { newComponent, newOperations, type Order, type OrderChanges, type OrderRequest } from "./order.ts";
import type { Plant } from "./plant.ts";
import { Refusal } from "./refusal.ts";
import type { RequestKind } from "./report.ts";

/** What a sender asks of the plant, in no vendor's words. */
export type Command =
  | { kind: "release"; order: OrderRequest }
  | { kind: "update"; workOrder: string; changes: OrderChanges; reason: string | null }
  | { kind: "hold" | "resume" | "cancel"; workOrder: string; reason: string | null }
  | { kind: "notify"; notification: Notification };

export type Notification = {
  notification: string;
  item: string | null;
  lot: string | null;
  serial: string | null;
  workOrder: string | null;
  hold: string | null;
  serviceCase: string | null;
  reason: string;
};

/** An entry of the log of what was taken from other systems. */
export type Message = {
  id: number;
  reference: string | null;
  realAt: number;
  kind: RequestKind | "notify";
  workOrder: string | null;
  /** The body as it came. */
  content: string;
  command: Command;
  outcome: "taken" | "done" | "refused";
};

/**
 * Takes a message: it is checked for what can be said at once, kept, and decided on in the plant's own time.
 * @throws Refusal when the plant will not even think about it
 */
export function takeMessage(
  plant: Plant,
  command: Command,
  reference: string | null,
  content: string,
): Message {
  const at = plant.clock.now();
  const known = reference === null ? undefined : findMessages(plant, reference)[0];
  if (known && plant.settings.uniqueReference) throw duplicateReference(reference!, known);
  if (command.kind === "release") prepareOrder(plant, command.order, reference, at);
  const workOrder = workOrderOf(command);
  if (workOrder !== null) plant.existing(workOrder);
  if (command.kind === "notify")
    plant.store.put("notification", command.notification.notification, command.notification);
  const message: Message = {
    id: plant.store.nextNumber("message"),
    reference,
    realAt: Date.now(),
    kind: command.kind,
    workOrder,
    content,
    command,
    outcome: command.kind === "notify" ? "done" : "taken",
  };
  saveMessage(plant, message);
  plant.enter(at, "integration", command.kind, { reference, workOrder, message: message.id });
  if (command.kind !== "notify")
    plant.plan(at + plant.settings.decideMinutes * 60_000, workOrder, { do: "decide", message: message.id });
  return message;
}

export function workOrderOf(command: Command): string | null {
  if (command.kind === "release") return command.order.workOrder;
  return command.kind === "notify" ? command.notification.workOrder : command.workOrder;
}

export function readMessage(plant: Plant, id: number): Message | undefined {
  const row = plant.store.one<{ body: string }>("select body from message where id = ?", id);
  return row && (JSON.parse(row.body) as Message);
}

export function findMessages(plant: Plant, reference: string): Message[] {
  return plant.store
    .all<{ body: string }>("select body from message where reference = ? order by id", reference)
    .map(({ body }) => JSON.parse(body) as Message);
}

export function saveMessage(plant: Plant, message: Message): void {
  plant.store.run(
    "insert or replace into message values (?, ?, ?, ?, ?)",
    message.id,
    message.reference,
    message.workOrder,
    message.realAt,
    JSON.stringify(message),
  );
}

export function duplicateReference(reference: string, message: Pick<Message, "id">): Refusal {
  return new Refusal(
    409,
    "duplicate-reference",
    `reference ${reference} was used before, by message ${message.id}`,
    "reference",
  );
}

/** An order that was refused or given up may be sent anew; one that is alive may not. */
function prepareOrder(plant: Plant, request: OrderRequest, reference: string | null, at: number): void {
  checkWorkCenters(plant, request.operations);
  const before = plant.order(request.workOrder);
  if (before && before.status !== "refused" && before.status !== "aborted") {
    if (before.reference === reference && reference !== null) return;
    throw new Refusal(409, "order-exists", `work order ${request.workOrder} is already here`, "workOrder");
  }
  const order: Order = {
    ...request,
    document: plant.number("W"),
    reference,
    status: "requested",
    heldFrom: null,
    statusReason: null,
    operations: newOperations(request.operations),
    components: request.components.map(newComponent),
    course: {},
    version: before?.version ?? 0,
    confirmations: before?.confirmations ?? 0,
    reports: [],
    consumptions: [],
    lots: [],
    blocked: "0",
    takenAt: at,
    startedAt: null,
    endedAt: null,
  };
  plant.save(order);
}

/** @throws Refusal 422 */
export function checkWorkCenters(
  plant: Plant,
  operations: readonly { operation: string; workCenter: string }[],
): void {
  const { workCenters } = plant.settings;
  if (workCenters === null) return;
  const at = operations.findIndex(({ workCenter }) => !workCenters.includes(workCenter));
  if (at === -1) return;
  const { operation, workCenter } = operations[at]!;
  throw new Refusal(
    422,
    "unknown-work-center",
    `operation ${operation} is planned on ${workCenter}, which is no work centre of this plant`,
    `operations/${at}/workCenter`,
  );
}
