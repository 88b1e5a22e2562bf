import type { Evidence } from "../connector/contract.ts";

const FIELDS = 20;
const NAME_LENGTH = 60;
const VALUE_LENGTH = 400;

/**
 * What a target showed, cut to what contracts/evidence.json allows: an outcome is true whatever a connector adds to it, so
 * a long or wrongly typed value is shortened or written as text, never a reason to lose the outcome.
 */
export function boundedEvidence(shown: unknown): Evidence {
  if (typeof shown !== "object" || shown === null) return {};
  const bounded: Record<string, string> = {};
  for (const [name, value] of Object.entries(shown).slice(0, FIELDS)) {
    if (name === "" || value === undefined || value === null) continue;
    bounded[cut(name, NAME_LENGTH)] = cut(
      typeof value === "string" ? value : JSON.stringify(value),
      VALUE_LENGTH,
    );
  }
  return bounded;
}

/** At most `length` characters that a database can store: no NUL, no half of a pair. Connectors may be anyone's code. */
export function cut(text: string, length: number): string {
  return String(text).slice(0, length).replaceAll("\0", "").toWellFormed();
}
