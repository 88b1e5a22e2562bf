import { useQuery } from "@tanstack/react-query";

import { ask } from "../api/query.ts";
import { Json } from "../code/json.tsx";
import { DataTable } from "../list/data-table.tsx";
import { Fault } from "../notice/fault.tsx";
import { Loading } from "../notice/loading.tsx";
import { StateBadge } from "../state/state-badge.tsx";
import { None, Time } from "../time/time.tsx";
import styles from "./entry-drawer.module.css";

/** What an effect asks for, what the target answered, and every call that was made. */
export function EffectContent({ reference }: { reference: string }) {
  const { data, error } = useQuery(ask("/v1/effects/{reference}", { params: { path: { reference } } }));
  if (error) return <Fault error={error} />;
  if (!data) return <Loading lines={4} />;
  return (
    <div className={styles["content"]}>
      <div className={styles["sides"]}>
        <section>
          <h3 className={styles["heading"]}>What is asked for</h3>
          <Json value={data.payload} label="Canonical content" />
        </section>
        <section>
          <h3 className={styles["heading"]}>What the target answered</h3>
          {data.evidence === null ? <None /> : <Json value={data.evidence} label="Evidence" />}
        </section>
      </div>
      <section>
        <h3 className={styles["heading"]}>Calls</h3>
        <DataTable
          label="Calls"
          rows={data.attempts}
          keyOf={({ n, kind }) => `${kind} ${n}`}
          columns={[
            { key: "n", header: "Call", cell: ({ n, kind }) => `${n}, ${kind}`, narrow: true },
            { key: "at", header: "At", cell: ({ beganAt }) => <Time at={beganAt} seconds />, narrow: true },
            {
              key: "class",
              header: "Came to",
              cell: (call) => <StateBadge state={call.class} />,
              narrow: true,
            },
            { key: "status", header: "Status", cell: ({ status }) => status ?? <None />, narrow: true },
            { key: "detail", header: "Detail", cell: ({ detail }) => detail ?? <None /> },
          ]}
        />
      </section>
    </div>
  );
}
