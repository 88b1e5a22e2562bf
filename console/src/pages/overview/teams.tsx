import { Link } from "@tanstack/react-router";

import { Due } from "../../time/time.tsx";
import type { Team } from "./answer.ts";
import styles from "./teams.module.css";

const NAMES: Readonly<Record<Team["owner"], string>> = {
  it: "IT",
  "plant-operations": "Plant operations",
  "customer-service": "Customer service",
  finance: "Finance",
  quality: "Quality",
};

/** Open cases by the team that has to act, with the clock that runs next. */
export function Teams({ teams }: { teams: readonly Team[] }) {
  return (
    <ul className={styles["teams"]}>
      {teams.map(({ owner, open, overdue, nextDueAt }) => (
        <li key={owner}>
          <Link
            to="/cases"
            search={{ owner } as never}
            className={styles["team"]!}
            data-idle={open === 0 || undefined}
          >
            <span className={styles["name"]}>{NAMES[owner]}</span>
            <span className={styles["clock"]} data-over={overdue > 0 || undefined}>
              {overdue > 0 ? (
                `${overdue} overdue`
              ) : nextDueAt === null ? (
                open === 0 ? (
                  "nothing open"
                ) : (
                  "no clock"
                )
              ) : (
                <>
                  answer due <Due at={nextDueAt} />
                </>
              )}
            </span>
            <span className={styles["open"]}>{open}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
