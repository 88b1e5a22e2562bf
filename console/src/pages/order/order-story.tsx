import { useQuery } from "@tanstack/react-query";

import { ask } from "../../api/query.ts";
import { Panel } from "../../detail/panel.tsx";
import { Fault } from "../../notice/fault.tsx";
import { Loading } from "../../notice/loading.tsx";
import { StoryTimeline } from "../../story/story-timeline.tsx";
import { writeCounts } from "../../story/timeline.ts";

export function OrderStory({ id }: { id: string }) {
  const { data, error } = useQuery(ask("/v1/trace/{id}", { params: { path: { id: `salesOrder/${id}` } } }));
  return (
    <Panel title="What happened" flush aside={data && writeCounts(data)}>
      {data ? <StoryTimeline story={data} /> : error ? <Fault error={error} /> : <Loading />}
    </Panel>
  );
}
