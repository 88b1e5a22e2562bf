import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";

import { ask } from "../../api/query.ts";
import { PageHeader } from "../../detail/page-header.tsx";
import { Panel } from "../../detail/panel.tsx";
import { Fault } from "../../notice/fault.tsx";
import { Loading } from "../../notice/loading.tsx";
import { usePlace } from "../../place.ts";
import { sentenceOf } from "../../story/timeline.ts";
import { wordsOf } from "../../state/tone.ts";
import { Time } from "../../time/time.tsx";
import { Instances } from "./instances.tsx";
import { PhaseTable } from "./phase-table.tsx";

const Diagram = lazy(async () => ({ default: (await import("./diagram.tsx")).Diagram }));

/** One process: its diagram with what is where, and the instances of the phase that was chosen. */
export function Process() {
  const { params, search, setSearch } = usePlace();
  const process = params["process"] ?? "";
  const { data, error } = useQuery(ask("/v1/processes/{process}", { params: { path: { process } } }));
  if (error && !data) return <Fault error={error} />;
  if (!data) return <Loading />;
  const chosen = search["phase"];
  const choose = (phase: string | undefined) =>
    setSearch({ phase, cursor: undefined, page: undefined }, { replace: true });
  const phase = data.phases.find(({ name }) => name === chosen);
  return (
    <>
      <PageHeader
        back={{ to: "/processes", title: "Processes" }}
        title={wordsOf(data.name)}
        intro={`${data.purpose} Version ${data.version}, one instance for each ${sentenceOf(data.subjectKind).toLowerCase()}.`}
      />
      <Panel
        title="Where its instances are"
        flush
        aside={
          <span>
            counted <Time at={data.countedAt} seconds />
          </span>
        }
      >
        <Suspense fallback={<Loading lines={12} />}>
          <Diagram process={data} chosen={chosen} choose={choose} />
        </Suspense>
      </Panel>
      {phase && <PhaseTable phase={phase} />}
      <Instances process={data.name} phase={phase?.name} />
    </>
  );
}
