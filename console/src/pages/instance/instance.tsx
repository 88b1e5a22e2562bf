import { useQuery } from "@tanstack/react-query";
import { IconSend } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";

import { ask } from "../../api/query.ts";
import { Json } from "../../code/json.tsx";
import { Path } from "../../code/path.tsx";
import { Columns } from "../../detail/columns.tsx";
import { Facts } from "../../detail/facts.tsx";
import { PageHeader } from "../../detail/page-header.tsx";
import { Panel } from "../../detail/panel.tsx";
import { DataTable } from "../../list/data-table.tsx";
import { Fault } from "../../notice/fault.tsx";
import { Loading } from "../../notice/loading.tsx";
import { Notice } from "../../notice/notice.tsx";
import { usePlace } from "../../place.ts";
import { StateBadge } from "../../state/state-badge.tsx";
import { wordsOf } from "../../state/tone.ts";
import { Due, Time } from "../../time/time.tsx";

/** One object on its way through a process: where it stands, what it keeps in mind, what it waits for. */
export function Instance() {
  const { params } = usePlace();
  const { process = "", key = "" } = params;
  const { data, error } = useQuery(
    ask("/v1/instances/{process}/{key}", { params: { path: { process, key } } }),
  );
  const { data: definition } = useQuery(
    ask("/v1/processes/{process}", { params: { path: { process } } }, { fresh: "once" }),
  );
  if (error && !data) return <Fault error={error} />;
  if (!data) return <Loading />;
  const { phase, held, plant, timers, deferred, effects } = data;
  const ended = definition?.phases.find(({ name }) => name === phase)?.final ?? false;
  return (
    <>
      <PageHeader
        back={{ to: `/processes/${encodeURIComponent(process)}`, title: wordsOf(process) }}
        title={key}
        state={
          held === null ? (
            <StateBadge state={phase} tone={ended ? "ended" : "moving"} />
          ) : (
            <StateBadge state="held" why={held} />
          )
        }
        intro={held ?? undefined}
      />
      <Columns
        side={
          <Panel title="In short">
            <Facts
              compact
              of={{
                Phase: wordsOf(phase),
                Plant: plant,
                Began: <Time at={data.beganAt} plant={plant} />,
                Version: data.version,
                Story: (
                  <Link to={`/story/${encodeURIComponent(data.correlation)}`}>
                    <Path of={data.correlation} />
                  </Link>
                ),
              }}
            />
          </Panel>
        }
      >
        {timers.length > 0 && (
          <Panel title="Timers" flush>
            <DataTable
              label="Timers"
              rows={timers}
              keyOf={({ name }) => name}
              columns={[
                { key: "name", header: "Timer", cell: ({ name }) => wordsOf(name) },
                {
                  key: "watches",
                  header: "Only when these were read",
                  cell: ({ watches }) => watches.join(", "),
                },
                {
                  key: "due",
                  header: "Due",
                  cell: ({ dueAt, fired }) => (fired ? "fired" : <Due at={dueAt} plant={plant} />),
                  align: "right",
                  narrow: true,
                },
              ]}
            />
          </Panel>
        )}
        {deferred.length > 0 && (
          <Panel title="Kept for a later phase" flush>
            <DataTable
              label="Kept for a later phase"
              rows={deferred}
              keyOf={({ seq }) => String(seq)}
              columns={[
                { key: "seq", header: "Event", cell: ({ seq }) => `#${seq}` },
                {
                  key: "deadline",
                  header: "At most until",
                  cell: ({ deadlineAt }) => <Due at={deadlineAt} plant={plant} />,
                  align: "right",
                },
              ]}
            />
          </Panel>
        )}
        <Panel title="Its effects" flush>
          <DataTable
            label="Its effects"
            rows={effects}
            keyOf={({ reference }) => reference}
            to={({ reference }) => `/effects/${encodeURIComponent(reference)}`}
            empty={<Notice icon={IconSend} title="It has changed nothing elsewhere" />}
            columns={[
              { key: "type", header: "Effect", cell: ({ type }) => type },
              { key: "system", header: "System", cell: ({ system }) => system },
              {
                key: "state",
                header: "State",
                cell: ({ state }) => <StateBadge state={state} />,
                narrow: true,
              },
            ]}
          />
        </Panel>
        <Panel title="What it keeps in mind">
          <Json value={data.state} label="State" />
        </Panel>
      </Columns>
    </>
  );
}
