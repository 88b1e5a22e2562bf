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
  { customer: "C-77", creditLimit: null },
  { customer: "C-100", creditLimit: "50000.00" },
  { customer: "C-200", creditLimit: "5000.00" },
  { customer: "C-900", creditLimit: null },
];
