import { useQuery } from "@tanstack/react-query";

import { ask, type Item } from "../../api/query.ts";
import { PageHeader } from "../../detail/page-header.tsx";
import { Panel } from "../../detail/panel.tsx";
import type { Column } from "../../list/column.ts";
import { DataTable } from "../../list/data-table.tsx";
import { Fault } from "../../notice/fault.tsx";
import { Loading } from "../../notice/loading.tsx";
import { writeDecimal } from "../../quantity/quantity.tsx";
import { StateBadge } from "../../state/state-badge.tsx";
import { Age, None } from "../../time/time.tsx";

type System = Item<"/v1/systems">;

const COLUMNS: readonly Column<System>[] = [
  { key: "system", header: "System", cell: ({ system }) => system, narrow: true },
  { key: "role", header: "Role", cell: ({ role }) => role.toUpperCase(), narrow: true },
  { key: "plant", header: "Plant", cell: ({ plant }) => plant ?? <None />, narrow: true },
  {
    key: "health",
    header: "Health",
    cell: ({ health, why }) => <StateBadge state={health} why={why} />,
    narrow: true,
  },
  { key: "why", header: "Why", cell: ({ why }) => why ?? <None /> },
  {
    key: "waiting",
    header: "To send",
    cell: ({ lanes }) => numberOrNone(Object.values(lanes).reduce((sum, count) => sum + count, 0)),
    align: "right",
    narrow: true,
  },
  {
    key: "messages",
    header: "To read",
    cell: ({ waitingMessages }) => numberOrNone(waitingMessages),
    align: "right",
    narrow: true,
  },
  {
    key: "quarantined",
    header: "Quarantined",
    cell: ({ quarantined }) => numberOrNone(quarantined),
    align: "right",
    narrow: true,
  },
  {
    key: "latency",
    header: "Latency p95",
    cell: ({ pulse }) => (pulse?.latency ? `${writeDecimal(Math.round(pulse.latency.p95))} ms` : <None />),
    align: "right",
    narrow: true,
  },
  {
    key: "last",
    header: "Last message",
    cell: ({ lastMessageAt, plant }) => <Age since={lastMessageAt} plant={plant} />,
    align: "right",
    narrow: true,
  },
];

/** The systems of interlock.yaml, and how each fares. */
export function Systems() {
  const { data, error, refetch } = useQuery(ask("/v1/systems"));
  return (
    <>
      <PageHeader title="Systems" intro="Who Interlock listens to and speaks with, and how each fares." />
      <Panel flush>
        {data ? (
          <DataTable
            label="Systems"
            columns={COLUMNS}
            rows={data.items}
            keyOf={({ system }) => system}
            to={({ system }) => `/systems/${encodeURIComponent(system)}`}
          />
        ) : error ? (
          <Fault error={error} again={() => void refetch()} />
        ) : (
          <Loading />
        )}
      </Panel>
    </>
  );
}

function numberOrNone(count: number) {
  return count === 0 ? <None /> : writeDecimal(count);
}
