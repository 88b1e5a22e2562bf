import { useQuery } from "@tanstack/react-query";
import { IconInbox } from "@tabler/icons-react";

import { ask, type Item } from "../../api/query.ts";
import { Panel } from "../../detail/panel.tsx";
import type { Column } from "../../list/column.ts";
import { DataTable } from "../../list/data-table.tsx";
import { Pager } from "../../list/pager.tsx";
import { Fault } from "../../notice/fault.tsx";
import { Loading } from "../../notice/loading.tsx";
import { Notice } from "../../notice/notice.tsx";
import { usePlace } from "../../place.ts";
import { StateBadge } from "../../state/state-badge.tsx";
import { wordsOf } from "../../state/tone.ts";
import { None, Time } from "../../time/time.tsx";

type Instance = Item<"/v1/instances">;

const COLUMNS: readonly Column<Instance>[] = [
  { key: "key", header: "Object", cell: ({ key }) => key },
  { key: "phase", header: "Phase", cell: ({ phase }) => wordsOf(phase) },
  { key: "plant", header: "Plant", cell: ({ plant }) => plant ?? <None /> },
  {
    key: "held",
    header: "Held",
    cell: ({ held }) => (held === null ? <None /> : <StateBadge state="held" why={held} />),
    narrow: true,
  },
  {
    key: "deferred",
    header: "Kept for later",
    cell: ({ deferred }) => (deferred === 0 ? <None /> : deferred),
    align: "right",
    narrow: true,
  },
  {
    key: "began",
    header: "Began",
    cell: ({ beganAt, plant }) => <Time at={beganAt} plant={plant} />,
    align: "right",
    narrow: true,
  },
];

/** The objects that are in a phase, or anywhere in the process. */
export function Instances({ process, phase }: { process: string; phase: string | undefined }) {
  const { search } = usePlace();
  const { cursor } = search;
  const query = { process, ...(phase && { phase }), ...(cursor && { cursor }) };
  const { data, error, refetch } = useQuery(ask("/v1/instances", { params: { query } }));
  return (
    <Panel title={phase ? `In "${wordsOf(phase)}"` : "Its instances"} flush>
      {data ? (
        <DataTable
          label="Instances"
          columns={COLUMNS}
          rows={data.items}
          keyOf={({ key }) => key}
          to={({ key }) => `/instances/${encodeURIComponent(process)}/${encodeURIComponent(key)}`}
          empty={
            <Notice
              icon={IconInbox}
              title={phase ? "Nothing is in this phase" : "Nothing went through it yet"}
            >
              {phase
                ? "Choose another phase in the diagram."
                : "An instance begins with the first event that concerns it."}
            </Notice>
          }
        />
      ) : error ? (
        <Fault error={error} again={() => void refetch()} />
      ) : (
        <Loading />
      )}
      <Pager next={data?.next ?? null} shown={data?.items.length ?? 0} />
    </Panel>
  );
}
