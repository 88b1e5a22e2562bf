import { Type } from "typebox";

import { answerPage, cursorOf, PAGE_QUERY, pageOf, readPage } from "../page.ts";
import { notFound, Problem } from "../problem.ts";
import { defineRoutes } from "../route.ts";
import { oneOf, strictObject, text, TIME } from "../schema.ts";
import { isInScope, type Scope, scopeOf } from "../scope.ts";
import { seldom } from "../seldom.ts";
import { type Kpi, KPIS } from "./definition.ts";
import {
  DAY,
  DEFINITION,
  type Figure,
  FRESH,
  GROUPS,
  ORDER,
  type OrderRow,
  PERIODS,
  POINT,
  RECENT,
} from "./kpi.ts";
import { OPEN, OPEN_KPIS, type OpenRow } from "./open.ts";
import {
  type Asked,
  type RecentRow,
  selectFreshness,
  selectLateReleases,
  selectOrders,
  selectRecent,
  selectSeries,
  selectUnposted,
} from "./queries.ts";

const ADDRESS = strictObject({ kpi: text("order-release-delay", 60) });
const FILTER = {
  plant: Type.Optional(text("Only of this plant.")),
  businessUnit: Type.Optional(text("Only of this business unit.")),
  part: Type.Optional(text("Only of this part, as the definition says what that is.", 100)),
};
/** Of days, weeks or months; a chart shows no more. */
const MOST_PERIODS = 400;
const DAYS = { day: 1, week: 7, month: 30 } as const;
const SHOWN = { day: 30, week: 12, month: 12 } as const;
const DAY_MS = 86_400_000;
const OPEN_CURSOR = cursorOf(TIME, Type.String({ maxLength: 300 }));
const CURSOR = cursorOf(
  Type.String({ pattern: "^-?[0-9]+([.][0-9]+)?$", maxLength: 200 }),
  Type.String(),
  Type.String(),
);

export default defineRoutes((api, { pool, project }) => {
  const zones = Object.fromEntries([...project.plants.values()].map(({ id, timeZone }) => [id, timeZone]));
  const recent = seldom(() =>
    selectRecent(
      pool,
      KPIS.flatMap(({ whole }) => whole ?? []),
    ),
  );

  api.get(
    "/v1/kpis",
    {
      config: { access: "kpi.read" },
      schema: {
        tags: ["kpis"],
        summary: "Every figure: what it means, and what it came to in the last thirty days",
        response: { 200: Type.Object({ items: Type.Array(RECENT) }) },
      },
    },
    async (request) => {
      const scope = scopeOf(request);
      const { value: rows, at } = await recent();
      return {
        items: KPIS.map((kpi) => ({ ...definitionOf(kpi), ...halvesOf(kpi, rows, scope), countedAt: at })),
      };
    },
  );

  api.get(
    "/v1/kpis/:kpi",
    {
      config: { access: "kpi.read" },
      schema: {
        tags: ["kpis"],
        summary: "One figure over time",
        params: ADDRESS,
        querystring: strictObject({
          period: Type.Optional(oneOf(PERIODS, "day unless told.")),
          from: Type.Optional({
            ...DAY,
            description: "The first day; 30 days, 12 weeks or 12 months back unless told.",
          }),
          until: Type.Optional({ ...DAY, description: "The last day; today unless told." }),
          by: Type.Optional(oneOf(GROUPS, "Told apart by.")),
          ...FILTER,
        }),
        response: {
          200: Type.Object({
            definition: DEFINITION,
            period: oneOf(PERIODS),
            from: Type.String(),
            until: Type.String(),
            points: Type.Array(POINT),
            fresh: FRESH,
          }),
        },
      },
    },
    async (request) => {
      const { params, query } = request;
      const kpi = find(params.kpi);
      const { period = "day", by = null, part = by === "part" ? null : kpi.whole } = query;
      const { from, until } = spanOf(period, query);
      const asked: Asked = { ...askedOf(kpi, query, scopeOf(request)), period, from, until, part };
      const [rows, fresh] = await Promise.all([
        selectSeries(pool, asked, by),
        selectFreshness(pool, kpi.views),
      ]);
      const points = rows.map(({ p95, ...row }) => ({
        ...row,
        value: valueOf(kpi, row),
        p95: kpi.unit === "seconds" ? p95 : null,
      }));
      return { definition: definitionOf(kpi), period, from, until, points, fresh };
    },
  );

  api.get(
    "/v1/kpis/:kpi/orders",
    {
      config: { access: "kpi.read" },
      schema: {
        tags: ["kpis"],
        summary: "The orders behind a point, the worst first",
        params: ADDRESS,
        querystring: strictObject({
          period: Type.Optional(oneOf(PERIODS, "day unless told.")),
          at: { ...DAY, description: "The point's `period`: its first day." },
          ...FILTER,
          ...PAGE_QUERY,
        }),
        response: { 200: pageOf(ORDER) },
      },
    },
    async (request) => {
      const { params, query } = request;
      const kpi = find(params.kpi);
      const { after, limit } = readPage(query, CURSOR);
      const { period = "day", at, part = kpi.whole } = query;
      const asked: Asked = {
        ...askedOf(kpi, query, scopeOf(request)),
        period,
        from: at,
        until: lastDayOf(period, at),
        part,
      };
      const rows = await selectOrders(pool, asked, kpi, after, limit + 1);
      return answerPage(
        rows,
        limit,
        ({ rank, object, part: own }) => [rank, object, own ?? ""],
        (row) => ({ ...withoutRank(row), value: valueOf(kpi, row) }),
      );
    },
  );

  api.get(
    "/v1/kpis/:kpi/open",
    {
      config: { access: "kpi.read" },
      schema: {
        tags: ["kpis"],
        summary:
          "What is open now of a figure: orders that wait for their release, reports without a posting",
        params: strictObject({ kpi: oneOf(OPEN_KPIS) }),
        querystring: strictObject({ plant: FILTER.plant, businessUnit: FILTER.businessUnit, ...PAGE_QUERY }),
        response: { 200: pageOf(OPEN) },
      },
    },
    async (request) => {
      const { params, query } = request;
      const { after, limit } = readPage(query, OPEN_CURSOR);
      const { plant, businessUnit } = query;
      const asked = {
        plant: plant ?? null,
        businessUnit: businessUnit ?? null,
        scope: scopeOf(request) ?? null,
      };
      const select = params.kpi === "order-release-delay" ? selectLateReleases : selectUnposted;
      return answerPage(
        await select(pool, asked, after, limit + 1),
        limit,
        ({ since, key }) => [since, key],
        withoutKey,
      );
    },
  );

  function askedOf(
    { name, byDate }: Kpi,
    { plant, businessUnit }: { plant?: string; businessUnit?: string },
    scope: Scope,
  ) {
    return {
      kpi: name,
      plant: plant ?? null,
      businessUnit: businessUnit ?? null,
      scope: scope ?? null,
      zones: byDate ? {} : zones,
    };
  }
});

