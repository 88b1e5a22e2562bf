import type { ReactNode } from "react";
import { useId } from "react";

import styles from "./panel.module.css";

interface PanelProps {
  title?: string;
  /** Beside the title: a count, a link to the whole list. */
  aside?: ReactNode;
  /** Without padding: a table lies edge to edge. */
  flush?: boolean;
  /** What is shown is about to be replaced. */
  busy?: boolean;
  children: ReactNode;
}

/** One thing on a page, on its own ground. */
export function Panel({ title, aside, flush = false, busy = false, children }: PanelProps) {
  const heading = useId();
  return (
    <section
      className={styles["panel"]}
      aria-labelledby={title === undefined ? undefined : heading}
      aria-busy={busy || undefined}
      data-flush={flush || undefined}
    >
      {title !== undefined && (
        <div className={styles["head"]}>
          <h2 id={heading} className={styles["title"]}>
            {title}
          </h2>
          {aside}
        </div>
      )}
      <div className={styles["body"]}>{children}</div>
    </section>
  );
}
