import { DataTable } from "../../list/data-table.tsx";
import { Panel } from "../../detail/panel.tsx";
import { StateBadge } from "../../state/state-badge.tsx";
import { nameOf, sentenceOf } from "../../story/timeline.ts";
import { Age } from "../../time/time.tsx";
import type { OrderAnswer } from "../../order/answer.ts";

/** What is still to happen in other systems. What has ended is told by the timeline. */
export function OpenEffects({ effects }: { effects: OrderAnswer["effects"] }) {
  const open = effects.filter(({ endedAt }) => endedAt === null);
  if (open.length === 0) return null;
  return (
    <Panel title="Effects under way" flush aside={`${open.length} of ${effects.length}`}>
      <DataTable
        label="Effects under way"
        rows={open}
        keyOf={({ reference }) => reference}
        to={({ reference }) => `/effects/${reference}`}
        columns={[
          { key: "type", header: "Effect", cell: ({ type }) => sentenceOf(nameOf(type)) },
          { key: "system", header: "In", cell: ({ system }) => system },
          { key: "lane", header: "Object", cell: ({ lane }) => lane },
          {
            key: "state",
            header: "State",
            cell: ({ state, why }) => <StateBadge state={state} why={why} />,
            narrow: true,
          },
          {
            key: "since",
            header: "For",
            cell: ({ createdAt, plant }) => <Age since={createdAt} plant={plant} />,
            align: "right",
            narrow: true,
          },
        ]}
      />
    </Panel>
  );
}
