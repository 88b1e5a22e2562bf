/** What intake says no with: to a sender at once, or in the record of a message that is kept and quarantined. */
export const ERRORS = {
  MEDIA_TYPE_UNSUPPORTED:
    "Events come as application/cloudevents+json, application/cloudevents-batch+json, or application/json with ce- headers. Set Content-Type accordingly.",
  EVENT_NOT_UTF8: "The body is not UTF-8 text. Send JSON in UTF-8.",
  EVENT_ENVELOPE:
    "The envelope is not that of a CloudEvents 1.0 event as Interlock reads it. Correct the attribute the problem points to.",
  EVENT_TYPE_UNKNOWN:
    "No contract for this event type is loaded. Check the spelling and the version of the type.",
  EVENT_DATA: "The event's data does not satisfy its contract. Correct the fields the problem points to.",
  SOURCE_UNKNOWN:
    "The source is not /systems/<system> with a system that interlock.yaml names. Correct the source, or add the system.",
  AUTHORITY_REFUSED:
    "The system may not tell this: the event type belongs to another role or system. Send it from its owner, or change `authority` in interlock.yaml.",
  BATCH_INVALID:
    "The batch is no JSON array of events, is empty, or has too many of them. Send 1 to 1000 events in one array.",
  INTAKE_BUSY:
    "More is waiting to be stored than is good. Nothing of this request was taken: send it again after the time in Retry-After.",
  SIGNATURE_INVALID:
    "The message does not carry the signature its system's secret makes. Check the secret on both sides.",
  STREAM_UNKNOWN:
    "The system has no such stream to push to. Check the address against the connector's streams.",
  MESSAGE_TOO_LARGE: "The native message is longer than the limit. Have the system send less per message.",
  MESSAGE_UNIDENTIFIED:
    "The connector found no identity in the message, so nobody can tell which object it is about. Look at the message; admit it again when the connector knows its form, or discard it.",
  MESSAGE_NOT_TRANSLATED:
    "The message could not be translated. Correct the mapping or the crosswalk the message names, then admit it again.",
} as const;

export type IntakeErrorCode = keyof typeof ERRORS;
