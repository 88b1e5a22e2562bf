/** The people of the factory, each at a screen of the system they work with; the warehouse and quality push to the hub. */
import { BEGIN, CUSTOMERS, ERP_SEED, ITEMS, PLANT_ITEMS } from "./company.ts";
import { DemoError } from "../errors.ts";
import { setClocks } from "./day.ts";
import { PLANTS, type SystemName, type World } from "./world.ts";

export interface Wish {
  readonly customer: string;
  readonly item: string;
  readonly quantity: string;
  readonly price: string;
  /** As the CRM writes them: `motor=1kW`. */
  readonly options?: string;
  readonly poNumber: string;
  readonly requestedDate: string;
}

/** Puts the company into all systems, before any of them is looked at. */
export async function moveIn(world: World): Promise<void> {
  await setClocks(world, BEGIN);
  await world.ask("erp", "seed", { body: ERP_SEED });
  for (const { item, name, price } of ITEMS)
    await world.ask("crm", `items/${item}`, { method: "PUT", body: { name, unit: "Each", price } });
  for (const { number, name, city } of CUSTOMERS)
    await world.ask("crm", `customers/${number}`, { method: "PUT", body: { name, city } });
  for (const plant of PLANTS) {
    await world.ask(plant, "settings", { method: "PATCH", body: { reportsPerOperation: 2 } });
    for (const [item, master] of Object.entries(PLANT_ITEMS[plant]))
      await world.ask(plant, `items/${item}`, { method: "PUT", body: master });
  }
  // Saving an item's record tells of it: that is how the ERP hands its items over.
  for (const { ItemNumber } of ERP_SEED.products)
    await atScreen(world, "erp", { action: "unblock-item", ItemNumber });
}

/** @param door `clerk`: what a person does there; `courses`: what a plant's floor will meet */
export function atScreen(
  world: World,
  system: SystemName,
  body: object,
  door: "clerk" | "courses" = "clerk",
): Promise<Record<string, unknown>> {
  return world.ask(system, door, { body });
}

/** @returns the order's number: it goes by that everywhere */
export async function sell(world: World, wish: Wish): Promise<string> {
  const { customer, item, quantity, price, options, poNumber, requestedDate } = wish;
  const quote = await atScreen(world, "crm", {
    action: "create-quote",
    account: customer,
    poNumber,
    requestedDate,
    shippingPolicy: "Complete",
    lines: [{ item, quantity, price, requestedDate, ...(options !== undefined && { options }) }],
  });
  const order = await atScreen(world, "crm", { action: "accept-quote", quote: quote["QuoteNumber"] });
  return String(order["OrderNumber"]);
}

/** The warehouse and quality have no connector: they tell the hub by themselves. @throws DemoError when it refuses */
export async function tellHub(
  world: World,
  event: {
    readonly source: string;
    readonly id: string;
    readonly name: string;
    readonly subject: string;
    readonly time: string;
    readonly data: object;
  },
): Promise<void> {
  const { source, id, name, subject, time, data } = event;
  const body = {
    specversion: "1.0",
    id,
    source: `/systems/${source}`,
    type: `interlock.${name}.v1`,
    subject,
    time,
    datacontenttype: "application/json",
    data,
  };
  const contentType = "application/cloudevents+json";
  const answer = await world.api("/v1/events", { method: "POST", body, contentType });
  if (answer.status >= 300)
    throw new DemoError(`the hub refused ${name} of ${source}: ${JSON.stringify(answer.body)}`);
}

/** What the warehouse and quality hear of the hub: all events of a name, oldest first. */
export async function heardOf<Data>(world: World, name: string): Promise<Data[]> {
  const { body } = await world.api(`/v1/events?type=interlock.${name}.v1&limit=200`);
  return (body.items as { data: Data }[]).map(({ data }) => data);
}

interface Shipment {
  readonly shipment: string;
  readonly salesOrder: string;
  readonly lines: readonly object[];
}

/** Packs and ships whatever the hub says is ready and has not left. @returns what left now */
export async function ship(world: World, now: string, shipped: Set<string>): Promise<readonly Shipment[]> {
  const told = await heardOf<Shipment>(world, "ShipmentReady");
  const ready = told.filter(({ shipment }) => !shipped.has(shipment));
  for (const { shipment, salesOrder, lines } of ready) {
    shipped.add(shipment);
    await tellHub(world, {
      source: "warehouse",
      id: `shipped/${shipment}`,
      name: "ShipmentConfirmed",
      subject: `salesOrder/${salesOrder}`,
      time: now,
      data: { shipment, salesOrder, lines, carrier: "Road", shippedOn: now.slice(0, 10) },
    });
  }
  return ready;
}
