/** What can go wrong with a read model: stable codes, what each means and what to do. */
export const ERRORS = {
  VIEW_INVALID:
    "A read model's definition cannot be used. The message names the file and what is wrong; correct it.",
  VIEW_UNKNOWN: "There is no such read model. `interlock views` lists them.",
  VIEW_EVENT_REFUSED:
    "A read model could not take in an event and left it out. Nothing but what it shows is concerned. Correct the view, then fill it anew: interlock views rebuild.",
  VIEW_STOPPED:
    "A read model takes in nothing more, because too much of what it read could not be taken in. What it shows is old. Correct the view, then fill it anew: interlock views rebuild.",
} as const;

export type ViewErrorCode = keyof typeof ERRORS;

export class ViewError extends Error {
  override readonly name = "ViewError";
  readonly code: ViewErrorCode;

  constructor(code: ViewErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
