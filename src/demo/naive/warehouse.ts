/**
 * The warehouse without a hub: it packs what the ERP shows as free and the pieces of which lie there. Nobody tells it that an order
 * is ready, and it does not ship what it does not have.
 */
import { atScreen } from "../factory/people.ts";
import { DemoError } from "../errors.ts";
import { readBooks } from "./books.ts";
import type { ScriptedWorld } from "./scripted-world.ts";

interface Line {
  readonly ItemNumber: string;
  readonly OrderedSalesQuantity: string;
  readonly ILKDeliveredQuantity: string;
}

interface Order {
  readonly SalesOrderNumber: string;
  readonly SalesOrderStatus: string;
  readonly ILKIsOnCreditHold: string;
  readonly lines: readonly Line[];
}

/** @returns the orders that left */
export async function packWhatLiesThere(world: ScriptedWorld): Promise<string[]> {
  const left: string[] = [];
  const { orders } = (await world.ask("erp", "orders")) as { orders: Order[] };
  for (const order of orders.filter(isOpen)) {
    const free = await freeOf(world);
    const there = await lyingThere(world);
    const wanted = wantedOf(order);
    const isReady = [...wanted].every(
      ([item, quantity]) => (free.get(item) ?? 0) >= quantity && (there.get(item) ?? 0) >= quantity,
    );
    if (!isReady || wanted.size === 0) continue;
    try {
      await atScreen(world, "erp", { action: "post-packing-slip", SalesOrderNumber: order.SalesOrderNumber });
      left.push(order.SalesOrderNumber);
    } catch (error) {
      // The ERP has a reason, a customer's hold for one: the goods stay.
      if (!(error instanceof DemoError)) throw error;
    }
  }
  return left;
}

function isOpen({ SalesOrderStatus, ILKIsOnCreditHold }: Order): boolean {
  return SalesOrderStatus === "Backorder" && ILKIsOnCreditHold === "No";
}

function wantedOf({ lines }: Order): Map<string, number> {
  const wanted = new Map<string, number>();
  for (const { ItemNumber, OrderedSalesQuantity, ILKDeliveredQuantity } of lines)
    add(wanted, ItemNumber, Number(OrderedSalesQuantity) - Number(ILKDeliveredQuantity));
  return wanted;
}

async function freeOf(world: ScriptedWorld): Promise<Map<string, number>> {
  const { stock } = (await world.ask("erp", "stock")) as {
    stock: { ItemNumber: string; InventoryStatusId: string; OnHandQuantity: string }[];
  };
  const free = new Map<string, number>();
  for (const { ItemNumber, InventoryStatusId, OnHandQuantity } of stock)
    if (InventoryStatusId === "Available") add(free, ItemNumber, Number(OnHandQuantity));
  return free;
}

/** Made by the plants, and not shipped: who stands in the warehouse sees it. */
async function lyingThere(world: ScriptedWorld): Promise<Map<string, number>> {
  const { made, shipped } = await readBooks(world);
  const there = new Map<string, number>();
  for (const { lots, item } of made) for (const { quantity } of lots) add(there, item, Number(quantity));
  for (const { item, quantity } of shipped) add(there, item, -Number(quantity));
  return there;
}

function add(sums: Map<string, number>, item: string, quantity: number): void {
  sums.set(item, (sums.get(item) ?? 0) + quantity);
}
