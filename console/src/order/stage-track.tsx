import { Tooltip } from "@mantine/core";

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

/** How far an order is, on one line: a bead for each step. */
export function StageTrack({ stage, reached, plant }: StageTrackProps) {
  const now = useNow();
  const zone = useZone(plant);
  const at = STEPS.findIndex((step) => step === stage);
  const ended = at < 0;
  return (
    <span className={styles["line"]}>
      <Tooltip.Group openDelay={200} closeDelay={100}>
        <span className={styles["beads"]} aria-hidden>
          {STEPS.map((step, n) => {
            const time = reached[step];
            const when = time ? `${writeTime(time, zone, now)} ${writeZone(time, zone)}` : "not yet";
            const state = n === at ? "here" : n < at ? "done" : time ? "begun" : "open";
            return (
              <Tooltip key={step} label={`${STEP_WORDS[step]}: ${when}`}>
                <span className={styles["bead"]} data-state={ended ? "ended" : state} />
              </Tooltip>
            );
          })}
        </span>
      </Tooltip.Group>
      <span className={styles["stage"]} data-ended={ended || undefined}>
        {STEP_WORDS[stage]}
      </span>
    </span>
  );
}
