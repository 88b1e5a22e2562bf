import type { Change, Report, ReportType } from "../report.ts";
import { writeLocal } from "./local-time.ts";

const KINDS: Readonly<Record<ReportType, string>> = {
  "order-accepted": "A-ANN",
  "order-rejected": "A-ABL",
  "order-started": "A-START",
  "order-held": "A-HALT",
  "order-resumed": "A-WEITER",
  "order-completed": "A-ENDE",
  "order-aborted": "A-ABBR",
  "operation-started": "AG-START",
  "operation-reported": "AG-RM",
  "operation-corrected": "AG-KORR",
  "material-consumed": "MAT-VB",
  "consumption-corrected": "MAT-KORR",
  "lot-produced": "CHG",
  "downtime-started": "ST-AUS",
  "downtime-ended": "ST-EIN",
  "inspection-recorded": "PRF",
  "quality-held": "SPERR",
};
const REQUESTS = {
  release: "NEU",
  update: "AEND",
  hold: "HALT",
  resume: "WEITER",
  cancel: "STORNO",
} as const;
const VERDICTS = { pass: "IO", fail: "NIO", conditional: "BED" } as const;
const PRECISIONS = { piece: "S", lot: "C", order: "A" } as const;

/** One report as BDE sends it: one flat record of texts, empty fields left out. */
export function writeBrnoChange({ id, sequence, at, report }: Change, zone: string): object {
  const flat: Record<string, string | null | undefined> = {
    meldungId: id,
    lfdNr: String(sequence),
    art: KINDS[report.type],
    zeit: writeLocal(at, zone),
    version: String(report.version),
    belegNr: report.reference,
    auftragNr: report.downtime === undefined ? report.workOrder : undefined,
    fertAuftrag: report.productionOrder,
    bdeNr: report.document,
    ...factsOf(report, zone),
  };
  return {
    ...Object.fromEntries(
      Object.entries(flat).filter(([, value]) => value !== undefined && value !== null && value !== ""),
    ),
    // The only parts that are not flat.
    ...(report.scrapReasons?.length && {
      gruende: report.scrapReasons.map(({ code, message, quantity }) => ({
        grund: code,
        grundText: message,
        menge: comma(quantity),
      })),
    }),
    ...(report.lots?.length && {
      chargen: report.lots.map(({ lot, serial, quantity }) => ({
        ...(lot !== null && { charge: lot }),
        ...(serial !== null && { serienNr: serial }),
        menge: comma(quantity),
      })),
    }),
  };
}

function factsOf(report: Report, zone: string): Record<string, string | null | undefined> {
  const local = (at: number | null | undefined) =>
    typeof at === "number" ? writeLocal(at, zone) : undefined;
  return {
    vorgang: report.request && REQUESTS[report.request],
    grund: report.reason?.code,
    grundText: report.reason?.message,
    startSoll: local(report.plannedStart),
    endeSoll: local(report.plannedEnd),
    agNr: report.operation,
    platz: report.workCenter,
    rmNr: report.confirmation === undefined ? undefined : String(report.confirmation),
    rmNrAlt: report.corrects === undefined ? undefined : String(report.corrects),
    gutMenge: comma(report.good),
    ausschuss: comma(report.scrap),
    nacharbeit: comma(report.rework),
    lohnMin: comma(report.laborMinutes),
    maschMin: comma(report.machineMinutes),
    ende: report.last === undefined ? undefined : flag(report.last),
    startIst: local(report.startedAt),
    artikelNr: report.item,
    menge: comma(report.quantity),
    einheit: report.unit,
    charge: report.lot,
    serienNr: report.serial,
    pos: typeof report.componentLine === "number" ? String(report.componentLine) : undefined,
    genauigkeit: report.precision && PRECISIONS[report.precision],
    stillstandNr: report.downtime,
    laufAuftrag: report.downtime === undefined ? undefined : report.workOrder,
    pruefNr: report.inspection,
    pruefpunkt: report.checkpoint,
    merkmal: report.characteristic,
    wert: comma(report.value),
    ug: comma(report.lower),
    og: comma(report.upper),
    grenzEinheit: report.limitUnit,
    urteil: report.verdict && VERDICTS[report.verdict],
    sperrNr: report.hold,
  };
}

export function comma(value: string): string;
export function comma(value: string | null | undefined): string | undefined;
export function comma(value: string | null | undefined): string | undefined {
  return value?.replace(".", ",");
}

export function flag(value: boolean): string {
  return value ? "J" : "N";
}
