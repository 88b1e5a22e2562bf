import { useQuery } from "@tanstack/react-query";
import { IconBuildingFactory2 } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";

import { ask, type Item } from "../../api/query.ts";
import { Facts } from "../../detail/facts.tsx";
import { PageHeader } from "../../detail/page-header.tsx";
import { Panel } from "../../detail/panel.tsx";
import { Fault } from "../../notice/fault.tsx";
import { Loading } from "../../notice/loading.tsx";
import { Notice } from "../../notice/notice.tsx";
import { writeFigure } from "../../kpi/figure.ts";
import { writeDecimal } from "../../quantity/quantity.tsx";
import { StateBadge } from "../../state/state-badge.tsx";
import { writeSpan } from "../../time/format.ts";
import { Age, Time } from "../../time/time.tsx";
import styles from "./plants.module.css";

type Plant = Item<"/v1/plants">;

const CONNECTED = {
  yes: { tone: "good", label: "Connected" },
  partly: { tone: "late", label: "Partly connected" },
  no: { tone: "stopped", label: "Cut off" },
  unknown: { tone: "waiting", label: "Not read" },
} as const;

/** Each plant: whether it is heard, what waits for it, whether its clock is right, and whether it keeps its schedule. */
export function Plants() {
  const { data, error, refetch } = useQuery(ask("/v1/plants"));
  return (
    <>
      <PageHeader
        title="Plants"
        intro="Whether each is heard, what waits for it, and whether it keeps its schedule."
      />
      {data ? (
        data.items.length === 0 ? (
          <Notice icon={IconBuildingFactory2} title="No plant in interlock.yaml">
            A plant is named there with its time zone and its systems.
          </Notice>
        ) : (
          data.items.map((plant) => <PlantPanel key={plant.plant} plant={plant} />)
        )
      ) : error ? (
        <Fault error={error} again={() => void refetch()} />
      ) : (
        <Loading />
      )}
    </>
  );
}

function PlantPanel({ plant: of }: { plant: Plant }) {
  const { plant, name, timeZone, connected, silentSince, systems, backlog, clock, localMappings } = of;
  const { value, orders } = of.scheduleAdherence;
  return (
    <Panel title={name} aside={<StateBadge state={connected} {...CONNECTED[connected]} />}>
      <Facts
        of={{
          "Its clock": (
            <>
              <Time at={new Date().toISOString()} plant={plant} /> ({timeZone})
            </>
          ),
          "Silent for": silentSince ? <Age since={silentSince} plant={plant} /> : undefined,
          Systems: systems.map(({ system, health, why }) => (
            <span key={system} className={styles["system"]}>
              <Link to={`/systems/${encodeURIComponent(system)}`}>{system}</Link>{" "}
              <StateBadge state={health} why={why} />
            </span>
          )),
          "Waits for it": (
            <>
              {counted(backlog.effects, "effect")}, {counted(backlog.messages, "message")}
              <Link to={`/cases?plant=${encodeURIComponent(plant)}`} className={styles["system"]!}>
                {counted(backlog.cases, "case")}
              </Link>
            </>
          ),
          "Clock skew": skewOf(clock),
          "From report to ledger": delayOf(clock),
          "Schedule adherence": (
            <Link to={`/kpis/schedule-adherence?plant=${encodeURIComponent(plant)}`}>
              {orders === 0 ? "nothing due" : `${writeFigure(value, "share")} of ${orders} due`} in 30 days
            </Link>
          ),
          "Mapped its own way":
            localMappings.length === 0
              ? "nothing"
              : localMappings.map(({ system, name: mapping }) => (
                  <span key={`${system} ${mapping}`} className={styles["system"]}>
                    <Link to={`/mappings/${encodeURIComponent(system)}/${encodeURIComponent(mapping)}`}>
                      {systems.length > 1 ? `${system}, ${mapping}` : mapping}
                    </Link>
                  </span>
                )),
        }}
      />
    </Panel>
  );
}

function counted(count: number, noun: string): string {
  return `${writeDecimal(count)} ${noun}${count === 1 ? "" : "s"}`;
}

function delayOf({ medianMs }: Plant["clock"]): string | null {
  if (medianMs === null) return null;
  return medianMs < 0 ? "cannot be told: its clock is ahead" : `${writeSpan(medianMs)} (median)`;
}

function skewOf({ reports, aheadMs }: Plant["clock"]): string | null {
  if (reports === 0 || aheadMs === null) return null;
  return aheadMs === 0 ? "none to be seen" : `at least ${writeSpan(aheadMs)} ahead`;
}
