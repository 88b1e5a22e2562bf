import { useQuery } from "@tanstack/react-query";

import { ask } from "../../api/query.ts";
import { Panel } from "../../detail/panel.tsx";
import { DataTable } from "../../list/data-table.tsx";
import { Fault } from "../../notice/fault.tsx";
import { Loading } from "../../notice/loading.tsx";
import { StateBadge } from "../../state/state-badge.tsx";
import type { ContractAnswer } from "./answer.ts";

const VERDICTS = {
  same: "The same documents are valid.",
  backward: "Every document of the older version is valid still.",
  forward: "Every document of this version would have been valid before.",
  breaking: "Documents of one may be refused by the other.",
} as const;
const TONES = { same: "good", backward: "good", forward: "late", breaking: "stopped" } as const;

/** What differs from the version before, in words, and whether the two get along. */
export function Differences({
  contract: { kind, name, major },
  from,
}: {
  contract: Pick<ContractAnswer, "kind" | "name" | "major">;
  from: number;
}) {
  const params = { path: { kind, name, major: String(major) }, query: { from: String(from) } };
  const { data, error } = useQuery(
    ask("/v1/contracts/{kind}/{name}/{major}/difference", { params }, { fresh: "once" }),
  );
  return (
    <Panel
      title={`Since version ${from}`}
      flush
      aside={
        data && (
          <StateBadge
            state={data.compatibility}
            tone={TONES[data.compatibility]}
            why={VERDICTS[data.compatibility]}
          />
        )
      }
    >
      {data ? (
        <DataTable
          label={`Differences since version ${from}`}
          rows={data.changes}
          keyOf={({ pointer, message }) => `${pointer} ${message}`}
          columns={[
            {
              key: "pointer",
              header: "Where",
              cell: ({ pointer }) => <code>{pointer || "/"}</code>,
              narrow: true,
            },
            { key: "message", header: "What", cell: ({ message }) => message },
            { key: "reach", header: "Reach", cell: ({ reach }) => reach, narrow: true },
          ]}
        />
      ) : error ? (
        <Fault error={error} />
      ) : (
        <Loading lines={3} />
      )}
    </Panel>
  );
}
