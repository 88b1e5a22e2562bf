import { useQuery } from "@tanstack/react-query";

import { ask } from "../../api/query.ts";
import { Columns } from "../../detail/columns.tsx";
import { PageHeader } from "../../detail/page-header.tsx";
import { Panel } from "../../detail/panel.tsx";
import { Fault } from "../../notice/fault.tsx";
import { Loading } from "../../notice/loading.tsx";
import { RiskBadges } from "../../order/risk-badges.tsx";
import { usePlace } from "../../place.ts";
import { CheckAgain } from "./check-again.tsx";
import { Numbers } from "./numbers.tsx";
import { OpenCases } from "./open-cases.tsx";
import { OpenEffects } from "./open-effects.tsx";
import { OrderStory } from "./order-story.tsx";
import { Production } from "./production.tsx";
import { Quantities } from "./quantities.tsx";
import { SideBySide } from "./side-by-side.tsx";
import { Track } from "./track.tsx";
import { WaitsFor } from "./waits-for.tsx";

/** One order: how far it is, whose move it is, what each system says of it, and everything that happened. */
export function Order() {
  const id = usePlace().params["order"] ?? "";
  const { data: order, error } = useQuery(ask("/v1/orders/{id}", { params: { path: { id } } }));
  if (error && !order) return <Fault error={error} />;
  if (!order) return <Loading />;
  const { customer, customerReference, quote, plants, businessUnit } = order;
  const intro = [
    customer && `Customer ${customer}`,
    customerReference && `their order ${customerReference}`,
    quote && quote !== order.id && `quote ${quote}`,
    plants.length > 0 && `made in ${plants.join(", ")}`,
    businessUnit,
  ];
  return (
    <>
      <PageHeader
        back={{ to: "/orders", title: "Orders" }}
        title={`Order ${order.id}`}
        state={order.risks.length > 0 && <RiskBadges risks={order.risks} />}
        intro={intro.filter(Boolean).join(" · ")}
        actions={<CheckAgain order={order} />}
      />
      <Track order={order} />
      <WaitsFor order={order} />
      <Columns
        side={
          <>
            <Panel title="Quantities">
              <Quantities order={order} />
            </Panel>
            <Panel title="Numbers">
              <Numbers numbers={order.numbers} />
            </Panel>
          </>
        }
      >
        <OpenCases cases={order.cases} />
        <OpenEffects effects={order.effects} />
        <SideBySide says={order.says} />
        <Production order={order} />
      </Columns>
      <OrderStory id={order.id} />
    </>
  );
}
