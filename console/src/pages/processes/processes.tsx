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
import { wordsOf } from "../../state/tone.ts";
import { Age, None } from "../../time/time.tsx";

type Process = Item<"/v1/processes">;
type Phase = Process["phases"][number];

const COLUMNS: readonly Column<Process>[] = [
  { key: "name", header: "Process", cell: ({ name }) => wordsOf(name), narrow: true },
  { key: "purpose", header: "What it does", cell: ({ purpose }) => purpose },
  { key: "version", header: "Version", cell: ({ version }) => version, align: "right", narrow: true },
  {
    key: "under-way",
    header: "Under way",
    cell: ({ phases }) => writeDecimal(instancesIn(phases.filter(({ final }) => !final))),
    align: "right",
    narrow: true,
  },
  {
    key: "ended",
    header: "Ended",
    cell: ({ phases }) => writeDecimal(instancesIn(phases.filter(({ final }) => final))),
    align: "right",
    narrow: true,
  },
  {
    key: "held",
    header: "Held",
    cell: ({ phases }) => {
      const held = phases.reduce((sum, phase) => sum + phase.held, 0);
      return held === 0 ? <None /> : <StateBadge state="held" label={writeDecimal(held)} />;
    },
    align: "right",
    narrow: true,
  },
  {
    key: "oldest",
    header: "Oldest under way",
    cell: ({ phases }) => <Age since={oldestUnderWay(phases)} />,
    align: "right",
    narrow: true,
  },
];

/** Every process that runs here, with how many objects go through it. */
export function Processes() {
  const { data, error, refetch } = useQuery(ask("/v1/processes"));
  return (
    <>
      <PageHeader
        title="Processes"
        intro="What Interlock decides by itself, each a table of phases and events. An instance is one business object on its way."
      />
      <Panel flush>
        {data ? (
          <DataTable
            label="Processes"
            columns={COLUMNS}
            rows={data.items}
            keyOf={({ name }) => name}
            to={({ name }) => `/processes/${encodeURIComponent(name)}`}
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

function instancesIn(phases: readonly Phase[]): number {
  return phases.reduce((sum, { instances }) => sum + instances, 0);
}

function oldestUnderWay(phases: readonly Phase[]): string | undefined {
  return phases
    .flatMap(({ final, oldest }) => (final || oldest === null ? [] : [oldest]))
    .toSorted()
    .at(0);
}
