export const CROSSWALK_ERRORS = {
  CROSSWALK_UNKNOWN: "A value has no row in the crosswalk of its system and kind. Add the row.",
  CROSSWALK_AMBIGUOUS:
    "A canonical value stands for several native ones, so there is no one way back. Mark the row to use with a + before its canonical value, or remove the others.",
  CROSSWALK_TAKEN:
    "The value has a row already. Look at it again; what a file says is changed in the file, in git.",
} as const;
