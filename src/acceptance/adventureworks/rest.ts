/** Whether anything is still under way: events to decide on, messages to translate, calls to make. */
import type { Stage } from "./stage.ts";

/** How long ago a stream may have been read for the last time before nothing was seen to move. */
const LOOKED_SINCE_MS = 250;
/** A stream that says up to when it was read says so with what its connector looks back: the ERP's 5 s, and some. */
const LOOKED_BACK_MS = 6_000;

interface Cursor {
  readonly stream: string;
  readonly heartbeatAt: string | null;
  readonly caughtUpTo: string | null;
}

export class Rest {
  readonly #stage: Stage;
  #quiet:
    { readonly since: number; readonly head: number; readonly read: ReadonlyMap<string, number> } | undefined;

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
    const cursors = (systems.items as { system: string; cursors: Cursor[] }[]).flatMap((each) =>
      each.cursors.map((cursor) => ({ ...cursor, name: `${each.system}/${cursor.stream}` })),
    );
    const read = new Map(
      cursors.flatMap(({ name, caughtUpTo }) =>
        caughtUpTo === null ? [] : [[name, Date.parse(caughtUpTo)] as const],
      ),
    );
    if (busy || this.#quiet?.head !== head)
      this.#quiet = busy ? undefined : { since: Date.now(), head, read };
    const beats = cursors.map(({ heartbeatAt }) => Date.parse(heartbeatAt ?? ""));
    const quiet = this.#quiet;
    if (quiet === undefined || Math.min(...beats) <= quiet.since + LOOKED_SINCE_MS) return false;
    // A look may have found only what concerns nobody, with more behind it: only the end of a stream counts.
    return [...read].every(([name, upTo]) => upTo >= (quiet.read.get(name) ?? upTo) + LOOKED_BACK_MS);
  }
}
