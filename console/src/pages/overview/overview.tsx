import { useQuery } from "@tanstack/react-query";

import { ask } from "../../api/query.ts";
import { PageHeader } from "../../detail/page-header.tsx";
import { Panel } from "../../detail/panel.tsx";
import { Fault } from "../../notice/fault.tsx";
import { Loading } from "../../notice/loading.tsx";
import { writeRate } from "../../quantity/rate.ts";
import { Figures } from "./figures.tsx";
import { Flow } from "./flow.tsx";
import styles from "./overview.module.css";
import { Teams } from "./teams.tsx";
import { Verdict } from "./verdict.tsx";

/** Is the factory telling one story, and if not: where, since when, and whose move is it? */
export function Overview() {
  const { data, error } = useQuery(ask("/v1/overview"));
  if (error && !data) return <Fault error={error} />;
  if (!data) return <Loading />;
  const { figures, teams, nodes, links, window } = data;
  return (
    <>
      <PageHeader title="Overview" />
      <Verdict figures={figures} nodes={nodes} />
      <div className={styles["top"]}>
        <Panel title="The flow" flush aside={`${writeRate(window.eventsPerSecond)} events a second`}>
          <Flow nodes={nodes} links={links} />
        </Panel>
        <Panel title="Whose move it is" flush>
          <Teams teams={teams} />
        </Panel>
      </div>
      <Figures figures={figures} />
    </>
  );
}
