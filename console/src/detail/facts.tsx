import type { ReactNode } from "react";

import { None } from "../time/time.tsx";
import styles from "./facts.module.css";

/** What is known of one thing, name by name; compact: a line for each, for a narrow place. What is not known stays out, unless it is null on purpose. */
export function Facts({
  of,
  compact = false,
}: {
  of: Readonly<Record<string, ReactNode>>;
  compact?: boolean;
}) {
  const known = Object.entries(of).filter(([, value]) => value !== undefined);
  return (
    <dl className={styles["facts"]} data-compact={compact || undefined}>
      {known.map(([name, value]) => (
        <div key={name} className={styles["fact"]}>
          <dt>{name}</dt>
          <dd>{value ?? <None />}</dd>
        </div>
      ))}
    </dl>
  );
}
