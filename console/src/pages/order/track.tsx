import { IconCheck } from "@tabler/icons-react";

import { STEP_WORDS } from "../../order/stage.ts";
import { Time } from "../../time/time.tsx";
import type { OrderAnswer } from "../../order/answer.ts";
import styles from "./track.module.css";

/** The way of the order, with the time of each step: when the first of it came there, and when all of it had passed. */
export function Track({ order: { track, stage, plants } }: { order: OrderAnswer }) {
  return (
    <ol className={styles["track"]} aria-label="Way of the order">
      {track.map(({ step, reachedAt, doneAt }) => {
        const state = doneAt !== null ? "done" : reachedAt === null ? "open" : "begun";
        return (
          <li
            key={step}
            className={styles["step"]}
            data-state={state}
            aria-current={step === stage ? "step" : undefined}
          >
            <span className={styles["bead"]} aria-hidden>
              {state === "done" && <IconCheck size={12} stroke={3} />}
            </span>
            <span className={styles["word"]}>{STEP_WORDS[step]}</span>
            <span className={styles["time"]}>
              {reachedAt === null ? "not yet" : <Time at={doneAt ?? reachedAt} plant={plants[0]} />}
              {reachedAt !== null && doneAt === null && " begun"}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
