import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { type Answer, ask } from "../../api/query.ts";
import { Path } from "../../code/path.tsx";
import { Panel } from "../../detail/panel.tsx";
import { writeFigure } from "../../kpi/figure.ts";
import { DataTable } from "../../list/data-table.tsx";
import { Pager } from "../../list/pager.tsx";
import { Fault } from "../../notice/fault.tsx";
import { Loading } from "../../notice/loading.tsx";
import { usePlace } from "../../place.ts";
import { writeDecimal } from "../../quantity/quantity.tsx";
import { Day, None, Time } from "../../time/time.tsx";
import styles from "./points.module.css";

type KpiAnswer = Answer<"/v1/kpis/{kpi}">;

/** Each point as a row, the newest first; one that is chosen lists the orders behind it. */
export function Points({
  kpi,
  period,
  points,
}: {
  kpi: KpiAnswer["definition"];
  period: KpiAnswer["period"];
  points: KpiAnswer["points"];
}) {
  const { search, setSearch } = usePlace();
  const chosen = search["at"];
  return (
    <>
      {chosen !== undefined && <OrdersBehind kpi={kpi} period={period} at={chosen} />}
      <Panel title="Its points" flush>
        <DataTable
          label="Points"
          rows={points.toReversed()}
          keyOf={(point) => `${point.period} ${point.group}`}
          columns={[
            {
              key: "period",
              header: period === "day" ? "Day" : `First day of the ${period}`,
              cell: (point) => (
                <button
                  type="button"
                  className={styles["point"]}
                  aria-pressed={point.period === chosen}
                  onClick={() =>
                    setSearch({
                      at: point.period,
                      group: point.group ?? undefined,
                      cursor: undefined,
                      page: undefined,
                    })
                  }
                >
                  <Day day={point.period} />
                </button>
              ),
              narrow: true,
            },
            { key: "group", header: "Of", cell: ({ group }) => group ?? <None /> },
            {
              key: "value",
              header: kpi.title,
              cell: ({ value }) => writeFigure(value, kpi.unit),
              align: "right",
            },
            {
              key: "p95",
              header: "19 of 20 within",
              cell: ({ p95 }) => (p95 === null ? <None /> : writeFigure(p95, kpi.unit)),
              align: "right",
              narrow: true,
            },
            {
              key: "count",
              header: "Counted",
              cell: ({ count }) => writeDecimal(count),
              align: "right",
              narrow: true,
            },
          ]}
        />
      </Panel>
    </>
  );
}

/** What counts into one point, the worst first. */
function OrdersBehind({
  kpi: { name, unit, title },
  period,
  at,
}: {
  kpi: KpiAnswer["definition"];
  period: KpiAnswer["period"];
  at: string;
}) {
  const { search } = usePlace();
  const { cursor, plant, businessUnit, by, group } = search;
  const query = {
    period,
    at,
    ...(plant && { plant }),
    ...(businessUnit && { businessUnit }),
    ...(group && by && { [by]: group }),
    ...(cursor && { cursor }),
  };
  const { data, error } = useQuery(ask("/v1/kpis/{kpi}/orders", { params: { path: { kpi: name }, query } }));
  return (
    <Panel
      title="Behind it, the worst first"
      flush
      aside={
        <span>
          <Day day={at} />
          {group && `, ${group}`}
        </span>
      }
    >
      {data ? (
        <DataTable
          label="Orders behind it"
          rows={data.items}
          keyOf={({ object, part }) => `${object} ${part}`}
          columns={[
            {
              key: "object",
              header: "Object",
              cell: ({ object }) => (
                <Link to={`/story/${encodeURIComponent(object)}`}>
                  <Path of={object} />
                </Link>
              ),
            },
            { key: "part", header: "Part", cell: ({ part }) => part ?? <None /> },
            { key: "plant", header: "Plant", cell: ({ plant: where }) => where ?? <None /> },
            { key: "value", header: title, cell: ({ value }) => writeFigure(value, unit), align: "right" },
            {
              key: "at",
              header: "When",
              cell: (row) => <Time at={row.at} plant={row.plant} />,
              align: "right",
              narrow: true,
            },
          ]}
        />
      ) : error ? (
        <Fault error={error} />
      ) : (
        <Loading lines={4} />
      )}
      <Pager next={data?.next ?? null} shown={data?.items.length ?? 0} />
    </Panel>
  );
}
