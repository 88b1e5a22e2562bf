/** What this connector says no to by itself; everything else is in the org's own words. */
export const ERRORS = {
  SALESFORCE_RECORD_UNKNOWN:
    "The org holds no record of this number: look there for what became of it, or whether the integration user may see it.",
  SALESFORCE_RECORD_AMBIGUOUS:
    "The org holds several records of this number or key: a person decides there which one counts, and removes the others.",
  SALESFORCE_CONTENT_INVALID:
    "A mapping to the org must give an object of fields: correct the mapping named after the effect.",
  SALESFORCE_MESSAGE_INVALID:
    "A message is not a row as this connector reads it: the org's objects may have changed, or something else sent it.",
} as const;
