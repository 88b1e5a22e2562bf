import styles from "./arrows.module.css";
import { FOOT_PX, GAP_PX, ROW_PX, TIME_PX } from "./measures.ts";
import type { Cause, Entry } from "./timeline.ts";

interface ArrowsProps {
  entries: readonly Entry[];
  causes: readonly Cause[];
  rowOf: ReadonlyMap<string, number>;
  laneOf: (lane: string) => number;
  laneWidth: number;
  height: number;
  /** The entries that are pointed at, with all that led to them and came of them. */
  chain: ReadonlySet<string> | undefined;
}

/** From each cause down its own lane, then across into what came of it. They run behind the cards. */
export function Arrows({ entries, causes, rowOf, laneOf, laneWidth, height, chain }: ArrowsProps) {
  if (laneWidth <= 0) return null;
  const path = ({ from, to }: Cause) => {
    const [start, end] = [rowOf.get(from)!, rowOf.get(to)!];
    const [left, right] = [laneOf(entries[start]!.lane), laneOf(entries[end]!.lane)];
    const x = TIME_PX + left * laneWidth + FOOT_PX;
    const y = (start + 1) * ROW_PX - GAP_PX;
    const middle = end * ROW_PX + ROW_PX / 2;
    if (left === right) return `M${x} ${y}V${end * ROW_PX + GAP_PX}`;
    const edge = TIME_PX + (right > left ? right * laneWidth + GAP_PX : (right + 1) * laneWidth - GAP_PX);
    const bend = right > left ? 6 : -6;
    return `M${x} ${y}V${middle - 6}Q${x} ${middle} ${x + bend} ${middle}H${edge}`;
  };
  return (
    <svg className={styles["arrows"]} width="100%" height={height} aria-hidden>
      <defs>
        <marker
          id="story-arrow"
          viewBox="0 0 6 6"
          refX="5"
          refY="3"
          markerWidth="6"
          markerHeight="6"
          orient="auto"
        >
          <path d="M0 0L6 3L0 6z" className={styles["tip"]} />
        </marker>
      </defs>
      {causes.map((cause) => (
        <path
          key={cause.to}
          d={path(cause)}
          markerEnd="url(#story-arrow)"
          className={styles["arrow"]}
          data-lit={chain === undefined ? undefined : chain.has(cause.to) && chain.has(cause.from)}
        />
      ))}
    </svg>
  );
}
