/** Material: what the plant used of components it reports is posted; of those the ERP issues by itself it is only compared. */
import type { EventData, IntendedEffect } from "../../src/process/index.ts";
import { above, added, below, compare, isZero, plus } from "./amount.ts";
import { type Attempt, begin, noteCounter } from "./booking.ts";
import { hasCounter } from "./counter.ts";
import type { Production, Told } from "./state.ts";
import { aCase, toErp } from "./telling.ts";

type Consumed = EventData["interlock.MaterialConsumed.v1"];
type Corrected = EventData["interlock.ConsumptionCorrected.v1"];

/** One report may name several materials and lots under one counter. */
function aboutOf({ workOrder, item, lot, serial, componentLine }: Consumed): string {
  return `${workOrder}/material/${item}/${[lot, serial, componentLine].filter((part) => part !== undefined).join("/")}`;
}

export function bookConsumption(key: string, state: Production, told: Told): Attempt {
  const data = told.data as Consumed | Corrected;
  const about = aboutOf(data);
  if (hasCounter(state.booked[about], data.confirmation)) return "known";
  const component = componentOf(state, data);
  if (!component)
    return {
      waits: "not-on-order",
      why: `${data.workOrder} used ${data.quantity.value} of ${data.item}, which is no component of the order`,
    };
  const corrects = "corrects" in data ? data.corrects : undefined;
  if (corrects !== undefined && !wasReported(state, data, corrects))
    return { waits: "for-report", why: `correction ${data.confirmation} of report ${corrects}` };
  const { value, unit } = data.quantity;
  const noted = noteCounter(state, about, data.confirmation);
  const manual = component.issueMethod === "manual";
  const book = manual ? "issued" : "used";
  const after = plus(noted[book][data.item] ?? "0", value);
  if ((corrects === undefined && compare(value, "0") < 0) || compare(after, "0") < 0)
    return { state: noted, effects: [], cases: [senseless(key, data)] };
  const begun = begin(key, noted, told.at, data.workOrder);
  const next = { ...begun.state, [book]: added(begun.state[book], data.item, value) };
  const line = {
    productionOrder: key,
    workOrder: data.workOrder,
    operation: data.operation,
    confirmation: data.confirmation,
    item: data.item,
    lot: data.lot,
    serial: data.serial,
    componentLine: data.componentLine ?? component.line,
    location: data.location ?? component.location ?? state.order!.supplyLocation,
    reportedAt: told.at,
  };
  const effects: IntendedEffect[] = [
    ...(isZero(below(value))
      ? []
      : [
          toErp("reverse-consumption", "ReverseConsumption", {
            ...line,
            quantity: { value: below(value), unit },
            corrects: corrects!,
            reason: "reason" in data ? data.reason?.message : undefined,
          }),
        ]),
    ...(isZero(above(value))
      ? []
      : [toErp("consume", "PostMaterialConsumption", { ...line, quantity: { value: above(value), unit } })]),
  ];
  return { state: next, effects: [...begun.effects, ...(manual ? effects : [])], cases: [] };
}

/** By its line where the plant tells it; of several lines of an item the one of the operation. */
function componentOf({ order }: Production, { item, componentLine, operation }: Consumed) {
  const of = (order?.components ?? []).filter((component) => component.item === item);
  return (
    of.find(({ line }) => line === componentLine) ??
    of.find((component) => operation !== undefined && component.operation === operation) ??
    of[0]
  );
}

/** A correction may name another lot than the report it corrects. */
function wasReported({ booked }: Production, { workOrder, item }: Consumed, counter: number): boolean {
  return Object.entries(booked).some(
    ([about, counters]) =>
      about.startsWith(`${workOrder}/material/${item}/`) && hasCounter(counters, counter),
  );
}

function senseless(key: string, { confirmation, workOrder, item, quantity }: Consumed | Corrected) {
  return aCase(
    "REPORT_SENSELESS",
    "plant-operations",
    `production order ${key}: report ${confirmation} of ${workOrder} would leave less than nothing used of ${item} (${quantity.value}); it was not posted`,
    "have the plant report what is true as a new report or a correction",
  );
}
