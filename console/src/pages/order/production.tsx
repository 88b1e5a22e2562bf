import { Link } from "@tanstack/react-router";

import { Panel } from "../../detail/panel.tsx";
import { DataTable } from "../../list/data-table.tsx";
import { Quantity } from "../../quantity/quantity.tsx";
import { StateBadge } from "../../state/state-badge.tsx";
import { None, Time } from "../../time/time.tsx";
import styles from "./production.module.css";
import type { OrderAnswer } from "../../order/answer.ts";

type Made = OrderAnswer["productionOrders"][number];

/** What is made for it, and where. */
export function Production({ order: { productionOrders } }: { order: OrderAnswer }) {
  if (productionOrders.length === 0) return null;
  return (
    <Panel
      title="Made for it"
      flush
      aside={`${productionOrders.length} production order${productionOrders.length === 1 ? "" : "s"}`}
    >
      <DataTable
        label="Made for it"
        rows={productionOrders}
        keyOf={({ productionOrder }) => productionOrder}
        columns={[
          {
            key: "order",
            header: "Production order",
            cell: ({ productionOrder }) => (
              <Link to={`/story/${encodeURIComponent(`productionOrder/${productionOrder}`)}`}>
                {productionOrder}
              </Link>
            ),
          },
          { key: "item", header: "Item", cell: ({ item }) => item ?? <None />, narrow: true },
          { key: "plant", header: "Plant", cell: ({ plant }) => plant ?? <None /> },
          {
            key: "state",
            header: "State",
            cell: (made) => <StateBadge state={stateOf(made)} />,
            narrow: true,
          },
          {
            key: "quantity",
            header: "Quantity",
            cell: (made) => amount(made.quantity, made),
            align: "right",
          },
          { key: "good", header: "Good", cell: (made) => amount(made.good, made), align: "right" },
          { key: "scrap", header: "Scrap", cell: (made) => amount(made.scrap, made), align: "right" },
          {
            key: "released",
            header: "Released",
            cell: ({ releasedAt, plant }) => (
              <span className={styles["released"]}>
                <Time at={releasedAt} plant={plant} />
              </span>
            ),
            align: "right",
          },
        ]}
      />
    </Panel>
  );
}

function stateOf({ cancelledAt, closedAt, workOrders, releasedAt }: Made): string {
  if (cancelledAt !== null) return "cancelled";
  if (closedAt !== null) return "done";
  if (workOrders.length > 0 && workOrders.every(({ completedAt }) => completedAt !== null)) return "made";
  if (workOrders.some(({ startedAt }) => startedAt !== null)) return "running";
  return releasedAt === null ? "planned" : "released";
}

function amount(value: string | null, { unit }: Made) {
  return value === null ? <None /> : <Quantity value={value} unit={unit ?? undefined} />;
}
