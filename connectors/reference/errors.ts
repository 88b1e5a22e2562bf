/** What this connector says no to by itself; everything else is in the order system's own words. */
export const ERRORS = {
  REFERENCE_CURRENCY_MIXED:
    "An order in the reference system has one currency: agree all prices of one order in the same.",
  REFERENCE_ORDER_UNKNOWN:
    "The order system holds no order for this sales order: create it first, or look there for what became of it.",
  REFERENCE_ORDER_AMBIGUOUS:
    "The order system holds several orders for this sales order: a person decides there which one counts.",
  REFERENCE_MESSAGE_INVALID:
    "A message is not in the order system's own format: its version may have changed, or something else sent it.",
} as const;
