/** Whether anything is still under way: events to decide on, messages to translate, calls to make. */
import type { Stage } from "./stage.ts";

/** How long ago a stream may have been read for the last time before nothing was seen to move. */
const LOOKED_SINCE_MS = 250;

export class Rest {
  readonly #stage: Stage;
  #quiet: { readonly since: number; readonly head: number } | undefined;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** Looks once. True when nothing moved since all streams were read. */
  async reached(): Promise<boolean> {
    const [{ body: metrics }, { body: systems }, { body: newest }] = await Promise.all([
      this.#stage.api("/metrics"),
      this.#stage.api("/v1/systems"),
      this.#stage.api("/v1/events?order=newest-first&limit=1"),
    ]);
    const head = (newest.items[0]?.seq ?? 0) as number;
    const busy = [...(metrics as string).matchAll(/^interlock_(\w+)(?:\{(.*)\})? ([0-9.]+)$/gm)].some(
      ([, gauge, labels = "", value]) =>
        Number(value) > 0 &&
        (gauge === "route_lag" ||
          gauge === "delivery_lag" ||
          (gauge === "inbound_held" && labels.includes('state="kept"')) ||
          (gauge === "lane_count" && /state="(ready|sending|accepted|unknown)"/.test(labels))),
    );
    if (busy || this.#quiet?.head !== head) this.#quiet = busy ? undefined : { since: Date.now(), head };
    const beats = (systems.items as { cursors: { heartbeatAt: string | null }[] }[])
      .flatMap(({ cursors }) => cursors)
      .map(({ heartbeatAt }) => Date.parse(heartbeatAt ?? ""));
    return this.#quiet !== undefined && Math.min(...beats) > this.#quiet.since + LOOKED_SINCE_MS;
  }
}
