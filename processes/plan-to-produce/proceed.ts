/**
 * What every decision ends with: the phase, the clocks, and the end of the order once everything has come together. Whatever
 * arrives last, a report, an echo or a correction, completes it: no arrival order is the right one.
 */
import { type IntendedCase, type IntendedEffect } from "../../src/process/index.ts";
import { goodOf, differences, missingOperations, openPostings, scrapOf, overDelivered } from "./sum.ts";
import { type Context, isDone, type Next, type Phase, phaseOf, type Production } from "./state.ts";
import { aCase, ERP_POSTINGS, HOUR_MS, PLANT_REPORTS, toErp } from "./telling.ts";

/** A plant answers a request within half a shift. */
const ANSWER_WITHIN_MS = 4 * HOUR_MS;
/** Two shifts without a word while work is under way. */
const SILENT_AFTER_MS = 16 * HOUR_MS;
const ECHO_WITHIN_MS = 4 * HOUR_MS;
/** Reports that were overtaken by the end of the work order may still come. */
const SETTLE_WITHIN_MS = 4 * HOUR_MS;

export interface Follow extends Omit<Next, "phase" | "state"> {
  /** The plant was heard of: its silence begins anew. */
  readonly heard?: boolean;
}

type Timer = NonNullable<Next["timers"]>[number];

export function proceed(
  { key, event }: Pick<Context, "key" | "event">,
  before: Production,
  follow: Follow = {},
): Next {
  const { heard = false, ...more } = follow;
  const cases = [...(more.cases ?? [])];
  const effects = [...(more.effects ?? [])];
  const timers = [...(more.timers ?? [])];
  const clearTimers = [...(more.clearTimers ?? [])];
  const closing = new Set(more.closeCases);
  let state: Production = heard ? { ...before, heardAt: event.time } : before;
  if (heard) closing.add("WORK_ORDER_SILENT");
  if (state.sent) {
    const watched = watchEcho(state, event.time);
    state = watched.state;
    timers.push(...watched.timers);
    clearTimers.push(...watched.clearTimers);
    for (const kind of watched.closes) closing.add(kind);
    const over = overDelivered(state);
    if (over === undefined) closing.add("OVER_DELIVERY");
    else if (!state.raised.includes("OVER_DELIVERY")) cases.push(overDelivery(key, over));
    const finished = tryFinish(key, event.time, state);
    state = finished.state;
    effects.push(...finished.effects);
    for (const kind of finished.closes) closing.add(kind);
    const clock = plantClock(state, heard, event.time);
    timers.push(...clock.timers);
    clearTimers.push(...clock.clearTimers);
  }
  const { raised, closeCases } = remembered(state, cases, closing);
  state = { ...state, raised };
  return { ...more, phase: phaseOf(state), state, effects, cases, timers, clearTimers, closeCases };
}

/** Cases that this process closes when what they tell of is over. */
const CLOSABLE = new Set([
  "WORK_ORDER_SILENT",
  "CONFIRMATION_OVERDUE",
  "OVER_DELIVERY",
  "OPERATIONS_MISSING",
  "QUANTITIES_DIFFER",
  "CORRECTION_WITHOUT_REPORT",
  "REPORT_NOT_ON_ORDER",
  "UPDATE_REFUSED",
  "HOLD_REFUSED",
  "RESUME_REFUSED",
  "CANCEL_REFUSED",
  "RESUMED_UNDER_HOLD",
  "GATE_ITEM",
  "GATE_BOM",
  "GATE_ROUTING",
  "GATE_UNITS",
  "GATE_CREDIT",
  "GATE_QUALITY",
  "GATE_HOLD",
  "GATE_PLANT",
]);

function remembered(state: Production, cases: readonly IntendedCase[], closing: ReadonlySet<string>) {
  const opened = cases.map(({ kind }) => kind).filter((kind) => CLOSABLE.has(kind));
  const closeCases = state.raised.filter((kind) => closing.has(kind) && !opened.includes(kind));
  const raised = [...new Set([...state.raised.filter((kind) => !closeCases.includes(kind)), ...opened])];
  return { raised, closeCases };
}

function watchEcho(state: Production, at: string) {
  const open = openPostings(state).length > 0;
  if (open && state.echoSince === undefined)
    return {
      state: { ...state, echoSince: at },
      timers: [{ name: "echo", afterMs: ECHO_WITHIN_MS, onCalendar: true, watches: [ERP_POSTINGS] }],
      clearTimers: [],
      closes: [],
    };
  if (open || state.echoSince === undefined) return { state, timers: [], clearTimers: [], closes: [] };
  const { echoSince: _, ...rest } = state;
  return { state: rest, timers: [], clearTimers: ["echo"], closes: ["CONFIRMATION_OVERDUE"] };
}

function overDelivery(key: string, what: string): IntendedCase {
  return aCase(
    "OVER_DELIVERY",
    "plant-operations",
    `production order ${key} made more than ordered: ${what}`,
    "raise the order's quantity or tolerance in the ERP, or have the plant correct its report",
  );
}

/** The order ends in the ERP when the plant is done, its sums fit together, and every posting has come back. */
function tryFinish(key: string, at: string, state: Production) {
  const nothing = {
    state,
    effects: [] as IntendedEffect[],
    closes: [] as string[],
  };
  if (!isDone(state) || state.finish || state.cancel || state.ended || state.waiting.length > 0)
    return nothing;
  if (missingOperations(state).length > 0 || differences(state).length > 0) return nothing;
  const closes = ["OPERATIONS_MISSING", "QUANTITIES_DIFFER"];
  if (openPostings(state).length > 0) return { ...nothing, closes };
  const { unit } = state.order!.quantity;
  return {
    state: { ...state, finish: "sent" as const },
    closes,
    effects: [
      toErp("finish", "FinishProductionOrder", {
        productionOrder: key,
        good: { value: goodOf(state), unit },
        scrap: { value: scrapOf(state), unit },
        finishedAt: state.completedAt ?? at,
      }),
    ],
  };
}

const AT_WORK: readonly Phase[] = ["releasing", "accepted", "running", "cancelling"];

/** The plant's silence is watched while it has to say something; its missing reports once it said that it is done. */
function plantClock(
  state: Production,
  heard: boolean,
  at: string,
): { timers: Timer[]; clearTimers: string[] } {
  if (!heard) return { timers: [], clearTimers: [] };
  const phase = phaseOf(state);
  if (AT_WORK.includes(phase)) return { timers: [silence(state, phase, at)], clearTimers: [] };
  const unsettled = missingOperations(state).length > 0 || differences(state).length > 0;
  if (phase === "completing" && unsettled)
    return {
      timers: [{ name: "settle", afterMs: SETTLE_WITHIN_MS, onCalendar: true, watches: [PLANT_REPORTS] }],
      clearTimers: ["silent"],
    };
  return { timers: [], clearTimers: phase === "completing" ? ["silent", "settle"] : ["silent"] };
}

/** Nothing is expected of a work order before the day it is planned for. */
function silence({ order }: Production, phase: Phase, at: string): Timer {
  const watched = { name: "silent", watches: [PLANT_REPORTS] };
  const ahead = Math.max(0, Date.parse(order?.plannedStart ?? at) - Date.parse(at));
  if (phase === "accepted") return { ...watched, afterMs: ahead + 24 * HOUR_MS };
  return { ...watched, afterMs: phase === "running" ? SILENT_AFTER_MS : ANSWER_WITHIN_MS, onCalendar: true };
}
