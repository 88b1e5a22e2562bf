/*
 * What a state means to a person, in one of seven tones (theme/tokens.css), and what it is called. The states themselves are the
 * API's: docs/states.md draws them.
 */
export type Tone = "good" | "moving" | "waiting" | "late" | "doubt" | "stopped" | "ended";

const TONES: Readonly<Record<Tone, readonly string[]>> = {
  good: ["applied", "admitted", "consistent", "healthy", "made", "compatible"],
  moving: ["sending", "accepted", "kept", "running", "released"],
  waiting: ["queued", "ready", "idle", "planned", "trying"],
  late: ["late", "overdue", "retry", "attention", "paused"],
  doubt: ["unknown"],
  stopped: [
    "parked",
    "rejected",
    "quarantined",
    "conflict",
    "held",
    "blocked",
    "failing",
    "silent",
    "open",
    "disagree",
    "breaking",
  ],
  ended: ["cancelled", "withdrawn", "skipped", "closed", "refused", "done"],
};

const BY_STATE = new Map(
  (Object.entries(TONES) as [Tone, readonly string[]][]).flatMap(([tone, states]) =>
    states.map((state) => [state, tone] as const),
  ),
);

export function toneOf(state: string): Tone {
  return BY_STATE.get(state) ?? "waiting";
}

/** `in-production` is read as "In production", the team `it` as "IT". */
export function wordsOf(state: string): string {
  if (state === "it") return "IT";
  const words = state.replaceAll(/[-_]/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** As a sentence begins, unless it begins with a name or a path. */
export function capital(text: string): string {
  return text.replace(/^[a-z]+(?=[-\s:,]|$)/, (word) => word.charAt(0).toUpperCase() + word.slice(1));
}
