import { Link } from "@tanstack/react-router";

import styles from "./wordmark.module.css";

export function Wordmark() {
  return (
    <Link to="/overview" className={styles["mark"]!} aria-label="Interlock, to the overview">
      <svg viewBox="0 0 32 32" width="22" height="22" aria-hidden>
        <rect className={styles["ground"]} width="32" height="32" rx="7" />
        <g fill="none" className={styles["rings"]} strokeWidth="3">
          <rect x="6.5" y="6.5" width="12" height="12" rx="3" />
          <rect x="13.5" y="13.5" width="12" height="12" rx="3" />
        </g>
      </svg>
      <span>Interlock</span>
    </Link>
  );
}
