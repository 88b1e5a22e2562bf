import { Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { ask } from "../../api/query.ts";
import { PageHeader } from "../../detail/page-header.tsx";
import { Panel } from "../../detail/panel.tsx";
import { Fault } from "../../notice/fault.tsx";
import { Loading } from "../../notice/loading.tsx";
import { usePlace } from "../../place.ts";
import { StateBadge } from "../../state/state-badge.tsx";
import { Compare } from "./compare.tsx";
import styles from "./mapping.module.css";
import { Try } from "./try.tsx";

/** One mapping: its text, to be changed here for trying; what would come out of it, and what would have differed. */
export function Mapping() {
  const { params } = usePlace();
  const path = { system: params["system"] ?? "", name: params["mapping"] ?? "" };
  const { data, error } = useQuery(
    ask("/v1/mappings/{system}/{name}", { params: { path } }, { fresh: "once" }),
  );
  const [changed, change] = useState<string>();
  if (error && !data) return <Fault error={error} />;
  if (!data) return <Loading />;
  const { system, name, direction, file, shipped, source } = data;
  const text = changed ?? source;
  const differs = text !== source;
  return (
    <>
      <PageHeader
        back={{ to: "/mappings", title: "Mappings" }}
        title={`${system}, ${name}`}
        state={
          differs ? <StateBadge state="changed" tone="late" label="changed here, not in force" /> : undefined
        }
        intro={`${file} · ${shipped ? "shipped with the connector" : "this project's own"} · ${direction === "in" ? "reads what it tells" : "writes what it is told"}`}
      />
      <div className={styles["sides"]}>
        <Panel title="Its text" aside="JSONata">
          <Textarea
            aria-label="The mapping's text"
            classNames={{ input: styles["source"]! }}
            autosize
            minRows={16}
            maxRows={34}
            spellCheck={false}
            value={text}
            onChange={(event) => change(event.currentTarget.value)}
          />
          <p className={styles["note"]}>
            A change here is for trying: what is in force stands in the project's folder, in git.
          </p>
        </Panel>
        <Try system={system} name={name} source={differs ? text : undefined} direction={direction} />
      </div>
      {direction === "in" && <Compare system={system} name={name} source={text} differs={differs} />}
    </>
  );
}
