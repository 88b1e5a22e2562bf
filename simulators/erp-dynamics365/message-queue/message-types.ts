import type { Call } from "../call.ts";
import type { Erp } from "../erp.ts";
import { endProduction } from "../production/end.ts";
import { postPickingList } from "../production/picking-list.ts";
import { reportFinished } from "../production/report-finished.ts";
import { postRouteCard } from "../production/route-card.ts";
import { startProduction } from "../production/start.ts";
import type { RequestReader } from "../request-reader.ts";

type Handler = (erp: Erp, call: Call, content: RequestReader) => void;

/** The messages an MES may send, and what each does once it is processed. */
export const MESSAGE_TYPES: Readonly<Record<string, Handler>> = {
  ProdProductionOrderStart: startProduction,
  ProdProductionOrderRouteCard: postRouteCard,
  ProdProductionOrderReportFinished: reportFinished,
  ProdProductionOrderPickingList: postPickingList,
  ProdProductionOrderEnd: endProduction,
};
