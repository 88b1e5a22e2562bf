export const QUANTITY_ERRORS = {
  DECIMAL_INVALID: "The text is not a decimal number such as -12.500. Check the decimal mark and blanks.",
  UNIT_UNKNOWN:
    "The unit is no UN/ECE Recommendation 20 code. Translate the source's unit with a crosswalk first.",
  UNIT_NO_FACTOR:
    "The unit has no general conversion factor (a set, a roll, a pallet). Its content depends on the item: convert before it gets here.",
  UNIT_INCOMPATIBLE: "The two units measure different things and cannot be converted into each other.",
} as const;
