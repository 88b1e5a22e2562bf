import { NumberText } from "../exact-json.ts";
import type { Change, Report, ReportType } from "../report.ts";

const TYPES: Readonly<Record<ReportType, string>> = {
  "order-accepted": "order.accepted",
  "order-rejected": "order.refused",
  "order-started": "order.started",
  "order-held": "order.held",
  "order-resumed": "order.resumed",
  "order-completed": "order.finished",
  "order-aborted": "order.aborted",
  "operation-started": "operation.started",
  "operation-reported": "operation.reported",
  "operation-corrected": "operation.corrected",
  "material-consumed": "material.consumed",
  "consumption-corrected": "material.corrected",
  "lot-produced": "lot.produced",
  "downtime-started": "station.down",
  "downtime-ended": "station.up",
  "inspection-recorded": "quality.control",
  "quality-held": "quality.hold",
};

/** One report as Atelier 2 sends it: nested, amounts as numbers, times in UTC. What is not known is left out. */
export function writeLyonChange({ id, sequence, at, report }: Change): object {
  return {
    id,
    sequence,
    type: TYPES[report.type],
    occurredAt: new Date(at).toISOString(),
    version: report.version,
    reference: report.reference ?? null,
    ...(report.workOrder !== undefined &&
      report.downtime === undefined && {
        workOrder: defined({
          number: report.workOrder,
          productionOrder: report.productionOrder,
          document: report.document,
        }),
      }),
    data: defined(dataOf(report)),
  };
}

function dataOf(report: Report): Record<string, unknown> {
  return {
    request: report.request?.toUpperCase(),
    reason: report.reason,
    schedule: report.plannedStart !== undefined &&
      report.plannedEnd !== undefined && {
        start: new Date(report.plannedStart).toISOString(),
        end: new Date(report.plannedEnd).toISOString(),
      },
    operation: report.operation,
    station: report.workCenter,
    confirmation: report.confirmation,
    corrects: report.corrects,
    quantities: report.good !== undefined && {
      uom: report.unit,
      good: new NumberText(report.good),
      scrap: new NumberText(report.scrap ?? "0"),
      ...(report.rework !== undefined && { rework: new NumberText(report.rework) }),
    },
    scrapReasons: report.scrapReasons?.map(({ code, message, quantity }) => ({
      code,
      label: message,
      amount: new NumberText(quantity),
    })),
    minutes: report.laborMinutes !== undefined && {
      labor: new NumberText(report.laborMinutes),
      machine: new NumberText(report.machineMinutes ?? report.laborMinutes),
    },
    lots: report.lots?.map(({ lot, serial, quantity }) =>
      defined({ lot, serial, amount: new NumberText(quantity) }),
    ),
    last: report.last,
    startedAt: instant(report.startedAt),
    product: report.item,
    quantity: given(report.quantity) && { amount: number(report.quantity), uom: report.unit },
    lot: report.lot,
    serial: report.serial,
    line: report.componentLine,
    precision: report.precision?.toUpperCase(),
    downtime: report.downtime,
    runningOrder: report.downtime === undefined ? undefined : report.workOrder,
    control:
      given(report.inspection) &&
      defined({
        id: report.inspection,
        checkpoint: report.checkpoint,
        characteristic: report.characteristic,
        value: report.value,
        min: number(report.lower),
        max: number(report.upper),
        uom: report.limitUnit,
        verdict: report.verdict?.toUpperCase(),
      }),
    hold: report.hold,
  };
}

function given(value: string | null | undefined): value is string {
  return value !== undefined && value !== null;
}

function number(value: string | null | undefined): NumberText | undefined {
  return given(value) ? new NumberText(value) : undefined;
}

function instant(at: number | null | undefined): string | undefined {
  return typeof at === "number" ? new Date(at).toISOString() : undefined;
}

function defined(given: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(given).filter(
      ([name, value]) => value !== undefined && value !== null && (value !== false || name === "last"),
    ),
  );
}
