/** When nothing is under way any more: everything that may move has been moved, and every stream was read since. */
import { until } from "../../demo/until.ts";
import type { Works } from "./works.ts";

const LOOK_BEGAN_MS = 250;
const EVERY_MS = 400;

export interface Waiting {
  /** Called with what is still in hand. */
  readonly waits: (busy: string) => void;
  /** What people do meanwhile. @returns whether they did something */
  readonly meanwhile: () => Promise<boolean>;
  readonly withinMs: number;
}

/** @throws when it is not calm in time */
export async function calm(works: Works, { waits, meanwhile, withinMs }: Waiting): Promise<void> {
  let quiet: { readonly since: number; readonly head: number } | undefined;
  await until(
    "nothing is under way",
    async () => {
      const acted = await meanwhile();
      const { busy, head, readAt } = await look(works);
      if (acted || busy !== "" || (quiet && quiet.head !== head)) quiet = undefined;
      else quiet ??= { since: Date.now(), head };
      if (busy !== "") waits(busy);
      return quiet && readAt > quiet.since + LOOK_BEGAN_MS ? true : undefined;
    },
    { signal: works.signal, withinMs, everyMs: EVERY_MS },
  );
}

async function look(works: Works): Promise<{ busy: string; head: number; readAt: number }> {
  const queue = (await works.ask("erp", "messages")) as Record<string, number>;
  const [{ body: systems }, { body: metrics }, { body: newest }] = await Promise.all([
    works.api("/v1/systems"),
    works.api("/metrics"),
    works.api("/v1/events?order=newest-first&limit=1"),
  ]);
  const sum = (name: string, label = "") => sumOf(metrics as string, name, label);
  const open = ["ready", "sending", "accepted", "unknown"].map((state) =>
    sum("lane_count", `state="${state}"`),
  );
  const counts = [
    [sum("route_lag") + sum("delivery_lag"), "events to decide on"],
    [sum("inbound_held", 'state="kept"'), "messages to translate"],
    [open.reduce((a, b) => a + b, 0), "objects with calls to make"],
    [(queue["Queued"] ?? 0) + (queue["Processing"] ?? 0), "messages in the ERP's queue"],
  ] as const;
  const beats = (systems.items as { cursors: { heartbeatAt: string | null }[] }[])
    .flatMap(({ cursors }) => cursors)
    .map(({ heartbeatAt }) => Date.parse(heartbeatAt ?? ""));
  return {
    busy: counts
      .filter(([count]) => count > 0)
      .map(([count, what]) => `${count} ${what}`)
      .join(", "),
    head: (newest.items[0]?.seq ?? 0) as number,
    readAt: Math.min(...beats),
  };
}

/** Prometheus' text format: `name{labels} value`. */
function sumOf(metrics: string, name: string, label: string): number {
  return [...metrics.matchAll(/^interlock_(\w+)(?:\{(.*)\})? ([0-9.]+)$/gm)]
    .filter(([, gauge, labels = ""]) => gauge === name && labels.includes(label))
    .reduce((total, [, , , value]) => total + Number(value), 0);
}
