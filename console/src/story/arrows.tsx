import type { CSSProperties } from "react";

import styles from "./arrows.module.css";
import type { Cause, Entry } from "./timeline.ts";

interface ArrowsProps {
  entries: readonly Entry[];
  causes: readonly Cause[];
  rowOf: ReadonlyMap<string, number>;
  laneOf: (lane: string) => number;
  /** The entries that are pointed at, with all that led to them and came of them. */
  chain: ReadonlySet<string> | undefined;
}

/** From each cause down its own lane, then across into what came of it. They run behind the cards. */
export function Arrows({ entries, causes, rowOf, laneOf, chain }: ArrowsProps) {
  return (
    <div className={styles["arrows"]} aria-hidden>
      {causes.map(({ from, to }) => {
        const [start, end] = [rowOf.get(from)!, rowOf.get(to)!];
        const [left, right] = [laneOf(entries[start]!.lane), laneOf(entries[end]!.lane)];
        const place = { "--start": start, "--end": end, "--from": left, "--to": right };
        return (
          <span
            key={to}
            className={styles["arrow"]}
            style={place as CSSProperties}
            data-way={left === right ? "down" : left < right ? "right" : "left"}
            data-lit={chain === undefined ? undefined : chain.has(to) && chain.has(from)}
          />
        );
      })}
    </div>
  );
}
