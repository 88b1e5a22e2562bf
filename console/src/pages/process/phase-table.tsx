import { Panel } from "../../detail/panel.tsx";
import { DataTable } from "../../list/data-table.tsx";
import { wordsOf } from "../../state/tone.ts";
import { StateBadge } from "../../state/state-badge.tsx";
import { writeSpan } from "../../time/format.ts";
import { None } from "../../time/time.tsx";
import type { Phase } from "./answer.ts";

const DOES = {
  handle: { label: "acts", tone: "moving" },
  defer: { label: "keeps for later", tone: "waiting" },
  ignore: { label: "lets pass", tone: "ended" },
} as const;

/** What the chosen phase does with every event it can get: none is ignored by accident. */
export function PhaseTable({ phase }: { phase: Phase }) {
  return (
    <Panel title={`In "${wordsOf(phase.name)}", what happens with each event`} flush>
      <DataTable
        label={`Events in ${phase.name}`}
        rows={phase.rows}
        keyOf={({ event }) => event}
        columns={[
          { key: "event", header: "Event", cell: ({ event }) => event },
          {
            key: "does",
            header: "It",
            cell: ({ does }) => <StateBadge state={does} {...DOES[does]} />,
            narrow: true,
          },
          {
            key: "to",
            header: "Leads to",
            cell: ({ to }) => (to && to.length > 0 ? to.map(wordsOf).join(", ") : <None />),
          },
          {
            key: "for",
            header: "At most",
            cell: ({ deferMs }) => (deferMs === undefined ? <None /> : writeSpan(deferMs)),
            align: "right",
            narrow: true,
          },
          { key: "because", header: "Because", cell: ({ because }) => because ?? <None /> },
        ]}
      />
    </Panel>
  );
}