function find(name: string): Kpi {
  const kpi = KPIS.find((each) => each.name === name);
  if (!kpi) throw notFound("figure", name);
  return kpi;
}

function definitionOf({ name, title, unit, better, words, formula, standard, part, counted }: Kpi) {
  return { name, title, unit, better, words, formula, standard, part, counted };
}

function withoutRank(row: OrderRow): Omit<OrderRow, "rank"> {
  const { rank: _, ...rest } = row;
  return rest;
}

function withoutKey(row: OpenRow): Omit<OpenRow, "key"> {
  const { key: _, ...rest } = row;
  return rest;
}

function valueOf({ unit }: Kpi, { numerator, denominator }: Omit<Figure, "value">): number | null {
  if (unit === "count") return numerator;
  return denominator === 0 ? null : numerator / denominator;
}

function halvesOf(kpi: Kpi, rows: readonly RecentRow[], scope: Scope) {
  const own = rows.filter(
    (row) =>
      row.kpi === kpi.name && isInScope(scope, row.plant) && (kpi.whole === null || row.part === kpi.whole),
  );
  const half = (recent: boolean): Figure => {
    const sum = { numerator: 0, denominator: 0, count: 0 };
    for (const row of own) {
      if (row.recent !== recent) continue;
      sum.numerator += row.numerator;
      sum.denominator += row.denominator;
      sum.count += row.count;
    }
    return { ...sum, value: valueOf(kpi, sum) };
  };
  return { last30Days: half(true), before: half(false) };
}

function spanOf(period: "day" | "week" | "month", { from, until }: { from?: string; until?: string }) {
  const last = until ?? dayOf(Date.now());
  const first = from ?? dayOf(Date.parse(last) - SHOWN[period] * DAYS[period] * DAY_MS);
  const days = (Date.parse(last) - Date.parse(first)) / DAY_MS;
  if (days < 0 || days > MOST_PERIODS * DAYS[period]) {
    const detail =
      days < 0 ? "is after the last day" : `is more than ${MOST_PERIODS} ${period}s before the last day`;
    throw new Problem(400, "REQUEST_INVALID", `query: from ${detail}`, {
      errors: [{ pointer: "from", detail }],
    });
  }
  return { from: first, until: last };
}

function lastDayOf(period: "day" | "week" | "month", first: string): string {
  const day = new Date(first);
  if (period === "week") day.setUTCDate(day.getUTCDate() + 6);
  if (period === "month") day.setUTCMonth(day.getUTCMonth() + 1, 0);
  return dayOf(day.getTime());
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
