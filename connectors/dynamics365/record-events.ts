import { textOf } from "./content.ts";
import { productsOf } from "./production-events.ts";
import type { Reader } from "./reader.ts";
import type { BusinessEvent, Told } from "./told.ts";

/** A customer as it stands, and whether finance stops it: two things that two processes wait for. */
export async function tellCustomer(event: BusinessEvent, reader: Reader): Promise<readonly Told[]> {
  const account = textOf(event["CustomerAccount"]);
  const [customer] = await reader.find("CustomersV3", "CustomerAccount", account);
  if (!customer) return [];
  const object = `customer/${account}`;
  return [
    { part: "customer", object, customer },
    { part: "hold", object, customer },
  ];
}

export async function tellItem(event: BusinessEvent, reader: Reader): Promise<readonly Told[]> {
  const item = textOf(event["ItemNumber"]);
  const [product] = await productsOf(reader, [item]);
  return product ? [{ part: "item", object: `item/${item}`, product }] : [];
}

export async function tellBom(event: BusinessEvent, reader: Reader): Promise<readonly Told[]> {
  const item = textOf(event["ItemNumber"]);
  const bom = textOf(event["BOMId"]);
  const [[version], [product], lines] = await Promise.all([
    reader.find("BillOfMaterialsVersionsV3", "BOMId", bom),
    productsOf(reader, [item]),
    reader.find("BillOfMaterialsLinesV3", "BOMId", bom, { orderBy: "LineNumber" }),
  ]);
  return version && product ? [{ part: "bom", object: `item/${item}`, version, product, lines }] : [];
}

/** Bought goods that came; that they were ordered, or later, is planning. */
export async function tellPurchase(event: BusinessEvent, reader: Reader): Promise<readonly Told[]> {
  if (event["ILKChange"] !== "Received") return [];
  const number = textOf(event["PurchaseRequestNumber"]);
  const [purchase] = await reader.find("ILKPurchaseRequests", "PurchaseRequestNumber", number);
  return purchase ? [{ part: "bought", object: `item/${textOf(event["ItemNumber"])}`, purchase }] : [];
}

/** What the extension keeps of a change of stock that no order is behind. */
export async function tellInventory(event: BusinessEvent, reader: Reader): Promise<readonly Told[]> {
  const rows = await reader.find("ILKInventoryChanges", "Document", textOf(event["Document"]), {
    orderBy: "LineNumber",
  });
  return rows.map((row) => ({ part: "stock", object: `item/${textOf(event["ItemNumber"])}`, row }));
}
