import { Link } from "@tanstack/react-router";

import { Json } from "../../code/json.tsx";
import { Path } from "../../code/path.tsx";
import { Panel } from "../../detail/panel.tsx";
import { DataTable } from "../../list/data-table.tsx";
import { StateBadge } from "../../state/state-badge.tsx";
import { wordsOf } from "../../state/tone.ts";
import { Time } from "../../time/time.tsx";
import type { CaseAnswer } from "./answer.ts";
import { Message } from "./message.tsx";
import styles from "./waiting.module.css";

/** What waits for this case: the effects with what they would say, and the messages as they came. */
export function Waiting({ of: { effects, members, plant } }: { of: CaseAnswer }) {
  const messages = members.filter(({ kind }) => kind === "inbound");
  const others = members.filter(({ kind }) => kind !== "inbound" && kind !== "effect");
  return (
    <>
      {effects.map(({ reference, type, system, state, payload }) => (
        <Panel
          key={reference}
          title={`${type} for ${system}`}
          aside={
            <span className={styles["aside"]}>
              <StateBadge state={state} />
              <Link to={`/effects/${reference}`}>{reference}</Link>
            </span>
          }
        >
          <Json value={payload} label={`What ${type} says`} />
        </Panel>
      ))}
      {messages.map(({ ref, settled, at }) => (
        <Panel
          key={ref}
          title={`Message ${ref}`}
          aside={
            <span className={styles["aside"]}>
              <StateBadge state={settled ? "done" : "quarantined"} />
              <Time at={at} plant={plant} />
            </span>
          }
        >
          <Message id={ref} />
        </Panel>
      ))}
      {others.length > 0 && (
        <Panel title="What it concerns" flush>
          <DataTable
            label="What it concerns"
            rows={others}
            keyOf={({ kind, ref }) => `${kind} ${ref}`}
            columns={[
              { key: "kind", header: "Kind", cell: ({ kind }) => wordsOf(kind), narrow: true },
              { key: "ref", header: "Which", cell: ({ ref }) => <Path of={ref} /> },
              {
                key: "settled",
                header: "State",
                cell: ({ settled }) => <StateBadge state={settled ? "done" : "open"} />,
                narrow: true,
              },
              {
                key: "at",
                header: "Since",
                cell: ({ at }) => <Time at={at} plant={plant} />,
                align: "right",
                narrow: true,
              },
            ]}
          />
        </Panel>
      )}
    </>
  );
}
