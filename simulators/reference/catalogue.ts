/** What the order system sells and to whom. Both lists can be extended over the admin interface. */

export type Item = {
  item: string;
  /** UN/ECE Rec 20 code of the only unit the item is sold in. */
  unit: string;
  /** List price per unit, used when an order line agrees no other. */
  price: string;
  /** Calendar days from order to the earliest date the system confirms. */
  leadDays: number;
};

export type Customer = {
  customer: string;
  /** The value of open orders above which a new order is put on credit hold; null: no limit. */
  creditLimit: string | null;
  /** While it is on hold, each new order of the customer is put on hold too. */
  onHold: boolean;
  /** Why it is. */
  holdReason: string | null;
  revision: number;
};

export const ITEMS: readonly Item[] = [
  { item: "PUMP-200", unit: "C62", price: "1999.00", leadDays: 10 },
  { item: "PUMP-300", unit: "C62", price: "3450.00", leadDays: 15 },
  { item: "VALVE-10", unit: "C62", price: "89.50", leadDays: 3 },
  { item: "SEAL-KIT", unit: "C62", price: "24.90", leadDays: 1 },
  { item: "SEAL-9", unit: "KGM", price: "118.00", leadDays: 5 },
  { item: "COOLANT", unit: "LTR", price: "6.75", leadDays: 2 },
];

export const CUSTOMERS: readonly Customer[] = [
  newCustomer("C-12", "50000.00"),
  newCustomer("C-77", null),
  newCustomer("C-100", "50000.00"),
  newCustomer("C-200", "5000.00"),
  newCustomer("C-900", null),
];

export function newCustomer(customer: string, creditLimit: string | null): Customer {
  return { customer, creditLimit, onHold: false, holdReason: null, revision: 1 };
}
