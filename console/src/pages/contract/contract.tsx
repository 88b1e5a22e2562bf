import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { ask } from "../../api/query.ts";
import { Json } from "../../code/json.tsx";
import { Columns } from "../../detail/columns.tsx";
import { Facts } from "../../detail/facts.tsx";
import { PageHeader } from "../../detail/page-header.tsx";
import { Panel } from "../../detail/panel.tsx";
import { Fault } from "../../notice/fault.tsx";
import { Loading } from "../../notice/loading.tsx";
import { usePlace } from "../../place.ts";
import { wordsOf } from "../../state/tone.ts";
import type { ContractAnswer } from "./answer.ts";
import { Differences } from "./differences.tsx";
import { Fields } from "./fields.tsx";
import { Parties } from "./parties.tsx";
import { Samples } from "./samples.tsx";

/** One contract: what a document of it holds, who tells it and who reads it, and what changed since the version before. */
export function Contract() {
  const { params } = usePlace();
  const path = {
    kind: params["kind"] as ContractAnswer["kind"],
    name: params["name"] ?? "",
    major: params["major"] ?? "1",
  };
  const { data, error } = useQuery(
    ask("/v1/contracts/{kind}/{name}/{major}", { params: { path } }, { fresh: "once" }),
  );
  if (error && !data) return <Fault error={error} />;
  if (!data) return <Loading />;
  const { kind, name, major, versions } = data;
  const older = versions.filter((each) => each < major).at(-1);
  return (
    <>
      <PageHeader
        back={{ to: "/contracts", title: "Contracts" }}
        title={`${name}, version ${major}`}
        intro={`${wordsOf(kind)} · ${data.description}`}
      />
      <Columns
        side={
          <>
            <Panel title="In short">
              <Facts
                compact
                of={{
                  Type: data.type,
                  Versions: versions.map((each) => (
                    <span key={each}>
                      {each === major ? (
                        `${each} `
                      ) : (
                        <Link to={`/contracts/${kind}/${encodeURIComponent(name)}/${each}`}>{each} </Link>
                      )}
                    </span>
                  )),
                  "SHA-256": <span title={data.hash}>{data.hash.slice(0, 16)}…</span>,
                }}
              />
            </Panel>
            <Panel title={kind === "event" ? "Told by" : "Asked for by"}>
              <Parties
                parties={data.producers}
                none={kind === "event" ? "No system here may tell it." : "A process decides on it."}
              />
            </Panel>
            <Panel title={kind === "event" ? "Read by" : "Carried out by"}>
              <Parties
                parties={data.consumers}
                none={data.recordOnly ?? (kind === "event" ? "No process reads it." : "No system here does.")}
              />
            </Panel>
          </>
        }
      >
        <Panel title="Fields" flush>
          <Fields contract={data} />
        </Panel>
        {older !== undefined && <Differences contract={data} from={older} />}
        {data.samples && <Samples samples={data.samples} />}
        <Panel title="JSON Schema">
          <Json value={data.schema} label="JSON Schema" />
        </Panel>
      </Columns>
    </>
  );
}
