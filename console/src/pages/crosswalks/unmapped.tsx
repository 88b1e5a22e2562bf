import { useQuery } from "@tanstack/react-query";

import { ask } from "../../api/query.ts";
import { Panel } from "../../detail/panel.tsx";
import { DataTable } from "../../list/data-table.tsx";
import { sentenceOf } from "../../story/timeline.ts";
import { Age, None } from "../../time/time.tsx";
import { AddRow } from "./add-row.tsx";

/** Values nobody has said the meaning of, the most waited for first. */
export function Unmapped() {
  const { data } = useQuery(ask("/v1/crosswalks/unmapped"));
  if (!data || data.items.length === 0) return null;
  return (
    <Panel
      title="Without a row, and waited for"
      flush
      aside={data.items.length === 1 ? "1 value" : `${data.items.length} values`}
    >
      <DataTable
        label="Values without a row"
        rows={data.items}
        keyOf={({ system, kind, native }) => `${system} ${kind} ${native}`}
        columns={[
          { key: "native", header: "There", cell: ({ native }) => <code>{native}</code> },
          { key: "kind", header: "Kind", cell: ({ kind }) => sentenceOf(kind), narrow: true },
          { key: "system", header: "System", cell: ({ system }) => system, narrow: true },
          {
            key: "messages",
            header: "Messages",
            cell: ({ messages }) => messages,
            align: "right",
            narrow: true,
          },
          {
            key: "behind",
            header: "Behind them",
            cell: ({ behind }) => (behind === 0 ? <None /> : behind),
            align: "right",
            narrow: true,
          },
          {
            key: "since",
            header: "Waiting for",
            cell: ({ since }) => <Age since={since} />,
            align: "right",
            narrow: true,
          },
          {
            key: "add",
            header: "",
            cell: ({ system, kind, native, suggestions }) => (
              <AddRow label="Say what it means" value={{ system, kind, native }} suggestions={suggestions} />
            ),
            align: "right",
            narrow: true,
          },
        ]}
      />
    </Panel>
  );
}
