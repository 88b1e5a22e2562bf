/** What can go wrong between Interlock and a target: stable codes, what each means and what to do. */
export const ERRORS = {
  DISPATCH_TOO_LATE:
    "This hub slept past its right to send, so it did not; what it had begun to write is looked for. Nothing to do: whoever owns the system now sees to it.",
  DISPATCH_CONNECTOR_FAILED:
    "A connector threw instead of answering. The effect is treated as unknown and looked for; the message and the log say where the connector fails.",
  DISPATCH_ANSWER_UNWRITABLE:
    "What a target answered could not be written down. The effect is parked with a case; look in the target whether it has it.",
} as const;

export type DispatchErrorCode = keyof typeof ERRORS;

export class DispatchError extends Error {
  override readonly name = "DispatchError";
  readonly code: DispatchErrorCode;

  constructor(code: DispatchErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
