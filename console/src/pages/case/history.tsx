import { useQuery } from "@tanstack/react-query";

import { usePermission } from "../../access/session.ts";
import { ask } from "../../api/query.ts";
import { Panel } from "../../detail/panel.tsx";
import { wordsOf } from "../../state/tone.ts";
import { Time } from "../../time/time.tsx";
import styles from "./history.module.css";

const SHOWN = "100";

/** What people did and said about it, the newest first, as the ledger has it. */
export function History({ subject, id, plant }: { subject: string; id: number; plant: string | null }) {
  const forbidden = usePermission("audit.read");
  const query = { object: subject, limit: SHOWN };
  const { data } = useQuery({ ...ask("/v1/audit", { params: { query } }), enabled: forbidden === null });
  const entries = (data?.items ?? []).filter(({ detail }) => (detail as { case?: number }).case === id);
  return (
    <Panel title="What people did">
      {forbidden !== null ? (
        <p className={styles["none"]}>{forbidden}</p>
      ) : entries.length === 0 ? (
        <p className={styles["none"]}>Nothing yet.</p>
      ) : (
        <ol className={styles["entries"]}>
          {entries.map(({ seq, at, actor, reason, detail }) => (
            <li key={seq}>
              <span className={styles["who"]}>
                <b>{actor}</b>{" "}
                {wordsOf(String((detail as { action?: string }).action ?? "acted")).toLowerCase()},{" "}
                <Time at={at} plant={plant} />
              </span>
              {reason && <q className={styles["reason"]}>{reason}</q>}
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}
