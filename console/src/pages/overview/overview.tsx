import { useQuery } from "@tanstack/react-query";

import { ask } from "../../api/query.ts";
import { PageHeader } from "../../detail/page-header.tsx";
import { Panel } from "../../detail/panel.tsx";
import { DataTable } from "../../list/data-table.tsx";
import { Fault } from "../../notice/fault.tsx";
import { Loading } from "../../notice/loading.tsx";
import { StateBadge } from "../../state/state-badge.tsx";

export function Overview() {
  const { data, error, isPending } = useQuery(ask("/v1/systems"));
  return (
    <>
      <PageHeader title="Overview" intro="Is the factory telling one story?" />
      <Panel title="Systems" flush>
        {isPending ? (
          <Loading lines={4} />
        ) : error ? (
          <Fault error={error} />
        ) : (
          <DataTable
            label="Systems"
            rows={data.items}
            keyOf={({ system }) => system}
            columns={[
              { key: "system", header: "System", cell: ({ system }) => system },
              { key: "role", header: "Role", cell: ({ role }) => role },
              { key: "plant", header: "Plant", cell: ({ plant }) => plant ?? "–" },
              {
                key: "paused",
                header: "State",
                cell: ({ paused }) => <StateBadge state={paused === null ? "ok" : "paused"} why={paused} />,
              },
              {
                key: "waiting",
                header: "Messages waiting",
                align: "right",
                cell: ({ waitingMessages }) => waitingMessages,
              },
            ]}
          />
        )}
      </Panel>
    </>
  );
}
