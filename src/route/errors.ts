/** What can go wrong while events find whom they concern: stable codes, what each means and what to do. */
export const ERRORS = {
  ROUTE_FAILED:
    "A process could not say which of its instances an event concerns, what it links or which fact it changes. The event passed it by; correct the process, then tell the event again or settle it by hand.",
  WAIT_EXPIRED:
    "An event waits for a link between two objects that has not come in time. It is delivered when the link comes; find out why it does not.",
} as const;
