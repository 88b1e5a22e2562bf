import { Tooltip } from "@mantine/core";

import styles from "./state-badge.module.css";
import { type Tone, toneOf, wordsOf } from "./tone.ts";

interface StateBadgeProps {
  state: string;
  /** Where the state's own tone would say something else here. */
  tone?: Tone;
  /** Instead of the state's own words. */
  label?: string;
  /** Why it is so; shown on hover and focus. */
  why?: string | null | undefined;
}

/** A state: its tone as a dot, its name as text. */
export function StateBadge({ state, tone = toneOf(state), label = wordsOf(state), why }: StateBadgeProps) {
  const badge = (
    <span className={styles["badge"]} data-tone={tone} {...(why && { tabIndex: 0 })}>
      {label}
    </span>
  );
  return why ? (
    <Tooltip label={why} multiline maw={360}>
      {badge}
    </Tooltip>
  ) : (
    badge
  );
}
