import type { ReactNode } from "react";

import styles from "./columns.module.css";

/** What is worked on, and beside it what is looked up; below each other where there is no room. */
export function Columns({ children, side }: { children: ReactNode; side: ReactNode }) {
  return (
    <div className={styles["columns"]}>
      <div className={styles["main"]}>{children}</div>
      <div className={styles["side"]}>{side}</div>
    </div>
  );
}
