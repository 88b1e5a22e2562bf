/** Exit codes of every command. */
export const EXIT = {
  /** Done, and the answer is good. */
  ok: 0,
  /** Not done, or what was checked is not right. */
  failed: 1,
  /** The command line cannot be understood; nothing was done. */
  usage: 2,
} as const;

/** Ends a command with words for a person: what failed, with which value, and what to do now. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly code: string;
  readonly remedy: string | undefined;

  constructor(code: string, message: string, remedy?: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.remedy = remedy;
  }
}
