import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

import { type Instrument, type InstrumentName, INSTRUMENTS } from "./instruments.ts";

type Labels<Name extends InstrumentName> = (typeof INSTRUMENTS)[Name] extends {
  labels: readonly (infer Label extends string)[];
}
  ? [labels: Readonly<Record<Label, string>>]
  : [];

type NameOf<Kind extends Instrument["kind"]> = {
  [Name in InstrumentName]: (typeof INSTRUMENTS)[Name]["kind"] extends Kind ? Name : never;
}[InstrumentName];

/** From half a millisecond, below which nothing here answers, to the ten seconds after which callers have left. */
const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** The instruments of one hub. Each hub of a process has its own registry, so tests and hubs do not add up. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #instruments = new Map<InstrumentName, Counter | Gauge | Histogram>();

  constructor() {
    collectDefaultMetrics({ register: this.#registry });
    for (const name of Object.keys(INSTRUMENTS) as InstrumentName[]) {
      this.#instruments.set(name, createInstrument(name, this.#registry));
    }
  }

  count<Name extends NameOf<"counter">>(name: Name, by: number, ...[labels]: Labels<Name>): void {
    (this.#instruments.get(name) as Counter).inc(labels ?? {}, by);
  }

  set<Name extends NameOf<"gauge">>(name: Name, value: number, ...[labels]: Labels<Name>): void {
    (this.#instruments.get(name) as Gauge).set(labels ?? {}, value);
  }

  /** Forgets a gauge's series: a lane state nobody is in must not stay at its last value. */
  reset(name: NameOf<"gauge">): void {
    this.#instruments.get(name)!.reset();
  }

  observe<Name extends NameOf<"histogram">>(name: Name, value: number, ...[labels]: Labels<Name>): void {
    (this.#instruments.get(name) as Histogram).observe(labels ?? {}, value);
  }

  /** The Prometheus text format, version 0.0.4. */
  async expose(): Promise<{ readonly contentType: string; readonly text: string }> {
    return { contentType: this.#registry.contentType, text: await this.#registry.metrics() };
  }
}

function createInstrument(name: InstrumentName, registry: Registry): Counter | Gauge | Histogram {
  const { kind, help, labels = [] }: Instrument = INSTRUMENTS[name];
  const settings = { name: prometheusName(name), help, labelNames: [...labels], registers: [registry] };
  if (kind === "counter") return new Counter(settings);
  if (kind === "gauge") return new Gauge(settings);
  return new Histogram({ ...settings, buckets: SECONDS });
}

/** `request.duration` -> `interlock_request_duration_seconds` */
export function prometheusName(name: InstrumentName): string {
  const { kind, unit }: Instrument = INSTRUMENTS[name];
  const parts = [
    "interlock",
    ...name.split("."),
    ...(unit ? [unit] : []),
    ...(kind === "counter" ? ["total"] : []),
  ];
  return parts.join("_");
}
