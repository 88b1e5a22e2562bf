import { useQuery } from "@tanstack/react-query";

import { ask } from "../../api/query.ts";
import { PageHeader } from "../../detail/page-header.tsx";
import { Panel } from "../../detail/panel.tsx";
import { Fault } from "../../notice/fault.tsx";
import { Loading } from "../../notice/loading.tsx";
import { usePlace } from "../../place.ts";
import { StoryTimeline } from "../../story/story-timeline.tsx";
import { sentenceOf, writeCounts } from "../../story/timeline.ts";

/** Whatever number somebody has: the story around it. */
export function Story() {
  const { params } = usePlace();
  const id = params["id"] ?? "";
  const { data, error } = useQuery(ask("/v1/trace/{id}", { params: { path: { id } } }));
  if (error && !data) return <Fault error={error} />;
  if (!data) return <Loading />;
  const asked = data.objects.filter(({ place }) => place === "asked").map(({ object }) => object);
  const others = asked.filter((object) => object !== data.asked);
  return (
    <>
      <PageHeader
        title={titleOf(data.asked)}
        intro={others.length > 0 ? others.join(", ") : "Everything around it, system by system."}
      />
      <Panel title="What happened" flush aside={writeCounts(data)}>
        <StoryTimeline story={data} />
      </Panel>
    </>
  );
}

/** `productionOrder/P-000006` is read as "Production order P-000006". */
function titleOf(asked: string): string {
  const [kind = "", ...key] = asked.split("/");
  return key.length === 0 ? asked : `${sentenceOf(kind)} ${key.join("/")}`;
}
