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
import { capital, wordsOf } from "../../state/tone.ts";
import { Due, Time } from "../../time/time.tsx";
import { CaseActions } from "./case-actions.tsx";
import { Evidence } from "./evidence.tsx";
import { History } from "./history.tsx";
import { Waiting } from "./waiting.tsx";
import type { Detail } from "./answer.ts";
import styles from "./case.module.css";

/** One case: the cause in plain words, the evidence, what would make it pass, and what can be done about it now. */
export function Case() {
  const id = usePlace().params["case"] ?? "";
  const { data, error } = useQuery(ask("/v1/cases/{id}", { params: { path: { id } } }));
  if (error && !data) return <Fault error={error} />;
  if (!data) return <Loading />;
  const { title, state, owner, assignee, subject, system, plant, correlation, slaAt, resolution } = data;
  const detail = (data.detail ?? {}) as Detail;
  return (
    <>
      <PageHeader
        back={{ to: "/cases", title: "Cases" }}
        title={capital(title)}
        state={<StateBadge state={state} />}
        intro={`Case ${data.id} · for ${wordsOf(owner)}${assignee ? `, with ${assignee}` : ""}`}
        actions={<CaseActions of={data} />}
      />
      <Columns
        side={
          <>
            <Panel title="In short">
              <Facts
                compact
                of={{
                  Object: <Path of={subject} />,
                  Story: correlation && (
                    <Link to={`/story/${encodeURIComponent(correlation)}`}>
                      <Path of={correlation} />
                    </Link>
                  ),
                  System: system && <Link to={`/systems/${encodeURIComponent(system)}`}>{system}</Link>,
                  Plant: plant,
                  Opened: <Time at={data.openedAt} plant={plant} />,
                  "Answer due": state === "open" ? <Due at={slaAt} plant={plant} /> : undefined,
                  Closed: data.closedAt ? <Time at={data.closedAt} plant={plant} /> : undefined,
                  "Closed by": data.closedBy ?? undefined,
                  Resolution: resolution ?? undefined,
                  Kind: data.kind,
                }}
              />
            </Panel>
            <History subject={subject} id={data.id} plant={plant} />
          </>
        }
      >
        <Panel title="What happened">
          <p className={styles["happened"]}>{capital(detail.happened ?? title)}</p>
          <Evidence detail={detail} />
        </Panel>
        {detail.remedy && (
          <Panel title="What would make it pass">
            <p className={styles["remedy"]}>{capital(detail.remedy)}</p>
          </Panel>
        )}
        <Waiting of={data} />
      </Columns>
    </>
  );
}
