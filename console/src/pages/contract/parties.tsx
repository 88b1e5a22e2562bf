import { Link } from "@tanstack/react-router";

import type { Party } from "./answer.ts";
import styles from "./parties.module.css";

const PAGE_OF: Partial<Record<Party["kind"], string>> = { system: "systems", process: "processes" };

/** Who tells something, or reads it, and by which right. */
export function Parties({ parties, none }: { parties: readonly Party[]; none: string }) {
  if (parties.length === 0) return <p className={styles["none"]}>{none}</p>;
  return (
    <ul className={styles["parties"]}>
      {parties.map(({ kind, id, how }) => (
        <li key={`${kind} ${id}`}>
          {PAGE_OF[kind] ? <Link to={`/${PAGE_OF[kind]}/${encodeURIComponent(id)}`}>{id}</Link> : id}
          <span className={styles["how"]}>{how}</span>
        </li>
      ))}
    </ul>
  );
}
