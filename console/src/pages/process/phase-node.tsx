import { Handle, type Node, type NodeProps, Position } from "@xyflow/react";

import { writeDecimal } from "../../quantity/quantity.tsx";
import { wordsOf } from "../../state/tone.ts";
import { Age } from "../../time/time.tsx";
import type { Phase } from "./answer.ts";
import styles from "./diagram.module.css";

export interface PhaseNodeData extends Record<string, unknown> {
  readonly phase: Phase;
  readonly initial: boolean;
  /** More than half of what is under way stands here. */
  readonly bottleneck: boolean;
  readonly chosen: boolean;
  readonly choose: () => void;
}

/** A phase: how many instances stand in it and how old the oldest is; pressed, it lists them. */
export function PhaseNode({ data }: NodeProps<Node<PhaseNodeData>>) {
  const { phase, initial, bottleneck, chosen, choose } = data;
  const { name, final, instances, held, oldest } = phase;
  return (
    <>
      <Handle type="target" position={Position.Top} className={styles["handle"]!} isConnectable={false} />
      <button
        type="button"
        className={styles["phase"]}
        aria-pressed={chosen}
        data-final={final || undefined}
        data-initial={initial || undefined}
        data-bottleneck={bottleneck || undefined}
        data-held={held > 0 || undefined}
        onClick={choose}
      >
        <span className={styles["name"]}>{wordsOf(name)}</span>
        <span className={styles["counts"]}>
          <b>{writeDecimal(instances)}</b>
          {held > 0 && <span className={styles["held"]}>{held} held</span>}
          {bottleneck && <span className={styles["bottleneck"]}>bottleneck</span>}
          {!final && instances > 0 && (
            <span className={styles["oldest"]}>
              oldest <Age since={oldest} />
            </span>
          )}
        </span>
      </button>
      <Handle type="source" position={Position.Bottom} className={styles["handle"]!} isConnectable={false} />
    </>
  );
}
