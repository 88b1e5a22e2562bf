import { useQuery } from "@tanstack/react-query";

import { usePermission } from "../../access/session.ts";
import { ask } from "../../api/query.ts";
import { Json } from "../../code/json.tsx";
import { Path } from "../../code/path.tsx";
import { Facts } from "../../detail/facts.tsx";
import { readRaw } from "../../inbound/raw.ts";
import { Fault } from "../../notice/fault.tsx";
import { Loading } from "../../notice/loading.tsx";
import styles from "./message.module.css";

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
    <div className={styles["message"]}>
      <Facts
        of={{
          From: `${data.system}, ${data.stream}`,
          "Its own id": <Path of={data.nativeId} />,
          "Of the object": data.objectKey && <Path of={data.objectKey} />,
          Where: problem?.pointer && <Path of={problem.pointer} />,
        }}
      />
      {problem?.message && <Facts compact of={{ "Why not admitted": problem.message }} />}
      <Json value={readRaw(data.raw, data.contentType)} label={`Message ${id}`} />
    </div>
  );
}
