import { IconChevronLeft } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import styles from "./page-header.module.css";

interface PageHeaderProps {
  title: ReactNode;
  /** Where it stands, in one line. */
  intro?: ReactNode;
  /** Beside the title: its state. */
  state?: ReactNode;
  /** What can be done here. */
  actions?: ReactNode;
  /** The list this belongs to. */
  back?: { readonly to: string; readonly title: string };
}

export function PageHeader({ title, intro, state, actions, back }: PageHeaderProps) {
  return (
    <header className={styles["header"]}>
      <div>
        {back && (
          <Link to={back.to} className={styles["back"]!}>
            <IconChevronLeft size={14} aria-hidden /> {back.title}
          </Link>
        )}
        <div className={styles["line"]}>
          <h1 className={styles["title"]}>{title}</h1>
          {state}
        </div>
        {intro && <div className={styles["intro"]}>{intro}</div>}
      </div>
      {actions && <div className={styles["actions"]}>{actions}</div>}
    </header>
  );
}
