/** What can keep a person from acting on a case, an effect or a system: stable codes, what each means and what to do. */
export const ERRORS = {
  CASE_UNKNOWN: "There is no such case, effect or system. Check the number or reference.",
  CASE_MOVED:
    "What was to be acted on has moved meanwhile: somebody else acted, or the engine did. Look again and decide on what is there now.",
  CASE_ACTION_REFUSED: "The action is not possible in the present state. The message says why.",
  CASE_WORD_MISSING:
    "Every action needs who does it (at most 200 characters) and a reason in the person's words (at most 1,000).",
  CASE_CONTENT_INVALID:
    "The corrected content violates the effect's contract, or is about another object. The message says where.",
} as const;

export type CaseErrorCode = keyof typeof ERRORS;

export class CaseError extends Error {
  override readonly name = "CaseError";
  readonly code: CaseErrorCode;

  constructor(code: CaseErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
