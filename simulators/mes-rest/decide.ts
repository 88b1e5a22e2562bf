import { fits, type Course } from "./course.ts";
import { enqueue, serve, startOf } from "./floor.ts";
import { readMessage, saveMessage, type Command, type Message } from "./message.ts";
import { currentOperation, type Order } from "./order.ts";
import type { Reason } from "./reason.ts";
import type { Plant } from "./plant.ts";
import type { RequestKind } from "./report.ts";
import { changeOrder } from "./change.ts";
import { isQueued, leaveWorkCenter } from "./work-center.ts";

/** The plant's answer to a message it has taken: it does it and tells so, or tells why not and changes nothing. */
export function decide(plant: Plant, id: number, at: number): void {
  const message = readMessage(plant, id);
  if (!message || message.kind === "notify" || message.workOrder === null) return;
  const order = plant.existing(message.workOrder);
  const refusal = answer(plant, order, message, at);
  if (refusal) {
    plant.tell(at, order, {
      type: "order-rejected",
      request: message.kind,
      reason: refusal,
      reference: message.reference,
      document: order.document,
    });
    plant.save(order);
  }
  plant.enter(at, "floor", refusal ? `refuse-${message.kind}` : `agree-${message.kind}`, {
    workOrder: order.workOrder,
    message: id,
  });
  saveMessage(plant, { ...message, outcome: refusal ? "refused" : "done" });
}

/** Undefined: it is done. */
function answer(
  plant: Plant,
  order: Order,
  { kind, command, reference }: Message,
  at: number,
): Reason | undefined {
  if (kind === "release") return release(plant, order, reference, at);
  const ended = { completed: "finished", aborted: "given up", refused: "refused" }[order.status as string];
  if (ended !== undefined)
    return { code: "ORDER-ENDED", message: `work order ${order.workOrder} is ${ended}` };
  const scripted = {
    update: "refuseUpdate",
    hold: "refuseHold",
    resume: "refuseResume",
    cancel: "refuseCancel",
  };
  const refused = order.course[scripted[kind as keyof typeof scripted] as "refuseUpdate"];
  if (refused) return refused;
  const reason = reasonOf(command);
  switch (kind as RequestKind) {
    case "update":
      return update(plant, order, command as Command & { kind: "update" }, reference, at);
    case "hold":
      return holdOrder(plant, order, reason, reference, at);
    case "resume":
      return resumeOrder(plant, order, reason, reference, at);
    default:
      return abortOrder(plant, order, reason, reference, at);
  }
}

function reasonOf(command: Command): Reason | null {
  const text = "reason" in command ? command.reason : null;
  return text === null ? null : { code: "REQUESTED", message: text };
}

function release(plant: Plant, order: Order, reference: string | null, at: number): Reason | undefined {
  // The same message twice, where references are not unique: it was decided on before.
  if (order.status !== "requested") return undefined;
  order.course = takeCourse(plant, order);
  if (order.course.refuse) {
    order.status = "refused";
    order.statusReason = order.course.refuse;
    order.endedAt = at;
    return order.course.refuse;
  }
  order.status = "waiting";
  const plannedStart = startOf(plant, order, at);
  const plannedEnd = Math.max(order.plannedEnd, plannedStart);
  const { document } = order;
  plant.tell(at, order, {
    type: "order-accepted",
    request: "release",
    reference,
    document,
    plannedStart,
    plannedEnd,
  });
  plant.save(order);
  if (plant.settings.autonomous) plant.plan(plannedStart, order.workOrder, { do: "begin" });
  return undefined;
}

/** The first course that fits, used up by it. */
function takeCourse(plant: Plant, order: Order): Course {
  const rows = plant.store.all<{ key: string; body: string }>(
    "select key, body from document where kind = 'course' order by rowid",
  );
  const found = rows.find(({ body }) => fits(JSON.parse(body) as Course, order));
  if (!found) return {};
  plant.store.remove("course", found.key);
  return JSON.parse(found.body) as Course;
}

