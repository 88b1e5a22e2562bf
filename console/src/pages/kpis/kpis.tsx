import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { ask, type Item } from "../../api/query.ts";
import { PageHeader } from "../../detail/page-header.tsx";
import { writeFigure } from "../../kpi/figure.ts";
import { Fault } from "../../notice/fault.tsx";
import { Loading } from "../../notice/loading.tsx";
import styles from "./kpis.module.css";

type Kpi = Item<"/v1/kpis">;

/** Every figure with what it came to in the last thirty days, and whether it got better. */
export function Kpis() {
  const { data, error, refetch } = useQuery(ask("/v1/kpis"));
  return (
    <>
      <PageHeader
        title="KPIs"
        intro="The last thirty days, computed from the ledger. Behind each figure stand its orders."
      />
      {data ? (
        <div className={styles["figures"]}>
          {data.items.map((kpi) => (
            <Card key={kpi.name} kpi={kpi} />
          ))}
        </div>
      ) : error ? (
        <Fault error={error} again={() => void refetch()} />
      ) : (
        <Loading />
      )}
    </>
  );
}

function Card({ kpi }: { kpi: Kpi }) {
  const { name, title, unit, words, last30Days, before } = kpi;
  return (
    <Link to={`/kpis/${name}`} className={styles["card"]!}>
      <span className={styles["title"]}>{title}</span>
      <span className={styles["value"]}>{writeFigure(last30Days.value, unit)}</span>
      <span className={styles["trend"]} data-trend={trendOf(kpi)}>
        {last30Days.value === null
          ? "nothing counted in these days"
          : before.value === null
            ? "nothing to compare with"
            : `${writeFigure(before.value, unit)} before`}
      </span>
      <span className={styles["words"]}>{words}</span>
    </Link>
  );
}

function trendOf({ better, last30Days, before }: Kpi): "better" | "worse" | undefined {
  if (last30Days.value === null || before.value === null || last30Days.value === before.value)
    return undefined;
  return last30Days.value < before.value === (better === "lower") ? "better" : "worse";
}
