import { useQuery } from "@tanstack/react-query";
import { IconTransform } from "@tabler/icons-react";

import { ask, type Item } from "../../api/query.ts";
import { Path } from "../../code/path.tsx";
import { PageHeader } from "../../detail/page-header.tsx";
import { Panel } from "../../detail/panel.tsx";
import type { Column } from "../../list/column.ts";
import { DataTable } from "../../list/data-table.tsx";
import { askedOf, choice } from "../../list/filter.ts";
import { FilterBar } from "../../list/filter-bar.tsx";
import { Fault } from "../../notice/fault.tsx";
import { Loading } from "../../notice/loading.tsx";
import { Notice } from "../../notice/notice.tsx";
import { usePlace } from "../../place.ts";
import { StateBadge } from "../../state/state-badge.tsx";

type Mapping = Item<"/v1/mappings">;

const COLUMNS: readonly Column<Mapping>[] = [
  { key: "name", header: "Mapping", cell: ({ name }) => name, narrow: true },
  { key: "system", header: "System", cell: ({ system }) => system, narrow: true },
  {
    key: "direction",
    header: "Way",
    cell: ({ direction }) => (direction === "in" ? "to Interlock" : "to the system"),
    narrow: true,
  },
  {
    key: "shipped",
    header: "From",
    cell: ({ shipped }) =>
      shipped ? "the connector" : <StateBadge state="own" tone="moving" label="this project" />,
    narrow: true,
  },
  {
    key: "file",
    header: "File",
    cell: ({ file }) => (
      <code>
        <Path of={file} />
      </code>
    ),
  },
];

/** The mappings in force, system by system. */
export function Mappings() {
  const { search } = usePlace();
  const { data: systems } = useQuery(ask("/v1/systems", undefined, { fresh: "once" }));
  const filters = [
    choice(
      "system",
      "System",
      (systems?.items ?? []).map(({ system }) => ({ value: system, label: system })),
    ),
  ];
  const query = askedOf(filters, search);
  const { data, error, refetch } = useQuery(ask("/v1/mappings", { params: { query } }, { fresh: "once" }));
  return (
    <>
      <PageHeader
        title="Mappings"
        intro="How each system's words become the contracts', and back. Try one, or run a changed one on the last days' messages before it goes live."
      />
      <Panel flush>
        <FilterBar filters={filters} />
        {data ? (
          <DataTable
            label="Mappings"
            columns={COLUMNS}
            rows={data.items}
            keyOf={({ system, name, direction }) => `${system} ${direction} ${name}`}
            to={({ system, name }) => `/mappings/${encodeURIComponent(system)}/${encodeURIComponent(name)}`}
            empty={
              <Notice icon={IconTransform} title="No mapping">
                This system's connector translates by itself, or tells canonical events.
              </Notice>
            }
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
