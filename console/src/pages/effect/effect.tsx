import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { ask } from "../../api/query.ts";
import { Path } from "../../code/path.tsx";
import { Columns } from "../../detail/columns.tsx";
import { Facts } from "../../detail/facts.tsx";
import { PageHeader } from "../../detail/page-header.tsx";
import { Panel } from "../../detail/panel.tsx";
import { Fault } from "../../notice/fault.tsx";
import { Loading } from "../../notice/loading.tsx";
import { usePlace } from "../../place.ts";
import { StateBadge } from "../../state/state-badge.tsx";
import { wordsOf } from "../../state/tone.ts";
import { EffectContent } from "../../story/effect-content.tsx";
import { Due, Time } from "../../time/time.tsx";
import { EffectActions } from "./effect-actions.tsx";

/** One intended change in another system: what it asks for, every call that was made, and what can be done now. */
export function Effect() {
  const reference = usePlace().params["reference"] ?? "";
  const { data, error } = useQuery(ask("/v1/effects/{reference}", { params: { path: { reference } } }));
  if (error && !data) return <Fault error={error} />;
  if (!data) return <Loading />;
  const { type, system, lane, state, why, process, key, plant, correlation, replaces, replacedBy } = data;
  return (
    <>
      <PageHeader
        back={{ to: "/effects", title: "Effects" }}
        title={`${type} for ${system}`}
        state={<StateBadge state={state} why={why} />}
        intro={why ?? `on ${lane}`}
        actions={<EffectActions effect={data} />}
      />
      <Columns
        side={
          <Panel title="In short">
            <Facts
              compact
              of={{
                Reference: reference,
                System: <Link to={`/systems/${encodeURIComponent(system)}`}>{system}</Link>,
                Lane: <Path of={lane} />,
                "Ahead of it": data.ahead === 0 ? undefined : data.ahead,
                "Meant by": (
                  <Link to={`/instances/${encodeURIComponent(process)}/${encodeURIComponent(key)}`}>
                    {wordsOf(process)}, {key}
                  </Link>
                ),
                Story: (
                  <Link to={`/story/${encodeURIComponent(correlation)}`}>
                    <Path of={correlation} />
                  </Link>
                ),
                Plant: plant,
                "Follows from": `event #${data.causeSeq}`,
                Created: <Time at={data.createdAt} plant={plant} seconds />,
                "Next try": data.wakeAt ? <Due at={data.wakeAt} plant={plant} /> : undefined,
                Ended: data.endedAt ? <Time at={data.endedAt} plant={plant} seconds /> : undefined,
                "Ended by": data.actor ?? undefined,
                "In place of": replaces ? <Link to={`/effects/${replaces}`}>{replaces}</Link> : undefined,
                "Its place took": replacedBy ? (
                  <Link to={`/effects/${replacedBy}`}>{replacedBy}</Link>
                ) : undefined,
              }}
            />
          </Panel>
        }
      >
        <Panel title="What it asks for, and what came of it">
          <EffectContent reference={reference} />
        </Panel>
      </Columns>
    </>
  );
}
