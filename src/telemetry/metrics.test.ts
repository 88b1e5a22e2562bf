import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { type Instrument, type InstrumentName, INSTRUMENTS } from "./instruments.ts";
import { Metrics, prometheusName } from "./metrics.ts";

test("exposes what was counted under Prometheus names", async () => {
  const metrics = new Metrics();
  metrics.count("event.received", 3, { verdict: "appended" });
  metrics.set("ledger.position", 42);
  metrics.observe("request.duration", 0.004, { method: "GET", route: "/v1/events", status: "200" });
  const { text } = await metrics.expose();
  expect(text).toContain('interlock_event_received_total{verdict="appended"} 3');
  expect(text).toContain("interlock_ledger_position 42");
  expect(text).toContain(
    'interlock_request_duration_seconds_bucket{le="0.005",method="GET",route="/v1/events",status="200"} 1',
  );
});

test("docs/telemetry.md shows every instrument as the code has it", () => {
  const page = readFileSync(new URL("../../docs/telemetry.md", import.meta.url), "utf8");
  const shown = page.split("\n").filter((line) => line.startsWith("| `"));
  const rows = Object.entries<Instrument>(INSTRUMENTS).map(
    ([name, { labels = [], help }]) =>
      `| \`${name}\` | \`${prometheusName(name as InstrumentName)}\` | ${labels.join(", ")} | ${help} |`,
  );
  // Prettier pads the columns of the page.
  const tidy = (line: string): string => line.replaceAll(/ +/g, " ");
  expect(shown.map(tidy)).toEqual(rows.map(tidy));
});
