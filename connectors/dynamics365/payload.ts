type OnOrder = { readonly salesOrder: string };
type OnProduction = { readonly productionOrder: string };
type OnStock = { readonly item: string; readonly lot?: string; readonly serial?: string };

/** The target's own objects: effects on one of them go out in order. */
export const orderLane = ({ salesOrder }: OnOrder) => `salesOrder/${salesOrder}`;

/** One message in flight per production order: the queue keeps their order, and their counters can be told apart. */
export const productionLane = ({ productionOrder }: OnProduction) => `productionOrder/${productionOrder}`;

/** A hold and a release of the same goods meet in one lane. */
export const stockLane = ({ item, lot, serial }: OnStock) => {
  const goods = lot ?? serial;
  return goods === undefined ? `item/${item}` : `lot/${goods}`;
};

export const requestLane = ({ request }: { readonly request: string }) => `productionRequest/${request}`;

/** A question waits for nothing but an earlier one about the same order. */
export const questionLane = ({ salesOrder }: OnOrder) => `orderCheck/${salesOrder}`;
