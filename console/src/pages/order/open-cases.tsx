import { DataTable } from "../../list/data-table.tsx";
import { Panel } from "../../detail/panel.tsx";
import { StateBadge } from "../../state/state-badge.tsx";
import { capital, wordsOf } from "../../state/tone.ts";
import { Age, Due } from "../../time/time.tsx";
import type { OrderAnswer } from "../../order/answer.ts";

/** What a person must settle, and what was settled before. */
export function OpenCases({ cases }: { cases: OrderAnswer["cases"] }) {
  if (cases.length === 0) return null;
  const open = cases.filter(({ state }) => state === "open");
  return (
    <Panel title="Cases" flush aside={`${open.length} open, ${cases.length - open.length} closed`}>
      <DataTable
        label="Cases"
        rows={[...open, ...cases.filter(({ state }) => state === "closed")]}
        keyOf={({ id }) => String(id)}
        to={({ id }) => `/cases/${id}`}
        columns={[
          { key: "title", header: "Case", cell: ({ id, title }) => `#${id} ${capital(title)}` },
          {
            key: "owner",
            header: "Owner",
            cell: ({ owner, assignee }) => assignee ?? wordsOf(owner),
            narrow: true,
          },
          { key: "state", header: "State", cell: ({ state }) => <StateBadge state={state} />, narrow: true },
          {
            key: "age",
            header: "Open for",
            cell: ({ state, openedAt, plant }) =>
              state === "open" ? <Age since={openedAt} plant={plant} /> : null,
            align: "right",
            narrow: true,
          },
          {
            key: "due",
            header: "Answer due",
            cell: ({ state, slaAt, plant }) => (state === "open" ? <Due at={slaAt} plant={plant} /> : null),
            align: "right",
            narrow: true,
          },
        ]}
      />
    </Panel>
  );
}
