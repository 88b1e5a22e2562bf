/** What stops the demo. That two systems disagree in the end is no error: the table says it. */
export const ERRORS = {
  DEMO_FAILED:
    "The demo could not be played to its end. The message says where it stopped and what was logged last; everything it started has been ended.",
} as const;

/** The demo cannot go on: what it waited for did not come, or one of its processes ended. */
export class DemoError extends Error {
  override readonly name = "DemoError";
  readonly code: keyof typeof ERRORS = "DEMO_FAILED";
}
