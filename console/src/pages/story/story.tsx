import { useQuery } from "@tanstack/react-query";

import { ask } from "../../api/query.ts";
import { PageHeader } from "../../detail/page-header.tsx";
import { Panel } from "../../detail/panel.tsx";
import { Fault } from "../../notice/fault.tsx";
import { Loading } from "../../notice/loading.tsx";
import { usePlace } from "../../place.ts";
import { StoryTimeline } from "../../story/story-timeline.tsx";

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
        title={data.asked}
        intro={others.length > 0 ? others.join(", ") : "Everything around it, system by system."}
      />
      <Panel
        title="What happened"
        flush
        aside={`${data.events.length} events, ${data.effects.length} effects`}
      >
        <StoryTimeline story={data} />
      </Panel>
    </>
  );
}
