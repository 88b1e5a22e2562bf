/** Pieces: what a plant reports on operations, and the end of a work order that reports none. */
import type { EventData, IntendedEffect } from "../../src/process/index.ts";
import { above, below, compare, isZero, plus } from "./amount.ts";
import { type Attempt, begin, noteCounter } from "./booking.ts";
import { hasCounter } from "./counter.ts";
import { receive, takeBack } from "./receipt.ts";
import { type Booking, type Production, type Progress, reportingOf, type Told } from "./state.ts";
import { NOTHING } from "./sum.ts";
import { aCase, toErp } from "./telling.ts";

type Completed = EventData["interlock.OperationCompleted.v1"];
type Corrected = EventData["interlock.OperationCorrected.v1"];
type WorkCompleted = EventData["interlock.WorkOrderCompleted.v1"];

/** Under which name a report is known again: a counter belongs to one operation of one work order. */
const aboutOf = ({ workOrder, operation }: { workOrder: string; operation: string }): string =>
  `${workOrder}/${operation}`;

export function bookOperation(key: string, state: Production, told: Told): Attempt {
  const data = told.data as Completed | Corrected;
  const about = aboutOf(data);
  if (hasCounter(state.booked[about], data.confirmation)) return "known";
  const { operations = [] } = state.order!;
  if (operations.length > 0 && operations.every(({ operation }) => operation !== data.operation))
    return {
      waits: "not-on-order",
      why: `${data.workOrder} reports operation ${data.operation}, which the order does not have`,
    };
  const corrects = "corrects" in data ? data.corrects : undefined;
  if (corrects !== undefined && !hasCounter(state.booked[about], corrects))
    return { waits: "for-report", why: `correction ${data.confirmation} of report ${corrects}` };
  const noted = noteCounter(state, about, data.confirmation);
  const delta = { good: data.good.value, scrap: data.scrap.value, rework: data.rework.value };
  const after = summed(noted.operations[data.operation] ?? NOTHING, delta);
  const senseless = senselessBecause(delta, after, corrects);
  if (senseless !== undefined)
    return refused(key, noted, `report ${data.confirmation} of ${data.workOrder} ${senseless}`);
  const begun = begin(key, noted, ("startedAt" in data && data.startedAt) || told.at, data.workOrder);
  return postOperation(key, begun, told, { data, delta, after, corrects });
}

interface Posting {
  readonly data: Completed | Corrected;
  readonly delta: Progress;
  readonly after: Progress;
  readonly corrects: number | undefined;
}

function postOperation(key: string, begun: Booking, { at }: Told, posting: Posting): Booking {
  const { data, delta, after, corrects } = posting;
  const state = { ...begun.state, operations: { ...begun.state.operations, [data.operation]: after } };
  const ids = {
    productionOrder: key,
    workOrder: data.workOrder,
    operation: data.operation,
    workCenter: data.workCenter,
    confirmation: data.confirmation,
  };
  const effects: IntendedEffect[] = [
    ...begun.effects,
    ...(corrects === undefined
      ? [confirmReport(key, data as Completed, at)]
      : correctConfirmation(ids, data as Corrected, delta, at)),
  ];
  if (data.operation !== reportingOf(state)) return { state, effects, cases: [] };
  const lots = "lots" in data ? data.lots : undefined;
  const received = receive(state, { ...ids, lots }, { ...data.good, value: above(delta.good) }, at);
  const back = takeBack(
    received.state,
    { ...ids, corrects: corrects ?? 0 },
    { ...data.good, value: below(delta.good) },
  );
  return { state: back.state, effects: [...effects, ...received.effects, ...back.effects], cases: [] };
}

function confirmReport(key: string, data: Completed, at: string): IntendedEffect {
  const { lots: _, productionOrder: __, ...report } = data;
  return toErp("confirm", "ConfirmOperation", { productionOrder: key, ...report, reportedAt: at });
}

