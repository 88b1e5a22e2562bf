/** What can go wrong with a process: stable codes, what each means and what to do. */
export const ERRORS = {
  PROCESS_INVALID:
    "A process definition does not say what follows from every event in every phase, or contradicts itself. The message names the process, the phase and the row; complete the table.",
  PROCESS_VERSION_NEWER:
    "Another hub decides with a newer version of this process, so this hub leaves its instances alone. Bring this hub to the same version.",
  PROCESS_HELD:
    "A process could not decide on an event, so the instance waits and keeps what comes for it. Correct what the case names, then release the instance.",
  PROCESS_UNKNOWN:
    "An event is kept for a process that this project no longer has. Put its folder back; the event is decided on with the next one of its object.",
  PROCESS_EVENT_UNEXPECTED:
    "An event reached a process in a phase that has no row for it. Nothing was done with it; add the row and tell the event again, or settle it by hand.",
  DEFERRAL_EXPIRED:
    "An event waited longer than its process allows for the phase in which it can be decided on. It still waits; the case closes when it is decided on.",
  CALENDAR_INVALID: "A shift calendar cannot be used. The message names the plant and the value.",
} as const;

export type ProcessErrorCode = keyof typeof ERRORS;

export class ProcessError extends Error {
  override readonly name = "ProcessError";
  readonly code: ProcessErrorCode;

  constructor(code: ProcessErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
