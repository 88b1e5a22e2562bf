/** Goods in stock and on their way out, by the word of the ERP and the warehouse. */
import type { EventData } from "../../src/process/index.ts";
import { isPositive, minus, plus } from "./amount.ts";
import { into, keyIn, known } from "./genealogy.ts";
import { byItem, containment, settled, together } from "./hold.ts";
import { type Context, type Delivery, type Goods, type Handle, isHeld, type Next } from "./state.ts";
import * as stock from "./stock.ts";
import { aCase, atRisk, inWords } from "./telling.ts";

type Lots = EventData["interlock.ProductionReceiptPosted.v1"]["lots"];

/** How much of what is told belongs to these goods. */
function shareOf({ name }: Goods, quantity: string, lots: Lots): string {
  if (!lots) return quantity;
  return lots
    .filter((each) =>
      name.kind === "serial" ? each.serial === name.id : each.lot === name.id && !each.serial,
    )
    .map((each) => each.quantity.value)
    .reduce(plus, "0");
}

/** What came under a hold is kept from use at once. */
function kept(context: Context, goods: Goods): Next {
  const { facts, event } = context;
  return together(byItem(goods, { facts, time: event.time }), (next) => {
    const [hold] = Object.keys(next.holds);
    if (hold === undefined) return settled(next);
    const { goods: after, effects } = stock.balance(next, `${inWords(next)} is under quality hold`, hold);
    return settled(after, { effects });
  });
}

const receiving: Handle = (context) => {
  const { item, quantity, lots, status, location, ...told } = context.event
    .data as EventData["interlock.ProductionReceiptPosted.v1"];
  const productionOrder = "productionOrder" in told ? told.productionOrder : undefined;
  const goods = known(context.state, { item, unit: quantity.unit, productionOrder });
  const value = shareOf(goods, quantity.value, lots);
  const placed = location === undefined ? goods : { ...goods, location };
  return kept(
    context,
    isPositive(value)
      ? stock.received(placed, status, value, productionOrder !== undefined)
      : stock.takenOut(placed, minus("0", value)),
  );
};
/** The work order hears of its lots here as well: not every plant tells them before. */
export const receivedFromProduction: Handle = (context) => {
  const { lots } = context.event.data as EventData["interlock.ProductionReceiptPosted.v1"];
  if (context.state.name.kind !== "workOrder" || !lots) return receiving(context);
  return into(context.state, lots.map(keyIn));
};
export const receivedFromPurchase = receiving;

export const issued: Handle = (context) => {
  const { quantity } = context.event.data as EventData["interlock.ConsumptionPosted.v1"];
  if (isPositive(quantity.value)) return settled(stock.takenOut(context.state, quantity.value));
  return kept(context, stock.received(context.state, "unrestricted", minus("0", quantity.value), false));
};

export const statusChanged: Handle = (context) => {
  const { item, quantity, from, to } = context.event.data as EventData["interlock.StockStatusChanged.v1"];
  const goods = known(context.state, { item, unit: quantity.unit });
  return kept(context, stock.moved(goods, from, to, quantity.value));
};

export const adjusted: Handle = (context) => {
  const { item, quantity, kind } = context.event.data as EventData["interlock.InventoryAdjusted.v1"];
  const goods = known(context.state, { item, unit: quantity.unit });
  return kept(context, stock.adjusted(goods, quantity.value, kind === "scrap"));
};

function deliveriesOf(goods: Goods, { data }: Context["event"]): Delivery[] {
  const { shipment, salesOrder, lines } = data as EventData["interlock.ShipmentReady.v1"];
  return lines
    .map(({ line, quantity, lots }) => ({
      shipment,
      salesOrder,
      line,
      quantity: shareOf(goods, quantity.value, lots ?? []),
    }))
    .filter(({ quantity }) => isPositive(quantity));
}

/** make-to-ship stops the shipment by itself; here the order is at risk. */
export const letGo: Handle = (context) => {
  const { state, event, facts } = context;
  const ready = deliveriesOf(state, event);
  const goods = { ...state, ready: [...state.ready, ...ready] };
  const [hold] = Object.keys(goods.holds);
  if (hold === undefined) return settled(goods);
  const because = `${inWords(goods)} is under quality hold`;
  return settled(goods, { derive: atRisk({ ...goods, ready }, facts, hold, event.time, because) });
};

export const left: Handle = ({ state, event }) => {
  const gone = deliveriesOf(state, event);
  const { shipment } = event.data as EventData["interlock.ShipmentConfirmed.v1"];
  const known = state.delivered.some((each) => each.shipment === shipment);
  if (known || gone.length === 0) return settled(state);
  const taken = gone.reduce((goods, { quantity }) => stock.takenOut(goods, quantity), state);
  const goods: Goods = {
    ...taken,
    ready: state.ready.filter((each) => each.shipment !== shipment),
    delivered: [...state.delivered, ...gone],
  };
  if (!isHeld(goods)) return settled(goods);
  return settled(goods, {
    derive: Object.keys(goods.holds).flatMap((hold) => containment({ ...goods, delivered: gone }, hold)),
    cases: [
      aCase(
        "SHIPPED_UNDER_HOLD",
        "quality",
        `${inWords(goods)} left with ${shipment} although it is under hold ${Object.keys(goods.holds).join(", ")}`,
        "decide whether the customer must be warned or the goods come back",
      ),
    ],
  });
};
