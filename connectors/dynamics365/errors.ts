/** What this connector says no to by itself; everything else is in the ERP's own words. */
export const ERRORS = {
  DYNAMICS_ORDER_UNKNOWN:
    "The ERP holds no sales order of this number: create it first, or look there for what became of it.",
  DYNAMICS_LINE_UNKNOWN:
    "The sales order has no open line of this number in the ERP: compare the order on both sides.",
  DYNAMICS_PEGGING_SEVERAL:
    "The ERP makes a production order for one sales line: request one for each, or name the order it replaces.",
  DYNAMICS_MESSAGE_CANCELED:
    "A person cancelled the message in the ERP's queue before it was processed: ask them, then try again or take it back.",
  DYNAMICS_CONTENT_INVALID:
    "A mapping to the ERP must give an object: correct the mapping named after the effect.",
  DYNAMICS_EVENT_INVALID:
    "A message is not a business event as this connector reads it: its version may have changed, or something else sent it.",
} as const;
