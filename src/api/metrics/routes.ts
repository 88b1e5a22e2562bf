import type { Metrics } from "../../telemetry/metrics.ts";
import { defineRoutes } from "../route.ts";
import { selectGauges, type StoreGauges } from "./queries.ts";

export default defineRoutes((api, { pool, metrics }) => {
  api.get(
    "/metrics",
    {
      config: { access: "metrics.read" },
      schema: {
        tags: ["health"],
        summary: "Prometheus metrics",
        description: "docs/telemetry.md lists the instruments.",
        produces: ["text/plain"],
      },
    },
    async (_request, reply) => {
      showGauges(metrics, await selectGauges(pool));
      const { contentType, text } = await metrics.expose();
      return reply.type(contentType).send(text);
    },
  );
});

/** Clears before it sets: a state nobody is in any more must not stay at its last figure. */
function showGauges(metrics: Metrics, store: StoreGauges): void {
  for (const name of [
    "lane.count",
    "lane.oldest",
    "inbound.held",
    "case.open",
    "system.paused",
    "view.lag",
    "view.delay",
  ] as const) {
    metrics.reset(name);
  }
  metrics.set("ledger.position", store.seq);
  metrics.set("route.lag", Math.max(0, store.seq - store.routed));
  metrics.set("delivery.lag", Math.max(0, store.deliveryLag));
  const oldest = new Map<string, number>();
  for (const lane of store.lanes) {
    metrics.set("lane.count", lane.count, { system: lane.system, state: lane.state });
    oldest.set(lane.system, Math.max(oldest.get(lane.system) ?? 0, lane.oldest ?? 0));
  }
  for (const [system, seconds] of oldest) metrics.set("lane.oldest", seconds, { system });
  for (const { system, state, count } of store.inbound) metrics.set("inbound.held", count, { system, state });
  for (const { owner, count } of store.cases) metrics.set("case.open", count, { owner });
  for (const system of store.paused) metrics.set("system.paused", 1, { system });
  for (const { name, lag, seconds } of store.views) {
    metrics.set("view.lag", lag, { view: name });
    metrics.set("view.delay", seconds, { view: name });
  }
  metrics.set("timer.overdue", store.timersOverdue);
  metrics.set("recovery.open", store.recovering ? 1 : 0);
  metrics.set("snapshot.oldest", store.snapshotSeconds);
}
