/** Orders as canonical events, written as ready text: the client shall not spend its time on making JSON. */

const LINES = JSON.stringify([
  {
    line: 1,
    item: "PUMP-200",
    quantity: { value: "12", unit: "C62" },
    unitPrice: { amount: "1999.00", currency: "EUR" },
  },
  { line: 2, item: "SEAL-9", quantity: { value: "0.5", unit: "KGM" } },
]);

export function orderName(prefix: string, n: number): string {
  return `${prefix}-${String(n).padStart(8, "0")}`;
}

export function orderData(salesOrder: string): string {
  return `{"salesOrder":"${salesOrder}","customer":"C-77","lines":${LINES}}`;
}

/** A customer's order, from the portal. */
export function orderRequested(salesOrder: string): string {
  return event("portal", "OrderRequested", `requested-${salesOrder}`, salesOrder, orderData(salesOrder));
}

/** The confirmation of an order that was born in the ERP: the process looks at it, and has nothing to do. */
export function orderConfirmed(salesOrder: string): string {
  const data = `{"salesOrder":"${salesOrder}","document":"D-${salesOrder}","confirmedDate":"2026-03-24"}`;
  return event("shop-erp", "OrderConfirmed", `confirmed-${salesOrder}`, salesOrder, data);
}

function event(system: string, name: string, id: string, salesOrder: string, data: string): string {
  return `{"specversion":"1.0","id":"${id}","source":"/systems/${system}","type":"interlock.${name}.v1","subject":"salesOrder/${salesOrder}","time":"${new Date().toISOString()}","data":${data}}`;
}
