import { useQuery } from "@tanstack/react-query";

import { usePermission } from "../../access/session.ts";
import { ask } from "../../api/query.ts";
import { Json } from "../../code/json.tsx";
import { Facts } from "../../detail/facts.tsx";
import { readRaw } from "../../inbound/raw.ts";
import { Fault } from "../../notice/fault.tsx";
import { Loading } from "../../notice/loading.tsx";

/** A message that could not be admitted: as it came, and where it failed. */
export function Message({ id }: { id: string }) {
  const forbidden = usePermission("message.read");
  const { data, error } = useQuery({
    ...ask("/v1/inbound/{id}", { params: { path: { id } } }),
    enabled: forbidden === null,
  });
  if (forbidden !== null) return <p>{forbidden}</p>;
  if (error) return <Fault error={error} />;
  if (!data) return <Loading lines={4} />;
  const problem = data.problem as { code?: string; message?: string; pointer?: string } | null;
  return (
    <>
      <Facts
        of={{
          From: `${data.system}, ${data.stream}`,
          "Its own id": data.nativeId,
          "Of the object": data.objectKey,
          "Why not admitted": problem?.message,
          Where: problem?.pointer,
        }}
      />
      <Json value={readRaw(data.raw, data.contentType)} label={`Message ${id}`} />
    </>
  );
}
