import type { Stage } from "./stage.ts";

/** What the whole still has in hand. */
export interface Restlessness {
  /** Events that were not routed or decided on, and messages that were not translated. */
  readonly undecided: number;
  /** Effects to be sent, by the state of their lane: `sending`, `unknown`, ... */
  readonly lanes: Readonly<Record<string, number>>;
  /** News in the ERP that the hub has not read. */
  readonly unread: number;
  readonly atRest: boolean;
}

/**
 * Looks once. Everything is at rest when nothing waits but for a person: a parked lane and a quarantined message do, with
 * their cases.
 */
export async function look(stage: Stage): Promise<Restlessness> {
  const { body: summary } = await stage.erp.admin("book/summary");
  const [{ body: systems }, { body: metrics }] = await Promise.all([
    stage.api("/v1/systems"),
    stage.api("/metrics"),
  ]);
  const gauges = readGauges(metrics as string);
  const sum = (name: string, kept: (labels: string) => boolean = () => true) =>
    gauges
      .filter((gauge) => gauge.name === `interlock_${name}` && kept(gauge.labels))
      .reduce((total, { value }) => total + value, 0);
  const undecided =
    sum("route_lag") +
    sum("delivery_lag") +
    sum("inbound_held", (labels) => labels.includes('state="kept"') || labels.includes('state="held"'));
  const states = ["ready", "sending", "accepted", "unknown"];
  const lanes = Object.fromEntries(
    states.map((state) => [state, sum("lane_count", (labels) => labels.includes(`state="${state}"`))]),
  );
  const cursor = (systems.items as { system: string; cursors: { position: string | null }[] }[])
    .find(({ system }) => system === "shop-erp")
    ?.cursors.at(0)?.position;
  const unread = (summary.sequence as number) - Number(cursor ?? 0);
  const atRest = undecided === 0 && unread === 0 && Object.values(lanes).every((count) => count === 0);
  return { undecided, lanes, unread, atRest };
}

interface Gauge {
  readonly name: string;
  readonly labels: string;
  readonly value: number;
}

/** Prometheus' text format: `name{labels} value`. */
function readGauges(text: string): Gauge[] {
  return [...text.matchAll(/^(interlock_\w+)(?:\{(.*)\})? ([0-9.]+)$/gm)].map(
    ([, name, labels = "", value]) => ({
      name: name!,
      labels,
      value: Number(value),
    }),
  );
}
