import { useState } from "react";

import { writeTime, writeZone } from "../time/format.ts";
import { useNow } from "../time/now.ts";
import { useZone } from "../time/zone.ts";
import { type Stage, STEP_WORDS, STEPS } from "./stage.ts";
import styles from "./stage-track.module.css";

interface StageTrackProps {
  stage: Stage;
  /** When the first of it came to each step. */
  reached: Readonly<Partial<Record<Stage, string | null>>>;
  plant?: string | null | undefined;
}

/** How far an order is, on one line: a bead for each step. Its times are written when somebody points at them: a list has hundreds. */
export function StageTrack({ stage, reached, plant }: StageTrackProps) {
  const now = useNow();
  const zone = useZone(plant);
  const [pointed, setPointed] = useState(false);
  const at = STEPS.findIndex((step) => step === stage);
  const ended = at < 0;
  const timeOf = (step: Stage): string => {
    const time = reached[step];
    const when = time ? `${writeTime(time, zone, now)} ${writeZone(time, zone)}` : "not yet";
    return `${STEP_WORDS[step]}: ${when}`;
  };
  return (
    <span className={styles["line"]}>
      <span className={styles["beads"]} aria-hidden onMouseEnter={() => setPointed(true)}>
        {STEPS.map((step, n) => {
          const state = n === at ? "here" : n < at ? "done" : reached[step] ? "begun" : "open";
          return (
            <span
              key={step}
              className={styles["bead"]}
              data-state={ended ? "ended" : state}
              title={pointed ? timeOf(step) : undefined}
            />
          );
        })}
      </span>
      <span className={styles["stage"]} data-ended={ended || undefined}>
        {STEP_WORDS[stage]}
      </span>
    </span>
  );
}
