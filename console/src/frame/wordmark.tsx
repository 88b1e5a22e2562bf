import { Link } from "@tanstack/react-router";

import { Mark } from "./mark.tsx";
import styles from "./wordmark.module.css";

export function Wordmark() {
  return (
    <Link to="/overview" className={styles["mark"]!} aria-label="Interlock, to the overview">
      <Mark size={22} />
      <span>Interlock</span>
    </Link>
  );
}
