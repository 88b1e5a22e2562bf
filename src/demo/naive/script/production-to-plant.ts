/** ERP -> plants: production orders that were released become work orders of the plant that makes them. */
import type { Endpoint } from "./endpoint.ts";
import type { Files } from "./files.ts";
import { log } from "./log.ts";
import type { Plant } from "./plant.ts";
import type { ProductionOrder } from "./production-order.ts";

const STREAM = "production";
const PARTS = "ProductionOrderBillOfMaterialLines,ProductionOrderRouteOperations";

export async function productionToPlant(
  erp: Endpoint,
  plants: Readonly<Record<string, Plant>>,
  files: Files,
): Promise<void> {
  for (const order of files.takeAgain<ProductionOrder>(STREAM)) await release(plants, order, files);
  // Numbers only grow: what is above the last one is new.
  const last = files.readCursor(STREAM, "");
  const filter = `ProductionOrderStatus eq 'Released' and ProductionOrderNumber gt '${last}'`;
  const { body } = await erp.call(
    "GET",
    `/data/ProductionOrderHeaders?$filter=${encodeURIComponent(filter)}&$orderby=ProductionOrderNumber&$expand=${PARTS}`,
  );
  for (const order of body.value as ProductionOrder[]) {
    await release(plants, order, files);
    files.saveCursor(STREAM, order.ProductionOrderNumber);
  }
}

async function release(
  plants: Readonly<Record<string, Plant>>,
  order: ProductionOrder,
  files: Files,
): Promise<void> {
  const number = order.ProductionOrderNumber;
  const plant = plants[order.ProductionSiteId];
  if (!plant) return files.putAside(STREAM, number, order, `no plant of site ${order.ProductionSiteId}`);
  const { path, body } = plant.writeOrder(order);
  const { status, body: answer } = await plant.endpoint.call("POST", path, body);
  // 409: an earlier try got through, the work order is there.
  if (status < 300 || status === 409) log(`${STREAM}: ${number} is at the plant`);
  else files.putAside(STREAM, number, order, JSON.stringify(answer).slice(0, 300));
}
