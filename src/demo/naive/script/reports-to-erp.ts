/** Plants -> ERP, second half: posts what a plant reports into the ERP's message queue. */
import type { Endpoint } from "./endpoint.ts";
import type { Files } from "./files.ts";
import { log } from "./log.ts";
import type { Report } from "./plant.ts";

const STREAM = "reports";
const COMPANY = "usmf";
const SEND = "/api/services/SysMessageServices/SysMessageService/SendMessage";
const SERVICE = "/api/services/ILKServices/ILKIntegrationService";

export interface Told {
  readonly id: string;
  readonly report: Report;
  /** The ERP's, where the plant's goods lie. */
  readonly warehouse: string;
}

/** Posts once more what was put aside. */
export async function repostReports(erp: Endpoint, files: Files): Promise<void> {
  for (const told of files.takeAgain<Told>(STREAM)) await postReport(erp, told, files);
}

/** @throws Unreachable when the ERP is away: then some of it may have been posted */
export async function postReport(erp: Endpoint, told: Told, files: Files): Promise<void> {
  const { id, report } = told;
  const send = async (type: string, content: object) => {
    const ILKReference = `${id}.${type.replace("ProdProductionOrder", "")}`;
    const { status, body } = await erp.call("POST", SEND, {
      _companyId: COMPANY,
      _messageQueue: "JmgMES3P",
      _messageType: type,
      _messageContent: JSON.stringify({ ...content, ILKReference }),
    });
    if (status === 200) log(`${STREAM}: ${type} for ${id}`);
    else files.putAside(STREAM, id, told, JSON.stringify(body).slice(0, 300));
  };
  switch (report.what) {
    case "started":
      return send("ProdProductionOrderStart", { ProductionOrderNumber: report.order });
    case "made":
      await send("ProdProductionOrderRouteCard", routeCard(report));
      if (report.lots.length > 0) await send("ProdProductionOrderReportFinished", receipt(report));
      return;
    case "used":
      if (await isBookedByHand(erp, report))
        await send("ProdProductionOrderPickingList", pickingList(report));
      return;
    case "finished":
      // Fewer than ordered may have been made: the reports end here, and with them the order.
      await send("ProdProductionOrderReportFinished", {
        ProductionOrderNumber: report.order,
        ReportFinishedLines: [
          { ReportedGoodQuantity: 0, EndJob: "Yes", AutomaticBOMConsumptionRule: "Never" },
        ],
      });
      return send("ProdProductionOrderEnd", {
        ProductionOrderNumber: report.order,
        AutoReportAsFinished: "No",
      });
    case "held":
      return block(erp, report, told, files);
    case "refused":
      return files.putAside(STREAM, id, told, `the plant refused ${report.order}: ${report.reason}`);
  }
}

type Of<What> = Extract<Report, { what: What }>;

function routeCard({ order, operation, hours, good, scrap, last }: Of<"made">): object {
  const line = {
    OperationNumber: operation,
    Hours: Number(hours.toFixed(6)),
    GoodQuantity: good,
    ErrorQuantity: scrap,
  };
  return {
    ProductionOrderNumber: order,
    RouteCardLines: [{ ...line, OperationCompleted: last ? "Yes" : "No" }],
  };
}

function receipt({ order, lots }: Of<"made">): object {
  const lines = lots.map(({ lot, quantity }) => ({ ReportedGoodQuantity: quantity, ItemBatchNumber: lot }));
  return { ProductionOrderNumber: order, ReportFinishedLines: lines };
}

function pickingList({ order, item, quantity, lot }: Of<"used">): object {
  const line = { ItemNumber: item, ConsumptionBOMQuantity: quantity, ItemBatchNumber: lot };
  return { ProductionOrderNumber: order, PickingListLines: [line] };
}

/** The rest is issued by the ERP itself. */
async function isBookedByHand(erp: Endpoint, { order, item }: Of<"used">): Promise<boolean> {
  const filter = encodeURIComponent(`ProductionOrderNumber eq '${order}' and ItemNumber eq '${item}'`);
  const { body } = await erp.call("GET", `/data/ProductionOrderBillOfMaterialLines?$filter=${filter}`);
  return (body.value as { FlushingPrinciple: string }[]).some(
    ({ FlushingPrinciple }) => FlushingPrinciple === "Manual",
  );
}

async function block(erp: Endpoint, held: Of<"held">, told: Told, files: Files): Promise<void> {
  const { body } = await erp.call("POST", `${SERVICE}/SetInventoryStatus`, {
    _companyId: COMPANY,
    _request: {
      ItemNumber: held.item,
      WarehouseId: told.warehouse,
      ItemBatchNumber: held.lot,
      FromInventoryStatusId: "Available",
      ToInventoryStatusId: "Blocked",
      Quantity: held.quantity,
      ReasonCode: held.hold,
      ILKReference: told.id,
    },
  });
  // The reference was used: an earlier try got through.
  if (body.Success === true || body.ErrorCode === "AlreadyExists") return;
  files.putAside(STREAM, told.id, told, JSON.stringify(body).slice(0, 300));
}
