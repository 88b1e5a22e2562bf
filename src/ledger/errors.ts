/** What can be wrong with one event when it is to be appended. */
export const ERRORS = {
  EVENT_UNSTORABLE:
    "The event holds something no row can keep: a NUL, half of a surrogate pair, a name or id that is too long, a number beyond 2^53. Correct the field the message names.",
  EVENT_CONFLICT:
    "The same source and id were accepted before with other content. Nothing was overwritten: find out which one is right; a correction is an event with an id of its own.",
  LEDGER_BUSY: "The ledger did not take the event in time. Nothing was written: send it again.",
} as const;

export type LedgerErrorCode = keyof typeof ERRORS;

export class LedgerError extends Error {
  override readonly name = "LedgerError";
  readonly code: LedgerErrorCode;
  /** The field of the event that is at fault, where one is. */
  readonly field: string | undefined;

  constructor(code: LedgerErrorCode, message: string, options: ErrorOptions & { field?: string } = {}) {
    super(message, options);
    this.code = code;
    this.field = options.field;
  }
}
