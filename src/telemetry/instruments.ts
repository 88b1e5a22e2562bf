/** What one instrument measures. `labels` must stay few and bounded: each combination of values is one time series. */
export interface Instrument {
  readonly kind: "counter" | "gauge" | "histogram";
  readonly help: string;
  readonly unit?: "seconds" | "bytes";
  readonly labels?: readonly string[];
}

/**
 * Every instrument, named in OpenTelemetry's manner: noun, then what happened to it. Prometheus sees
 * `interlock_<name>[_<unit>][_total]`. docs/telemetry.md shows this table.
 *
 * Gauges of the store are read when somebody scrapes, one statement for all: they are right after a restart and on every hub.
 */
export const INSTRUMENTS = {
  "request.duration": {
    kind: "histogram",
    unit: "seconds",
    labels: ["method", "route", "status"],
    help: "Time from a request's headers to the end of its answer.",
  },
  "event.received": {
    kind: "counter",
    labels: ["verdict"],
    help: "Events sent to POST /v1/events: appended, duplicate, conflict, or refused with a problem.",
  },
  "stream.open": { kind: "gauge", help: "Readers that follow the ledger over server-sent events." },
  "ledger.position": { kind: "gauge", help: "Sequence number of the last event." },
  "route.lag": { kind: "gauge", help: "Events the router has not looked at yet." },
  "delivery.lag": {
    kind: "gauge",
    help: "Deliveries no process has decided on yet; of a partition, 10,000 are counted at most.",
  },
  "lane.count": {
    kind: "gauge",
    labels: ["system", "state"],
    help: "Lanes that are not idle, by state: ready, sending, accepted, unknown, parked.",
  },
  "lane.oldest": {
    kind: "gauge",
    unit: "seconds",
    labels: ["system"],
    help: "How long the longest waiting lane of a system has been due.",
  },
  "inbound.held": {
    kind: "gauge",
    labels: ["system", "state"],
    help: "Native messages that wait: kept (not looked at yet), quarantined, conflict.",
  },
  "case.open": { kind: "gauge", labels: ["owner"], help: "Open cases by the team that owns them." },
  "timer.overdue": {
    kind: "gauge",
    help: "Timers that are due and have not fired: their streams were not read that far.",
  },
  "system.paused": { kind: "gauge", labels: ["system"], help: "1 while nothing is sent to the system." },
  "view.lag": { kind: "gauge", labels: ["view"], help: "Events a read model has not taken in." },
  "view.delay": {
    kind: "gauge",
    unit: "seconds",
    labels: ["view"],
    help: "How long the first event that a read model has not taken in has been in the ledger.",
  },
  "recovery.open": { kind: "gauge", help: "1 while every first send is probed before, after a restore." },
  "snapshot.oldest": {
    kind: "gauge",
    unit: "seconds",
    help: "Age of the oldest open snapshot in the database. Above a minute it slows the ledger's head: find and end that session.",
  },
} as const satisfies Record<string, Instrument>;

export type InstrumentName = keyof typeof INSTRUMENTS;
