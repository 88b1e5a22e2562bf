import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { ask } from "../../api/query.ts";
import { Json } from "../../code/json.tsx";
import { Columns } from "../../detail/columns.tsx";
import { Facts } from "../../detail/facts.tsx";
import { PageHeader } from "../../detail/page-header.tsx";
import { Panel } from "../../detail/panel.tsx";
import { DataTable } from "../../list/data-table.tsx";
import { Fault } from "../../notice/fault.tsx";
import { Loading } from "../../notice/loading.tsx";
import { usePlace } from "../../place.ts";
import { StateBadge } from "../../state/state-badge.tsx";
import { writeSpan } from "../../time/format.ts";
import { Age, None, Time } from "../../time/time.tsx";
import type { SystemAnswer } from "./answer.ts";
import { Pulse } from "./pulse.tsx";
import { SystemActions } from "./system-actions.tsx";

const SAFETY = {
  idempotent: "the product itself takes the same reference once",
  probe: "looked up by its reference before it is sent again",
  neither: "an answer that was not seen is for a person",
} as const;

/** One system: how it fares, what it tells, what it takes, and how it is set up. */
export function System() {
  const id = usePlace().params["system"] ?? "";
  const { data, error } = useQuery(ask("/v1/systems/{system}", { params: { path: { system: id } } }));
  if (error && !data) return <Fault error={error} />;
  if (!data) return <Loading />;
  const { system, role, plant, title, health, why, paused, pausedBy, pausedAt, streams, cursors } = data;
  const intro = [role.toUpperCase(), title, plant && `plant ${plant}`].filter(Boolean).join(" · ");
  return (
    <>
      <PageHeader
        back={{ to: "/systems", title: "Systems" }}
        title={system}
        state={<StateBadge state={health} why={why} />}
        intro={why ? `${intro} · ${why}` : intro}
        actions={<SystemActions of={data} />}
      />
      <Columns
        side={
          <>
            <Panel title="Now">
              <Pulse of={data} />
              {paused !== null && (
                <Facts
                  compact
                  of={{ Paused: paused, By: pausedBy, Since: <Time at={pausedAt} plant={plant} /> }}
                />
              )}
            </Panel>
            <Panel title="Pace">
              <Json value={data.pace} label="Pace, as in interlock.yaml" />
            </Panel>
            <Panel title="Configuration">
              <Json value={data.config} label="Configuration, secrets hidden" />
            </Panel>
          </>
        }
      >
        <Panel title="What it tells" flush>
          <DataTable
            label="Streams"
            rows={streams}
            keyOf={({ stream }) => stream}
            columns={[
              {
                key: "stream",
                header: "Stream",
                cell: ({ stream, help }) => <span title={help ?? undefined}>{stream}</span>,
                narrow: true,
              },
              { key: "kind", header: "How", cell: ({ kind }) => kind, narrow: true },
              { key: "events", header: "Events", cell: ({ events }) => events.join(", ") || <None /> },
              {
                key: "read",
                header: "Read up to",
                cell: ({ stream }) => (
                  <Time at={cursorOf(cursors, stream)?.caughtUpTo} plant={plant} seconds />
                ),
                align: "right",
                narrow: true,
              },
              {
                key: "look",
                header: "Last look",
                cell: ({ stream }) => <Age since={cursorOf(cursors, stream)?.heartbeatAt} plant={plant} />,
                align: "right",
                narrow: true,
              },
            ]}
          />
        </Panel>
        <Panel title="What it takes" flush>
          <DataTable
            label="Effects"
            rows={data.effects}
            keyOf={({ effect }) => effect}
            empty={<None />}
            columns={[
              { key: "effect", header: "Effect", cell: ({ effect }) => effect },
              { key: "safety", header: "Made safe", cell: ({ safety }) => SAFETY[safety] },
              {
                key: "settles",
                header: "Seen within",
                cell: ({ settlesWithinMs }) => writeSpan(settlesWithinMs),
                align: "right",
                narrow: true,
              },
            ]}
          />
        </Panel>
        <Panel title="Its mappings" flush>
          <DataTable
            label="Mappings"
            rows={data.mappings}
            keyOf={({ name, direction }) => `${direction} ${name}`}
            empty={<None />}
            columns={[
              {
                key: "name",
                header: "Mapping",
                cell: ({ name }) => (
                  <Link to={`/mappings/${encodeURIComponent(system)}/${encodeURIComponent(name)}`}>
                    {name}
                  </Link>
                ),
              },
              {
                key: "direction",
                header: "Way",
                cell: ({ direction }) => (direction === "in" ? "to Interlock" : "to the system"),
                narrow: true,
              },
              {
                key: "shipped",
                header: "From",
                cell: ({ shipped }) => (shipped ? "the connector" : "this project"),
                narrow: true,
              },
            ]}
          />
        </Panel>
      </Columns>
    </>
  );
}

function cursorOf(cursors: SystemAnswer["cursors"], stream: string) {
  return cursors.find((cursor) => cursor.stream === stream);
}
