import { useQuery } from "@tanstack/react-query";

import { ask } from "../../api/query.ts";
import { PageHeader } from "../../detail/page-header.tsx";
import { Panel } from "../../detail/panel.tsx";
import { Fault } from "../../notice/fault.tsx";
import { Loading } from "../../notice/loading.tsx";
import { usePlace } from "../../place.ts";

/** Whatever number somebody has: the story around it. */
export function Story() {
  const { params } = usePlace();
  const id = params["id"] ?? "";
  const { data, error, isPending } = useQuery(ask("/v1/trace/{id}", { params: { path: { id } } }));
  if (isPending) return <Loading />;
  if (error) return <Fault error={error} />;
  return (
    <>
      <PageHeader title={data.asked} intro={data.objects.map(({ object }) => object).join(", ")} />
      <Panel title="Events">{data.events.length}</Panel>
    </>
  );
}
