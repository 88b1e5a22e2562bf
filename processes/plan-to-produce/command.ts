/** What the ERP and other processes want of a work order that the plant has: told to the plant, and never forced on it. */
import type { EventData } from "../../src/process/index.ts";
import { isZero } from "./amount.ts";
import { isSame } from "./content.ts";
import { settleWaiting } from "./book.ts";
import { afterCancel, askCancel } from "./ending.ts";
import { withHold, withoutCancel, withoutHold } from "./hold.ts";
import { cancelledWithGoods, madeSoFar } from "./plant.ts";
import { type Follow, proceed } from "./proceed.ts";
import { holdBeforeRelease, knowing, refusedByPlant } from "./release.ts";
import { type Context, type Handle, isDone, type Next, openWorks, type Production } from "./state.ts";
import { goodOf, scrapOf } from "./sum.ts";
import { aCase, reasonsOf, referenceOf, toPlant } from "./telling.ts";

const ERP = "erp";
/** What of an order the plant works by. */
const PLANT_FIELDS = [
  "item",
  "quantity",
  "itemRevision",
  "bomRevision",
  "routingRevision",
  "mode",
  "plannedStart",
  "plannedEnd",
  "priority",
  "components",
  "operations",
] as const;
/** Name of the hold while a change is on its way. */
const CHANGE = "change";
const NEEDS_STOP = new Set<string>(["components", "operations"]);
/** What can be told to each part of a split work order alike. */
const FOR_EVERY_PART = new Set<string>(["plannedStart", "plannedEnd", "priority"]);

export const changedAtPlant: Handle = (context) => {
  const { key, event, state: before } = context;
  const known = knowing(context, before);
  const changes = changesOf(before, known);
  const { state, effects, cases } = settleWaiting(key, { state: known, effects: [], cases: [] });
  const closeCases = state.waiting.length === 0 ? ["REPORT_NOT_ON_ORDER"] : [];
  const names = Object.keys(changes);
  if (names.length === 0 || before.cancel) return proceed(context, state, { effects, cases, closeCases });
  const { reason } = event.data as EventData["interlock.ProductionOrderChanged.v1"];
  const works = openWorks(before);
  const late = isDone(before);
  const parted = works.length > 1 && names.some((name) => !FOR_EVERY_PART.has(name));
  if (late || parted) {
    const why = late ? "the plant is done with it" : `the plant has split it into ${works.join(", ")}`;
    return proceed(context, state, { effects, closeCases, cases: [...cases, tooLate(key, names, why)] });
  }
  // A plant changes its components or operations only while nobody works on them.
  const stop = names.some((name) => NEEDS_STOP.has(name)) && state.startedAt !== undefined;
  const held = stop ? withHold(key, state, CHANGE, "the order is changed") : { state, effects: [] };
  const updates = works.map((workOrder) =>
    toPlant("update", "UpdateWorkOrder", { workOrder, productionOrder: key, ...changes, reason }),
  );
  return proceed(context, held.state, {
    effects: [...effects, ...held.effects, ...updates],
    cases,
    closeCases,
  });
};

/** The plant has answered a change: the work that was stopped for it goes on, unless somebody else holds it. */
export function afterChange(context: Context, follow: Follow): Next {
  const { state, effects } = withoutHold(context.key, context.state, CHANGE, "the order was changed");
  return proceed(context, state, { ...follow, effects });
}

function changesOf({ order: before }: Production, { order: after }: Production): Record<string, unknown> {
  return Object.fromEntries(
    PLANT_FIELDS.filter((name) => !isSame(before?.[name], after?.[name])).map((name) => [
      name,
      after?.[name],
    ]),
  );
}

function tooLate(key: string, names: readonly string[], why: string) {
  return aCase(
    "CHANGE_TOO_LATE",
    "plant-operations",
    `production order ${key} was changed in the ERP (${names.join(", ")}), but ${why}`,
    "agree with the plant what is still possible, and bring the order in the ERP to it",
  );
}

function ask(context: Context, how: typeof withHold, name: string, reason: string): Next {
  const { state, effects } = how(context.key, context.state, name, reason);
  return proceed(context, state, { effects });
}

const holdNamed = ({ data }: Context["event"]) => (data as { hold: string }).hold;

export const heldByErp: Handle = (context) =>
  ask(context, withHold, ERP, `held in the ERP: ${reasonsOf(context.event)}`);
export const resumedByErp: Handle = (context) =>
  ask(context, withoutHold, ERP, `resumed in the ERP: ${reasonsOf(context.event)}`);
export const holdRequested: Handle = (context) =>
  ask(
    context,
    withHold,
    holdNamed(context.event),
    `${holdNamed(context.event)}: ${reasonsOf(context.event)}`,
  );
