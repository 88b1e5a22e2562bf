import { cut } from "../effect/evidence.ts";
import { CaseError } from "./errors.ts";

/** What a person says with everything they do; both go into the ledger. */
export interface Word {
  /** The account's id, not a person's name. */
  readonly actor: string;
  readonly reason: string;
  /** When: RFC 3339. */
  readonly now: string;
}

/** @throws CaseError CASE_WORD_MISSING */
export function checkWord({ actor, reason }: Word): void {
  for (const [what, text, most] of [
    ["an actor", actor, 200],
    ["a reason", reason, 1_000],
  ] as const) {
    if (text.trim() !== "" && text.length <= most && text === cut(text, most)) continue;
    throw new CaseError("CASE_WORD_MISSING", `every action needs ${what} of 1 to ${most} characters`);
  }
}
