import { LedgerError } from "./errors.ts";

/** Longest value of each text field, in bytes of UTF-8. Keys are bounded by what an index entry can hold. */
export const FIELD_BYTES = {
  id: 200,
  source: 200,
  type: 120,
  subject: 300,
  correlation: 300,
  plant: 80,
  businessUnit: 80,
  causeEffect: 80,
  sourceVersion: 200,
  actor: 200,
  reason: 4_000,
  traceparent: 200,
  body: 1_048_576,
} as const;

/** The fields that are checked here, of an event that is to be appended. */
type Storable = { readonly [Field in keyof typeof FIELD_BYTES]?: string | undefined } & {
  readonly causeSeq?: number | undefined;
};

const FIELDS = Object.keys(FIELD_BYTES) as (keyof typeof FIELD_BYTES)[];
const REQUIRED = new Set<string>(["id", "source", "type", "subject", "body"]);

/**
 * Refuses before the batch what PostgreSQL would refuse inside it, where it would fail its neighbours too.
 * @throws LedgerError EVENT_UNSTORABLE with the field
 */
export function checkStorable(event: Storable): void {
  for (const field of FIELDS) {
    const text = event[field];
    if (text === undefined || text === "") {
      if (REQUIRED.has(field)) throw refusal(field, "is empty");
      continue;
    }
    const limit = FIELD_BYTES[field];
    // A UTF-16 unit is at most three bytes: only long texts have to be counted.
    if (text.length * 3 > limit && Buffer.byteLength(text) > limit)
      throw refusal(field, `is longer than ${limit} bytes (${Buffer.byteLength(text)})`);
    if (!text.isWellFormed()) throw refusal(field, "holds half of a surrogate pair");
    if (text.includes("\0")) throw refusal(field, "holds the NUL character");
  }
  if (event.causeSeq !== undefined && !(Number.isSafeInteger(event.causeSeq) && event.causeSeq > 0))
    throw refusal("causeSeq", `is no ledger position: ${event.causeSeq}`);
}

function refusal(field: string, why: string): LedgerError {
  return new LedgerError("EVENT_UNSTORABLE", `the event's ${field} ${why}`, { field });
}
