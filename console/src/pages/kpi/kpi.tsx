import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";

import { ask } from "../../api/query.ts";
import { Facts } from "../../detail/facts.tsx";
import { PageHeader } from "../../detail/page-header.tsx";
import { Panel } from "../../detail/panel.tsx";
import { askedOf, choice, textFilter } from "../../list/filter.ts";
import { FilterBar } from "../../list/filter-bar.tsx";
import { Fault } from "../../notice/fault.tsx";
import { Loading } from "../../notice/loading.tsx";
import { usePlace } from "../../place.ts";
import { writeDecimal } from "../../quantity/quantity.tsx";
import { Points } from "./points.tsx";

const Chart = lazy(async () => ({ default: (await import("./chart.tsx")).Chart }));

/** One figure over time: told apart as one likes, with its definition, and the orders behind each point. */
export function Kpi() {
  const { params, search } = usePlace();
  const kpi = params["kpi"] ?? "";
  const { data: plants } = useQuery(ask("/v1/plants", undefined, { fresh: "once" }));
  const filters = [
    choice("period", "Period", ["day", "week", "month"]),
    choice("by", "Told apart by", [
      { value: "plant", label: "Plant" },
      { value: "businessUnit", label: "Business unit" },
      { value: "part", label: "Its own parts" },
    ]),
    choice(
      "plant",
      "Plant",
      (plants?.items ?? []).map(({ plant, name }) => ({ value: plant, label: name })),
    ),
    textFilter("businessUnit", "Business unit", "Business unit …"),
    textFilter("from", "From this day", "From, 2026-01-31"),
    textFilter("until", "Until this day", "Until, 2026-03-31"),
  ];
  const query = askedOf(filters, search);
  const { data, error } = useQuery(ask("/v1/kpis/{kpi}", { params: { path: { kpi }, query } } as never));
  if (error && !data) return <Fault error={error} />;
  if (!data) return <Loading />;
  const { definition, points, fresh, period } = data;
  return (
    <>
      <PageHeader back={{ to: "/kpis", title: "KPIs" }} title={definition.title} intro={definition.words} />
      <Panel flush title="Over time" aside={<Freshness {...fresh} />}>
        <FilterBar filters={filters} />
        <Suspense fallback={<Loading lines={8} />}>
          <Chart points={points} unit={definition.unit} />
        </Suspense>
      </Panel>
      <Panel title="What it is">
        <Facts
          of={{
            Formula: definition.formula,
            "Counts into a period": definition.counted,
            "Told apart by its parts": definition.part,
            "In ISO 22400-2": definition.standard,
            Better: definition.better,
          }}
        />
      </Panel>
      {points.length > 0 && <Points kpi={definition} period={period} points={points} />}
    </>
  );
}

function Freshness({
  lag,
  rebuilding,
  stoppedFor,
}: {
  lag: number;
  rebuilding: boolean;
  stoppedFor: string | null;
}) {
  if (stoppedFor !== null) return <span>stands still: {stoppedFor}</span>;
  if (rebuilding) return <span>being filled anew</span>;
  return <span>{lag === 0 ? "up to the last event" : `${writeDecimal(lag)} events behind`}</span>;
}