/** What is taken back is reversed, what comes instead is confirmed: each way with positive amounts. */
function correctConfirmation(
  ids: { readonly operation: string; readonly workOrder: string },
  data: Corrected,
  delta: Progress,
  at: string,
): IntendedEffect[] {
  const { unit } = data.good;
  const of = (pick: (value: string) => string) => ({
    good: { value: pick(delta.good), unit },
    scrap: { value: pick(delta.scrap), unit },
    rework: { value: pick(delta.rework), unit },
  });
  const isSome = ({ good, scrap, rework }: ReturnType<typeof of>) =>
    [good, scrap, rework].some(({ value }) => !isZero(value));
  const [less, more] = [of(below), of(above)];
  const reason = data.reason?.message;
  return [
    ...(isSome(less)
      ? [
          toErp("reverse-confirmation", "ReverseConfirmation", {
            ...ids,
            corrects: data.corrects,
            ...less,
            reason,
            reportedAt: at,
          }),
        ]
      : []),
    ...(isSome(more)
      ? [
          toErp("confirm", "ConfirmOperation", {
            ...ids,
            ...more,
            scrapReasons: isZero(more.scrap.value) ? undefined : data.scrapReasons,
            reportedAt: at,
            sourceTime: data.sourceTime,
            last: false,
          }),
        ]
      : []),
  ];
}

/**
 * The end of a work order. Its quantities count only where the plant reports no operations: otherwise they are the same pieces
 * once more.
 */
export function bookCompletion(key: string, state: Production, told: Told): Attempt {
  const data = told.data as WorkCompleted;
  const { workOrder, good, scrap } = data;
  if (state.works[workOrder] === "done" || state.works[workOrder] === "gone") return "known";
  const completedAt =
    state.completedAt === undefined || state.completedAt < told.at ? told.at : state.completedAt;
  const done: Production = { ...state, completedAt, works: { ...state.works, [workOrder]: "done" } };
  if (reportingOf(state) !== undefined || (!good && !scrap)) return begin(key, done, told.at, workOrder);
  const unit = (good ?? scrap)!.unit;
  const delta = { good: good?.value ?? "0", scrap: scrap?.value ?? "0", rework: "0" };
  const after = summed(done.operations[""] ?? NOTHING, delta);
  const senseless = senselessBecause(delta, after, undefined);
  if (senseless !== undefined) return refused(key, done, `the end of ${workOrder} ${senseless}`);
  const begun = begin(key, done, told.at, workOrder);
  const confirmation = data.confirmation ?? 1;
  const ids = { productionOrder: key, workOrder, confirmation };
  const confirm = toErp("confirm", "ConfirmOperation", {
    ...ids,
    good: { value: delta.good, unit },
    scrap: { value: delta.scrap, unit },
    rework: { value: "0", unit },
    scrapReasons: data.scrapReasons,
    reportedAt: told.at,
    sourceTime: data.sourceTime,
    last: true,
  });
  const booked = { ...begun.state, operations: { ...begun.state.operations, "": after } };
  const received = receive(booked, { ...ids, lots: data.lots }, { value: delta.good, unit }, told.at);
  return {
    state: received.state,
    effects: [...begun.effects, confirm, ...received.effects],
    cases: [],
  };
}

function summed(a: Progress, b: Progress): Progress {
  return { good: plus(a.good, b.good), scrap: plus(a.scrap, b.scrap), rework: plus(a.rework, b.rework) };
}

/** Rework done is reported as good or scrap, and as so much less to rework; everything else counts up, or is a correction. */
function senselessBecause(
  delta: Progress,
  after: Progress,
  corrects: number | undefined,
): string | undefined {
  if (corrects === undefined && (compare(delta.good, "0") < 0 || compare(delta.scrap, "0") < 0))
    return `is negative: ${delta.good} good, ${delta.scrap} scrapped`;
  if (compare(after.good, "0") < 0 || compare(after.scrap, "0") < 0)
    return `takes back more than was reported: ${after.good} good and ${after.scrap} scrapped would be left`;
  return undefined;
}

function refused(key: string, state: Production, what: string): Booking {
  return {
    state,
    effects: [],
    cases: [
      aCase(
        "REPORT_SENSELESS",
        "plant-operations",
        `production order ${key}: ${what}; it was not posted`,
        "have the plant report what is true as a new report or a correction",
      ),
    ],
  };
}
