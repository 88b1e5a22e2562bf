import { isUnit } from "../quantity/unit.ts";

const CURRENCIES = new Set(Intl.supportedValuesOf("currency"));
const DECIMAL = /^-?(?:0|[1-9][0-9]{0,25})(?:\.[0-9]{1,12})?$/;

/** The formats contracts may use beside those of JSON Schema; each with the sentence a sender reads. */
export const FORMATS = {
  decimal: {
    validate: (text: string) => DECIMAL.test(text),
    message:
      'must be decimal text such as "12.500": a full stop, no grouping, no exponent, at most 26 and 12 digits',
  },
  rec20: {
    validate: isUnit,
    message: "must be a unit code of UN/ECE Recommendation 20, such as C62, KGM or MTR",
  },
  iso4217: {
    validate: (text: string) => CURRENCIES.has(text),
    message: "must be a currency code of ISO 4217, such as EUR",
  },
} as const;

/** The formats of JSON Schema that contracts may use, with their sentence. */
export const STANDARD_FORMATS = {
  "date-time": "must be a time with date and offset by RFC 3339, such as 2026-03-01T10:00:00+01:00",
  date: "must be a calendar day such as 2026-03-20",
  email: "must be an e-mail address",
  uuid: "must be a UUID",
} as const;

export type StandardFormat = keyof typeof STANDARD_FORMATS;
