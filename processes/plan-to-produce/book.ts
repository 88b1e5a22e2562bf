/**
 * Booking what a plant reports: each report once, whatever comes twice and in whatever order. What cannot be booked yet, a
 * correction of a report that has not come or something the order does not have, waits in the state and is tried again with
 * every report and every change of the order.
 */
import type { IntendedCase } from "../../src/process/index.ts";
import type { Attempt } from "./booking.ts";
import { bookConsumption } from "./material.ts";
import { bookCompletion, bookOperation } from "./report.ts";
import type { Booking, Context, Production, Told } from "./state.ts";
import { aCase } from "./telling.ts";

/** More than this waits for a person at the plant, who must look anyway. */
const MOST_WAITING = 200;

export function toldBy({ type, time, data }: Context["event"]): Told {
  const name = type.slice("interlock.".length, type.lastIndexOf(".")) as Told["name"];
  return { name, at: time, data: data as object };
}

export function book(key: string, before: Production, told: Told): Booking {
  const first = attempt(key, before, told);
  if (first === "known") return { state: before, effects: [], cases: [] };
  if ("waits" in first) {
    if (before.waiting.some((each) => sameReport(each, told)))
      return { state: before, effects: [], cases: [] };
    const waiting = [...before.waiting, told].slice(-MOST_WAITING);
    return { state: { ...before, waiting }, effects: [], cases: waitingCases(key, first) };
  }
  return settleWaiting(key, first);
}

/** Tries again what waits, until nothing more can be booked. */
export function settleWaiting(key: string, done: Booking): Booking {
  for (const told of done.state.waiting) {
    const next = attempt(key, done.state, told);
    if (next !== "known" && "waits" in next) continue;
    const { state, effects, cases } = next === "known" ? { state: done.state, effects: [], cases: [] } : next;
    return settleWaiting(key, {
      state: { ...state, waiting: state.waiting.filter((each) => each !== told) },
      effects: [...done.effects, ...effects],
      cases: [...done.cases, ...cases],
    });
  }
  return done;
}

/** Whether a report was booked, or waits to be. */
export function isKnown(key: string, state: Production, told: Told): boolean {
  return attempt(key, state, told) === "known" || state.waiting.some((each) => sameReport(each, told));
}

function attempt(key: string, state: Production, told: Told): Attempt {
  switch (told.name) {
    case "OperationCompleted":
    case "OperationCorrected":
      return bookOperation(key, state, told);
    case "MaterialConsumed":
    case "ConsumptionCorrected":
      return bookConsumption(key, state, told);
    case "WorkOrderCompleted":
      return bookCompletion(key, state, told);
  }
}

function sameReport(a: Told, b: Told): boolean {
  return a.name === b.name && JSON.stringify(a.data) === JSON.stringify(b.data);
}

function waitingCases(key: string, { waits, why }: { waits: string; why: string }): IntendedCase[] {
  // Overtaken reports come within minutes: the clock opens that case.
  if (waits === "for-report") return [];
  return [
    aCase(
      "REPORT_NOT_ON_ORDER",
      "plant-operations",
      `production order ${key}: ${why}`,
      "add it to the order in the ERP, then it is posted by itself; or have the plant correct its report",
    ),
  ];
}
