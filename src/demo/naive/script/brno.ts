import type { Endpoint } from "./endpoint.ts";
import type { Plant, Report } from "./plant.ts";
import type { ProductionOrder } from "./production-order.ts";

const PLACES: Readonly<Record<string, string>> = { "WC-TURN": "DREH-1", "WC-BUILD": "MONT-1" };

// oxlint-disable-next-line typescript/no-explicit-any -- the vendor's messages, as its manual shows them
type Message = any;

export function brno(endpoint: Endpoint): Plant {
  return {
    endpoint,
    warehouse: "21",
    writeOrder: (order) => ({ path: "/bde/auftrag", body: write(order) }),
    readReport: (message: Message) => ({ id: message.meldungId as string, report: read(message) }),
  };
}

function write(order: ProductionOrder): object {
  const number = order.ProductionOrderNumber;
  return {
    auftragNr: number,
    fertAuftrag: number,
    artikelNr: order.ItemNumber,
    sollMenge: comma(order.ScheduledQuantity),
    einheit: "ST",
    stkListe: order.ILKBOMRevision,
    arbPlan: order.SourceRouteId,
    art: "A",
    startSoll: local(order.ScheduledStartDate, order.ScheduledStartTime),
    endeSoll: local(order.ScheduledEndDate, order.ScheduledEndTime),
    positionen: order.ProductionOrderBillOfMaterialLines.map((line) => ({
      pos: String(line.LineNumber),
      artikelNr: line.ItemNumber,
      menge: comma(line.EstimatedBOMLineQuantity),
      einheit: "ST",
      agNr: String(line.RouteOperationNumber),
      buchung: line.FlushingPrinciple === "Manual" ? "M" : "R",
      verfolgung: line.FlushingPrinciple === "Manual" ? "C" : "0",
    })),
    arbeitsgaenge: order.ProductionOrderRouteOperations.map((operation) => ({
      agNr: String(operation.OperationNumber),
      text: operation.OperationId,
      platz: PLACES[operation.CostingOperationResourceId],
      zaehlt: operation.ILKIsReportingOperation === "Yes" ? "J" : "N",
      ruestMin: comma(operation.SetupTime * 60),
      laufMin: comma(Math.round(operation.ProcessTime * order.ScheduledQuantity * 60_000) / 1000),
    })),
  };
}

function comma(amount: number): string {
  return String(amount).replace(".", ",");
}

function amount(text: string | undefined): number {
  return Number((text ?? "0").replace(",", "."));
}

/** The plant's wall clock, which is the ERP's. */
function local(date: string, seconds: number): string {
  const [year, month, day] = date.slice(0, 10).split("-");
  return `${day}.${month}.${year} ${new Date(seconds * 1000).toISOString().slice(11, 19)}`;
}

function read(message: Message): Report | undefined {
  const order = message.fertAuftrag as string;
  switch (message.art) {
    case "A-START":
      return { what: "started", order };
    case "A-ENDE":
      return { what: "finished", order };
    case "A-ABL":
      return { what: "refused", order, reason: message.grundText ?? "no reason was given" };
    case "AG-RM":
      return {
        what: "made",
        order,
        operation: Number(message.agNr),
        hours: amount(message.maschMin) / 60,
        good: amount(message.gutMenge),
        scrap: amount(message.ausschuss),
        last: message.ende === "J",
        lots: (message.chargen ?? []).map((each: Message) => ({
          lot: each.charge,
          quantity: amount(each.menge),
        })),
      };
    case "MAT-VB":
      return {
        what: "used",
        order,
        item: message.artikelNr,
        quantity: amount(message.menge),
        lot: message.charge,
      };
    case "SPERR":
      return {
        what: "held",
        item: message.artikelNr,
        lot: message.charge,
        quantity: amount(message.menge),
        hold: message.sperrNr,
      };
    default:
      return undefined;
  }
}
