import { CASE_OWNERS } from "../../process/contract.ts";
import { systemOf } from "../../event/envelope.ts";
import { defineRoutes } from "../route.ts";
import { isInScope, type Scope, scopeOf } from "../scope.ts";
import { seldom } from "../seldom.ts";
import { healthOf } from "../systems/health.ts";
import { type Overview, OVERVIEW } from "./overview.ts";
import { type Counts, type Rates, selectCounts, selectRates } from "./queries.ts";

/** So many sets of plants that accounts are limited to are kept apart. */
const SCOPES_LIMIT = 200;

export default defineRoutes((api, { pool, systems, pulseOf }) => {
  const rates = seldom(() => selectRates(pool));
  const counts = new Map<string, ReturnType<typeof seldom<Counts>>>();

  function countsOf(scope: Scope) {
    const key = JSON.stringify(scope ?? null);
    let known = counts.get(key);
    if (!known) {
      if (counts.size >= SCOPES_LIMIT) counts.clear();
      const ids = systemsIn(scope).map(({ id }) => id);
      counts.set(key, (known = seldom(() => selectCounts(pool, ids, scope))));
    }
    return known();
  }

  const systemsIn = (scope: Scope) => [...systems.values()].filter(({ plant }) => isInScope(scope, plant));

  api.get(
    "/v1/overview",
    {
      config: { access: "overview.read" },
      schema: {
        tags: ["overview"],
        summary: "Whether the factory tells one story, and if not, where, since when, and whose move it is",
        response: { 200: OVERVIEW },
      },
    },
    async (request) => {
      const scope = scopeOf(request);
      const [{ value: moved }, { value: counted, at }] = await Promise.all([rates(), countsOf(scope)]);
      const shown = new Set(systemsIn(scope).map(({ id }) => id));
      return {
        at,
        nodes: nodesOf(counted),
        links: linksOf(moved).filter(({ system }) => shown.has(system)),
        window: { seconds: moved.seconds, eventsPerSecond: moved.events / moved.seconds },
        figures: figuresOf(counted),
        teams: teamsOf(counted),
      };
    },
  );

  function nodesOf(counted: Counts): Overview["nodes"] {
    return counted.systems.map(
      ({ system, paused, silentSince, due, unknown, parked, waiting, quarantined }) => {
        const { role, plant = null, connector = null } = systems.get(system)!;
        const pulse = pulseOf(system);
        const signs = { paused, silentSince, parkedLanes: parked, unknownLanes: unknown, quarantined, pulse };
        return {
          system,
          role,
          plant,
          connector,
          ...healthOf(signs),
          waitingEffects: due + parked,
          waitingMessages: waiting,
        };
      },
    );
  }
});

function linksOf({ seconds, told, applied }: Rates): Overview["links"] {
  const into = Object.entries(told).flatMap(([source, n]) => {
    const system = systemOf(source);
    return system === undefined ? [] : [{ system, direction: "in" as const, perSecond: n / seconds }];
  });
  const out = Object.entries(applied).map(([system, n]) => ({
    system,
    direction: "out" as const,
    perSecond: n / seconds,
  }));
  return [...into, ...out];
}

function figuresOf({ orders, late, unposted, unknown, parked, systems, teams }: Counts): Overview["figures"] {
  const count = (
    name: Overview["figures"][number]["name"],
    title: string,
    { count: value, since }: { count: number; since: string | null },
    query: string,
  ) => ({ name, title, value, unit: "count" as const, since, of: null, query });
  const sum = (numbers: readonly number[]) => numbers.reduce((total, n) => total + n, 0);
  return [
    {
      name: "orders-consistent",
      title: "Orders on which all systems agree",
      value: orders.open === 0 ? null : orders.consistent / orders.open,
      unit: "share",
      since: null,
      of: orders.open,
      query: "/v1/orders?risk=differs",
    },
    count("orders-released-late", "Orders released late", late, "/v1/kpis/order-release-delay/open"),
    count(
      "confirmations-not-posted",
      "Confirmations not posted",
      unposted,
      "/v1/kpis/unposted-confirmations/open",
    ),
    count("effects-unknown", "Effects of unknown outcome", unknown, "/v1/effects?state=unknown"),
    count("effects-parked", "Effects that wait for a person", parked, "/v1/effects?state=parked"),
    count(
      "messages-quarantined",
      "Messages in quarantine",
      { count: sum(systems.map(({ quarantined }) => quarantined)), since: null },
      "/v1/inbound?state=quarantined",
    ),
    count(
      "cases-open",
      "Open cases",
      { count: sum(teams.map(({ open }) => open)), since: null },
      "/v1/cases?state=open",
    ),
  ];
}

function teamsOf({ teams }: Counts): Overview["teams"] {
  return CASE_OWNERS.map((owner) => {
    const { open = 0, overdue = 0, nextDueAt = null } = teams.find((each) => each.owner === owner) ?? {};
    return { owner, open, overdue, nextDueAt, query: `/v1/cases?state=open&owner=${owner}` };
  });
}
