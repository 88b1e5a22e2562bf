import styles from "./mark.module.css";

export function Mark({ size }: { size: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden>
      <rect className={styles["ground"]} width="32" height="32" rx="7" />
      <g className={styles["rings"]}>
        <rect x="6.5" y="6.5" width="12" height="12" rx="3" />
        <rect x="13.5" y="13.5" width="12" height="12" rx="3" />
      </g>
    </svg>
  );
}
