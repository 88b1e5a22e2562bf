/** How long each hop took, by the times at which the hub recorded its two ends. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { ConfigFile } from "../../config/schema.ts";
import { readServiceLevels } from "../../config/service-levels.ts";
import { markOf, type ServiceLevel } from "../../level/level.ts";
import type { World } from "./world.ts";

export interface Latency {
  readonly hop: string;
  readonly times: number;
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly longestMs: number;
  /** What interlock.yaml allows; absent: it declares no level for it. */
  readonly levelMs?: number;
}

/** As GET /v1/events shows it. */
export interface SeenEvent {
  readonly type: string;
  readonly data: unknown;
  readonly recordedtime: string;
}

export async function readLatencies(world: World): Promise<Latency[]> {
  const file = parse(readFileSync(join(world.folder, "interlock.yaml"), "utf8")) as ConfigFile;
  return latenciesOf(
    readServiceLevels(file, () => []),
    await readEvents(world),
  );
}

/** The hops that are declared, and two that are no single pair of events of the business. */
export function latenciesOf(levels: readonly ServiceLevel[], events: readonly SeenEvent[]): Latency[] {
  return [
    ...levels.map((level) => ({
      ...summary(
        level.name,
        durations(events, (event) => {
          const mark = markOf(level, event);
          return mark && mark.side !== "unless" ? { [mark.side]: [mark.of] } : {};
        }),
      ),
      levelMs: level.withinMs,
    })),
    summary("last receipt to ready", durations(events, receiptToReady(events), "last")),
    summary("invoiced to shown in the CRM", durations(events, invoiceToCrm)),
  ].filter(({ times }) => times > 0);
}

/** What an event begins and what it ends, by what tells one from the other. */
type Ends = { readonly from?: readonly string[]; readonly to?: readonly string[] };

/** A receipt names its production order only: which orders that serves stood in its release. */
function receiptToReady(events: readonly SeenEvent[]): (event: SeenEvent) => Ends {
  const serves = new Map(
    events
      .filter(({ type }) => type === "interlock.ProductionOrderReleased.v1")
      .map(({ data }) => data as { productionOrder: string; pegging: { salesOrder?: string }[] })
      .map(({ productionOrder, pegging }) => [
        productionOrder,
        pegging.flatMap(({ salesOrder }) => salesOrder ?? []),
      ]),
  );
  return ({ type, data }) => {
    const { productionOrder = "", salesOrder = "" } = data as Record<string, string | undefined>;
    if (type === "interlock.ProductionReceiptPosted.v1") return { from: serves.get(productionOrder) ?? [] };
    return type === "interlock.ShipmentReady.v1" ? { to: [salesOrder] } : {};
  };
}

function invoiceToCrm({ type, data }: SeenEvent): Ends {
  const { salesOrder, effect, process, key } = data as Record<string, string | undefined>;
  if (type === "interlock.InvoicePosted.v1" && salesOrder !== undefined) return { from: [salesOrder] };
  const isTold =
    /^interlock\.Effect(Marked)?Applied\.v1$/.test(type) &&
    effect?.startsWith("UpdateOrderStatus") === true &&
    process === "make-to-ship";
  return isTold && key !== undefined ? { to: [key] } : {};
}

/** @param which of several beginnings before an end counts */
function durations(
  events: readonly SeenEvent[],
  endsOf: (event: SeenEvent) => Ends,
  which: "first" | "last" = "first",
): number[] {
  const open = new Map<string, number>();
  const found: number[] = [];
  for (const event of events) {
    const { from = [], to = [] } = endsOf(event);
    const at = Date.parse(event.recordedtime);
    for (const of of to) {
      const since = open.get(of);
      if (since !== undefined) found.push(at - since);
      open.delete(of);
    }
    for (const of of from) if (which === "last" || !open.has(of)) open.set(of, at);
  }
  return found;
}

function summary(hop: string, found: readonly number[]): Latency {
  const sorted = found.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
  return { hop, times: sorted.length, medianMs: at(0.5), p95Ms: at(0.95), longestMs: at(1) };
}

async function readEvents(world: World): Promise<SeenEvent[]> {
  const events: SeenEvent[] = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    const { body } = await world.api(
      `/v1/events?limit=200${cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    events.push(...(body.items as SeenEvent[]));
    cursor = body.next as string | null;
  }
  return events;
}

export function latenciesInWords(latencies: readonly Latency[]): string {
  const head = ["hop", "times", "median", "p95", "longest", "agreed"];
  const rows = latencies.map(({ hop, times, medianMs, p95Ms, longestMs, levelMs }) => [
    hop,
    String(times),
    ...[medianMs, p95Ms, longestMs].map(seconds),
    levelMs === undefined ? "-" : `${levelMs / 60_000} min`,
  ]);
  const widths = head.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i]!.length)));
  return [head, ...rows]
    .map(
      (row) =>
        `  ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join("  ")}`,
    )
    .join("\n");
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
}