function update(
  plant: Plant,
  order: Order,
  { changes }: Command & { kind: "update" },
  reference: string | null,
  at: number,
): Reason | undefined {
  const before = currentOperation(order)?.workCenter;
  const refusal = changeOrder(plant, order, changes);
  if (refusal) return refusal;
  const { document, plannedEnd } = order;
  const plannedStart = order.startedAt ?? startOf(plant, order, at);
  plant.tell(at, order, {
    type: "order-accepted",
    request: "update",
    reference,
    document,
    plannedStart,
    plannedEnd,
  });
  plant.save(order);
  if (order.status === "waiting" && leaveLine(plant, order, before, at))
    plant.plan(plannedStart, order.workOrder, { do: "begin" });
  return undefined;
}

/** Takes an order that has not begun off the agenda or out of a queue: it may have to stand elsewhere now. False: it was in neither. */
function leaveLine(plant: Plant, order: Order, workCenter: string | undefined, at: number): boolean {
  const planned = plant.unplan(order.workOrder, "begin") !== undefined;
  if (workCenter === undefined || !isQueued(plant, order, workCenter)) return planned;
  leaveWorkCenter(plant, order, workCenter, at);
  return true;
}

export function holdOrder(
  plant: Plant,
  order: Order,
  reason: Reason | null,
  reference: string | null,
  at: number,
): Reason | undefined {
  if (order.status === "held")
    return { code: "ALREADY-HELD", message: `work order ${order.workOrder} is held already` };
  const operation = currentOperation(order);
  stopWork(plant, order, at);
  order.heldFrom = order.status === "running" ? "running" : "waiting";
  order.status = "held";
  order.statusReason = reason;
  plant.tell(at, order, {
    type: "order-held",
    operation: operation && operation.startedAt !== null && !operation.silent ? operation.operation : null,
    reason,
    reference,
  });
  plant.save(order);
  if (operation && !operation.silent) serve(plant, operation.workCenter, at);
  return undefined;
}

export function resumeOrder(
  plant: Plant,
  order: Order,
  reason: Reason | null,
  reference: string | null,
  at: number,
): Reason | undefined {
  if (order.status !== "held" || order.heldFrom === null)
    return { code: "NOT-HELD", message: `work order ${order.workOrder} is not held` };
  order.status = order.heldFrom;
  order.heldFrom = null;
  order.statusReason = null;
  plant.tell(at, order, { type: "order-resumed", reason, reference });
  plant.save(order);
  if (!plant.settings.autonomous) return undefined;
  if (order.status === "waiting") plant.plan(startOf(plant, order, at), order.workOrder, { do: "begin" });
  else enqueue(plant, order, at);
  return undefined;
}

export function abortOrder(
  plant: Plant,
  order: Order,
  reason: Reason | null,
  reference: string | null,
  at: number,
): Reason | undefined {
  const passed = order.operations.find(
    ({ pointOfNoReturn, startedAt }) => pointOfNoReturn && startedAt !== null,
  );
  if (passed && reference !== null)
    return {
      code: "POINT-OF-NO-RETURN",
      message: `operation ${passed.operation} has begun: the order can no longer be cancelled without loss`,
    };
  const operation = currentOperation(order);
  stopWork(plant, order, at);
  order.status = "aborted";
  order.statusReason = reason;
  order.endedAt = at;
  plant.tell(at, order, { type: "order-aborted", reason, reference });
  plant.save(order);
  if (operation && !operation.silent) serve(plant, operation.workCenter, at);
  return undefined;
}

/** Takes an order off the floor and remembers how much of the part under way is left. */
function stopWork(plant: Plant, order: Order, at: number): void {
  plant.unplan(order.workOrder, "begin");
  const operation = currentOperation(order);
  if (!operation) return;
  if (operation.silent) {
    const planned = plant.unplan(order.workOrder, "portion");
    if (planned !== undefined) operation.remaining = plant.calendar.workingMinutes(at, planned);
  } else {
    operation.remaining = leaveWorkCenter(plant, order, operation.workCenter, at) ?? operation.remaining;
  }
}
