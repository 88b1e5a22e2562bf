import { type Stage, STAGES, STEP_WORDS } from "../../order/stage.ts";
import { usePlace } from "../../place.ts";
import styles from "./stage-counts.module.css";

/** How many orders stand at each stage; one that is pressed narrows the list to it. */
export function StageCounts({ stages }: { stages: Partial<Record<Stage, number>> | undefined }) {
  const { search, setSearch } = usePlace();
  const chosen = search["stage"];
  return (
    <div className={styles["counts"]} role="group" aria-label="Orders by stage">
      {STAGES.map((stage) => (
        <button
          key={stage}
          type="button"
          className={styles["count"]}
          aria-pressed={chosen === stage}
          onClick={() =>
            setSearch({ stage: chosen === stage ? undefined : stage, cursor: undefined, page: undefined })
          }
        >
          <span className={styles["number"]}>{stages?.[stage] ?? (stages ? 0 : "·")}</span>
          <span className={styles["word"]}>{STEP_WORDS[stage]}</span>
        </button>
      ))}
    </div>
  );
}