export const holdEnded: Handle = (context) =>
  ask(context, withoutHold, holdNamed(context.event), reasonsOf(context.event));

const holding = (nameOf: (event: Context["event"]) => string): Handle => {
  return (context) =>
    holdBeforeRelease(context, [...new Set([...context.state.holds, nameOf(context.event)])]);
};
const freeing = (nameOf: (event: Context["event"]) => string): Handle => {
  return (context) =>
    holdBeforeRelease(
      context,
      context.state.holds.filter((name) => name !== nameOf(context.event)),
    );
};
export const heldByErpBefore = holding(() => ERP);
export const resumedByErpBefore = freeing(() => ERP);
export const holdRequestedBefore = holding(holdNamed);
export const holdEndedBefore = freeing(holdNamed);

export const cancelledBefore: Handle = (context) =>
  proceed(context, { ...context.state, ended: "cancelled" }, { closeCases: context.state.raised });

/** Nothing is spent on what nobody wants: the release is taken back, or the plant asked to give it up. */
export const cancelledAtPlant: Handle = (context) => {
  const { state } = context;
  if (state.cancel) return proceed(context, state);
  if (state.delivered || state.accepted || state.startedAt !== undefined) return askCancel(context, state);
  return proceed(context, { ...state, cancel: "taking-back" }, { withdraw: ["release"] });
};

export const cancelledAfterwards: Handle = (context) => {
  const { key, state } = context;
  const made = !isZero(goodOf(state)) || !isZero(scrapOf(state));
  return proceed(
    context,
    { ...state, ended: "cancelled" },
    { closeCases: state.raised, cases: made ? [cancelledWithGoods(key, state)] : [] },
  );
};

export const accepted: Handle = (context) => {
  const { request } = context.event.data as EventData["interlock.WorkOrderAccepted.v1"];
  const { state } = context;
  if (request === "update") return afterChange(context, { heard: true, closeCases: ["UPDATE_REFUSED"] });
  return afterCancel(context, { ...state, accepted: true, delivered: true }, { heard: true });
};

/** The plant said no, in an event or at once: the work order stays as it was, and somebody agrees with the plant. */
export const refused: Handle = (context) => {
  const { request } = context.event.data as EventData["interlock.WorkOrderRejected.v1"];
  return refusal(context, request, {});
};
export const refusedAtOnce = (request: "update" | "hold" | "resume" | "cancel"): Handle => {
  return (context) => refusal(context, request, { withdraw: [referenceOf(context.event)] });
};

/** The plant's system would not take the work order, and a person may have given it up. */
export const releaseRefused: Handle = (context) => {
  const { event } = context;
  const rejected = event.type === "interlock.EffectRejected.v1";
  return refusal(context, "release", rejected ? { withdraw: [referenceOf(event)] } : {});
};

function refusal(context: Context, request: string, more: Follow): Next {
  const { state } = context;
  if (request === "release") {
    if (state.cancel) return { ...cancelledAfterwards(context), ...more };
    // what began cannot be refused any more: the answer to an older release
    if (state.accepted) return proceed(context, state, { ...more, heard: true });
    return { ...refusedByPlant(context), ...more };
  }
  const follow: Follow = { ...more, heard: true, cases: [plantRefused(context, request)] };
  if (request === "update") return afterChange(context, follow);
  if (request === "hold" && state.stop === "asked") return proceed(context, { ...state, stop: "no" }, follow);
  if (request === "resume" && state.stop === "resuming")
    return proceed(context, { ...state, stop: "held" }, follow);
  return proceed(context, request === "cancel" ? withoutCancel(state) : state, follow);
}

const REMEDIES: Readonly<Record<string, string>> = {
  update: "agree with the plant, then change the order in the ERP to what it can do",
  hold: "agree with the plant and with who wanted the hold; the work goes on",
  resume: "find out at the plant what stops it; it stays held there",
  cancel:
    "the ERP has cancelled the order, the plant goes on: agree with it, then have it aborted there or plan the order again",
};

function plantRefused({ key, event, state }: Context, request: string) {
  return aCase(
    `${request.toUpperCase()}_REFUSED`,
    "plant-operations",
    `the plant refused to ${request} production order ${key}: ${reasonsOf(event)}; so far ${madeSoFar(state)}`,
    REMEDIES[request] ?? "agree with the plant",
  );
}

/** A person gave a request up that the plant's system would not take. */
export const givenUp = (request: "update" | "hold" | "resume" | "cancel"): Handle => {
  return (context) => {
    const { state } = context;
    if (request === "update") return afterChange(context, {});
    if (request === "cancel") return proceed(context, withoutCancel(state));
    if (request === "hold")
      return proceed(context, state.stop === "asked" ? { ...state, stop: "no" } : state);
    return proceed(context, state.stop === "resuming" ? { ...state, stop: "held" } : state);
  };
};
