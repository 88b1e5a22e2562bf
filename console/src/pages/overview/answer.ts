import type { Answer } from "../../api/query.ts";

type OverviewAnswer = Answer<"/v1/overview">;
export type Node = OverviewAnswer["nodes"][number];
export type Link = OverviewAnswer["links"][number];
export type Figure = OverviewAnswer["figures"][number];
export type Team = OverviewAnswer["teams"][number];

/** The page that lists what is behind a figure. */
export const PAGE_OF: Readonly<Record<Figure["name"], string>> = {
  "orders-consistent": "/orders?risk=differs",
  "orders-released-late": "/kpis/order-release-delay",
  "confirmations-not-posted": "/kpis/unposted-confirmations",
  "effects-unknown": "/effects?state=unknown",
  "effects-parked": "/effects?state=parked",
  "messages-quarantined": "/cases",
  "cases-open": "/cases",
};
