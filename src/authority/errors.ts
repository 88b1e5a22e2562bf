export const AUTHORITY_ERRORS = {
  AUTHORITY_REFUSED:
    "The system may not say this: the event type belongs to another role or system. Send it from its owner, or change `authority` in interlock.yaml.",
} as const;
