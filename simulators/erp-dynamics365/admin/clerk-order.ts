import type { Call } from "../call.ts";
import type { Erp } from "../erp.ts";
import { isObject } from "../exact-json.ts";
import { fromWire } from "../odata/wire-row.ts";
import { refuse } from "../refusal.ts";
import type { RequestReader } from "../request-reader.ts";
import { SALES_LINES, SALES_ORDERS } from "../sales/sales-order.ts";
import { changeLine, createHeader, createLine } from "../sales/write-order.ts";

type Body = Record<string, unknown>;

/** An order taken at a screen: header fields, and `lines`. */
export function createOrder(erp: Erp, call: Call, _request: RequestReader, body: Body): object {
  const { action: _action, who: _who, lines, ...header } = body;
  const order = createHeader(
    erp,
    call,
    fromWire(SALES_ORDERS.fields, header, Object.keys(SALES_ORDERS.fields)),
  );
  if (!Array.isArray(lines) || !lines.every(isObject))
    return refuse("Missing", "lines must be a list of objects", "lines");
  const lots = lines.map((line) => {
    const given = fromWire(SALES_LINES.fields, line, Object.keys(SALES_LINES.fields));
    return createLine(erp, call, { ...given, SalesOrderNumber: order.SalesOrderNumber }).InventoryLotId;
  });
  return { SalesOrderNumber: order.SalesOrderNumber, InventoryLotIds: lots };
}

/** `InventoryLotId` and the fields of the line that change. */
export function changeOrderLine(erp: Erp, call: Call, request: RequestReader, body: Body): object {
  const lot = request.text("InventoryLotId");
  const line = erp.get(SALES_LINES, { InventoryLotId: lot });
  if (!line) return refuse("UnknownLine", `There is no sales order line ${lot}`, "InventoryLotId");
  const { action: _action, who: _who, InventoryLotId: _lot, ...changes } = body;
  return changeLine(erp, call, line, fromWire(SALES_LINES.fields, changes, Object.keys(SALES_LINES.fields)));
}
