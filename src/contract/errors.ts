/** What can be wrong with JSON text before any contract is asked. */
export const JSON_ERRORS = {
  JSON_TOO_LARGE: "The JSON text is longer than the limit. Send less per message, or split the batch.",
  JSON_SYNTAX: "The text is not JSON (RFC 8259). Correct the text at the place the message names.",
  JSON_DEPTH: "The JSON is nested more deeply than the limit. Flatten the document.",
  JSON_NUMBER:
    "A number would not survive being read and written again: a fraction, an exponent or an integer beyond 2^53. Send it as a decimal string.",
  JSON_TEXT:
    "A string holds a NUL or half of a surrogate pair, which no database stores as sent. Remove the character.",
  JSON_DUPLICATE_KEY:
    "An object names the same member twice, so readers would disagree on its value. Send it once.",
  JSON_KEY: "An object has a member named __proto__, which is refused. Rename it.",
} as const;

/** What can be wrong with contract files. What data lacks is listed by pointer, not by code. */
export const CONTRACT_ERRORS = {
  CONTRACT_INVALID:
    "A contract file is not a valid JSON Schema 2020-12 by the project's rules. Correct the file.",
} as const;
