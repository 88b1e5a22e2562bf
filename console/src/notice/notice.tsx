import type { ComponentType, ReactNode } from "react";

import styles from "./notice.module.css";

interface NoticeProps {
  icon: ComponentType<{ size?: number | string; stroke?: number | string }>;
  title: string;
  /** What it means, and what to do now. */
  children?: ReactNode;
  /** Buttons or links that lead on. */
  actions?: ReactNode;
  tone?: "neutral" | "stopped" | "good";
}

/** Where content would stand and there is none: why, and what to do. */
export function Notice({ icon: Icon, title, children, actions, tone = "neutral" }: NoticeProps) {
  return (
    <div className={styles["notice"]} data-tone={tone} role={tone === "stopped" ? "alert" : undefined}>
      <span className={styles["icon"]} aria-hidden>
        <Icon size={22} stroke={1.6} />
      </span>
      <p className={styles["title"]}>{title}</p>
      {children && <div className={styles["text"]}>{children}</div>}
      {actions && <div className={styles["actions"]}>{actions}</div>}
    </div>
  );
}
