import { useQuery } from "@tanstack/react-query";

import { usePermission } from "../access/session.ts";
import { ask } from "../api/query.ts";
import { Json } from "../code/json.tsx";
import { readRaw } from "../inbound/raw.ts";
import { Fault } from "../notice/fault.tsx";
import { Loading } from "../notice/loading.tsx";
import styles from "./native-message.module.css";
import type { StoryEvent } from "./timeline.ts";

/** The message that an event was translated from, in the words of the system that sent it. */
export function NativeMessage({ event }: { event: StoryEvent }) {
  const refusal = usePermission("message.read");
  const allowed = refusal === null;
  const found = useQuery({
    ...ask("/v1/inbound", { params: { query: { event: String(event.seq), limit: "1" } } }, { fresh: "once" }),
    enabled: allowed,
  });
  const message = found.data?.items[0];
  const whole = useQuery({
    ...ask("/v1/inbound/{id}", { params: { path: { id: String(message?.id) } } }, { fresh: "once" }),
    enabled: message !== undefined,
  });
  if (!allowed) return <p className={styles["none"]}>{refusal}</p>;
  const error = found.error ?? whole.error;
  if (error) return <Fault error={error} />;
  if (found.isPending || (message && whole.isPending)) return <Loading lines={4} />;
  if (!message || !whole.data) {
    return <p className={styles["none"]}>It came as it is: there was nothing to translate.</p>;
  }
  const { system, stream, nativeId } = message;
  return (
    <>
      <Json value={readRaw(whole.data.raw, message.contentType)} label="Native message" />
      <p className={styles["none"]}>
        {system}, stream {stream}, message {nativeId}
      </p>
    </>
  );
}
