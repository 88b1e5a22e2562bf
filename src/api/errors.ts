/** What the HTTP API itself refuses. Codes of other concepts (intake, case, contract, ...) pass through it unchanged. */
export const API_ERRORS = {
  TOKEN_MISSING:
    "The request carries no bearer token. Send the header Authorization: Bearer <token>; the hub prints where its token lies.",
  TOKEN_WRONG: "The bearer token is not this hub's. Read it again from the token file of the hub you call.",
  ROUTE_UNKNOWN: "There is nothing at this address. GET /v1/openapi.json lists every address and its method.",
  REQUEST_INVALID:
    "A parameter or a field of the request is not as documented. Correct what the errors point to.",
  CURSOR_INVALID:
    "The cursor was not given out by this list. Start without a cursor, and pass `next` on as it came.",
  OBJECT_UNKNOWN:
    "Nothing is known under this identifier. Check how it is written; upper and lower case differ.",
  BODY_MISSING: "The request has no body where one is needed. Send one with its content type.",
  BODY_NOT_JSON: "The body is not JSON (RFC 8259). Correct the text.",
  BODY_TOO_LARGE: "The body is longer than this address accepts. Send less at once.",
  MEDIA_TYPE_UNKNOWN:
    "This address does not read bodies of this content type. Send one of those the problem names.",
  NOT_READY:
    "The hub cannot do this at the moment, and nothing was done. Try again after the time in Retry-After.",
  QUERY_TOO_LONG:
    "The look-up took longer than the database gives it. Ask for one object, correlation or type, or for less at once.",
  QUESTION_INVALID:
    "The question does not satisfy its contract. Correct what the errors point to; GET /v1/contracts shows the contract.",
  DECISION_INVALID:
    "Nothing was told: the event is not one that a person tells, or its data does not satisfy its contract. Correct what the errors point to.",
  DECISION_CONFLICT:
    "Another decision bears this id. Send a new decision with an id of its own, or without one.",
  INTERNAL:
    "The hub failed in a way it should not. Its log has the details under the request id; report them.",
} as const;
