import { useQuery } from "@tanstack/react-query";

import { ask } from "../../api/query.ts";
import type { Column } from "../../list/column.ts";
import { choice, type Filter, textFilter } from "../../list/filter.ts";
import { ListPage } from "../../list/list-page.tsx";
import { RiskBadges } from "../../order/risk-badges.tsx";
import { type OrderRow, RISKS, STAGES, STEP_WORDS, WAITED_FOR } from "../../order/stage.ts";
import { StageTrack } from "../../order/stage-track.tsx";
import { Age, Day, None } from "../../time/time.tsx";
import { OrderNumber } from "./order-number.tsx";
import { StageCounts } from "./stage-counts.tsx";

const optionsOf = (words: Readonly<Record<string, string>>) =>
  Object.entries(words).map(([value, label]) => ({ value, label }));

const COLUMNS: readonly Column<OrderRow>[] = [
  { key: "order", header: "Order", cell: (order) => <OrderNumber order={order} /> },
  { key: "customer", header: "Customer", cell: ({ customer }) => customer ?? <None /> },
  {
    key: "stage",
    header: "Stage",
    cell: ({ stage, reached, plants }) => <StageTrack stage={stage} reached={reached} plant={plants[0]} />,
    narrow: true,
  },
  { key: "plants", header: "Plant", cell: ({ plants }) => plants.join(", ") || <None /> },
  {
    key: "promised",
    header: "Promised",
    cell: ({ promisedDate }) => <Day day={promisedDate} />,
    align: "right",
    narrow: true,
    sort: "promised",
  },
  {
    key: "projected",
    header: "Projected",
    cell: ({ projectedDate }) => <Day day={projectedDate} />,
    align: "right",
    narrow: true,
  },
  {
    key: "waiting",
    header: "Waits for",
    cell: ({ waiting }) => (waiting ? <span title={waiting.why}>{WAITED_FOR[waiting.for]}</span> : <None />),
  },
  {
    key: "since",
    header: "Since",
    cell: ({ waiting, plants }) => <Age since={waiting?.since} plant={plants[0] ?? null} />,
    align: "right",
    narrow: true,
    sort: "waiting",
  },
  { key: "risks", header: "Risk", cell: ({ risks }) => <RiskBadges risks={risks} />, narrow: true },
];

export function Orders() {
  const { data: plants } = useQuery(ask("/v1/plants", undefined, { fresh: "once" }));
  const filters: Filter[] = [
    textFilter("search", "Search by any number", "Any number …"),
    choice(
      "stage",
      "Stage",
      optionsOf(Object.fromEntries(STAGES.map((stage) => [stage, STEP_WORDS[stage]]))),
    ),
    choice(
      "risk",
      "Risk",
      Object.entries(RISKS).map(([value, { label }]) => ({ value, label })),
    ),
    choice("waitingFor", "Waits for", optionsOf(WAITED_FOR)),
    choice(
      "plant",
      "Plant",
      (plants?.items ?? []).map(({ plant, name }) => ({ value: plant, label: name })),
    ),
    choice("open", "Open or ended", [
      { value: "true", label: "Open" },
      { value: "false", label: "At their end" },
    ]),
  ];
  return (
    <ListPage
      title="Orders"
      path="/v1/orders"
      filters={filters}
      columns={COLUMNS}
      keyOf={({ id }) => id}
      to={({ id }) => `/orders/${encodeURIComponent(id)}`}
      empty={{
        title: "No order yet",
        text: "An order appears here as soon as a system tells of it: a quote is accepted, or an order is entered.",
      }}
    >
      {(answer) => <StageCounts stages={answer?.stages} />}
    </ListPage>
  );
}
