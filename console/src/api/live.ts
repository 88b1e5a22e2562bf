import { useEffect, useState } from "react";

import { queryClient } from "./query.ts";

/** A person reads; more than this is flicker, and a busy plant would only keep browser and hub at work. */
const QUIET_MS = 2_000;

export type Connection = "live" | "connecting";

/**
 * Keeps what is on the screen true: `GET /v1/stream` tells that the ledger has moved, and every live answer in use is asked for
 * again, at most every two seconds and never in a hidden tab.
 */
export function useLive(): Connection {
  const [connection, setConnection] = useState<Connection>("connecting");
  useEffect(() => {
    let stale = false;
    let resting: ReturnType<typeof setTimeout> | undefined;
    const refresh = () => {
      stale = true;
      if (resting !== undefined || document.hidden) return;
      stale = false;
      resting = setTimeout(() => {
        resting = undefined;
        if (stale) refresh();
      }, QUIET_MS);
      void queryClient.invalidateQueries(
        { predicate: ({ meta }) => meta?.["live"] === true },
        { cancelRefetch: false },
      );
    };
    const shown = () => {
      if (!document.hidden && stale) refresh();
    };
    const source = new EventSource("/v1/stream");
    source.addEventListener("open", () => setConnection("live"));
    source.addEventListener("error", () => setConnection("connecting"));
    source.addEventListener("message", refresh);
    document.addEventListener("visibilitychange", shown);
    return () => {
      source.close();
      clearTimeout(resting);
      document.removeEventListener("visibilitychange", shown);
    };
  }, []);
  return connection;
}
