import { type Pool, query } from "../../db/pool.ts";
import type { Stage } from "../../view/order/stage.ts";
import { searchable } from "../../view/order/numbers.ts";
import { type Condition, filtered } from "../filter.ts";
import type { Scope } from "../scope.ts";
import type { NumberAnswer, OrderRow, Risk, Sort, StoredDetail } from "./order.ts";

type Row<T> = T & Record<string, unknown>;

/** Whether it will, or does already, leave later than was promised. Days are UTC's. */
const LATE = `(o.open and o.shipped_at is null and (o.projected_date > o.promised_date or o.promised_date < current_date))`;

const COLUMNS = `o.id, o.quote, o.customer, o.customer_reference as "customerReference", o.plants, o.business_unit as "businessUnit",
  o.stage, o.open, json_build_object('quote', ${utc("quote_at")}, 'order', ${utc("ordered_at")}, 'released', ${utc("released_at")},
    'in-production', ${utc("started_at")}, 'quality', ${utc("quality_at")}, 'received', ${utc("received_at")},
    'shipped', ${utc("shipped_at")}, 'invoiced', ${utc("invoiced_at")}) as reached,
  o.quantities::json as quantities, o.promised_date::text as "promisedDate", o.projected_date::text as "projectedDate",
  case when o.waiting_for is not null then
    json_build_object('for', o.waiting_for, 'since', ${utc("waiting_since")}, 'why', o.waiting_why) end as waiting,
  coalesce(${LATE}, false) as late, o.held, o.differing, o.last_at as "updatedAt", o.last_seq as seq`;

function utc(column: string): string {
  return `to_char(o.${column}, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}

export interface OrderFilter {
  readonly plant?: string | undefined;
  readonly businessUnit?: string | undefined;
  readonly customer?: string | undefined;
  readonly stage?: string | undefined;
  readonly waitingFor?: string | undefined;
  readonly open?: boolean | undefined;
  readonly risk?: Risk | undefined;
  readonly search?: Found | undefined;
  readonly scope: Scope;
}

/** The numbers that a search means: those from one up to another. */
export interface Found {
  readonly from: string;
  readonly until: string;
  /** So many bear one that it is quicker to go through the orders as they are sorted and look at the numbers of each. */
  readonly many: boolean;
}

/** Of an open case the objects it is about, as the numbers of an order name them. */
const BLOCKED = `o.id in (
    select n.id from cases c
    cross join lateral (values (c.subject), (c.correlation)) as s (object)
    join order_numbers n on n.search = upper(substr(s.object, strpos(s.object, '/') + 1))
      and n.kind || '/' || n.number = s.object
    where c.state = 'open')`;

const RISK: Record<Risk, string> = {
  late: LATE,
  // the same words as the index on orders at risk knows them
  held: "o.open and o.held",
  blocked: BLOCKED,
  differs: "o.open and o.differing > 0",
};

function conditionsOf(filter: OrderFilter): Condition[] {
  const { search } = filter;
  const few = search?.many === false ? search : undefined;
  const many = search?.many === true ? search : undefined;
  const risk = (which: Risk): Condition => [
    `${RISK[which]} and ?::boolean`,
    filter.risk === which || undefined,
  ];
  return [
    ["o.plants @> array[?::text]", filter.plant],
    ["o.business_unit = ?", filter.businessUnit],
    ["o.customer = ?", filter.customer],
    ["o.stage = ?", filter.stage],
    ["o.waiting_for = ?", filter.waitingFor],
    ["o.open = ?", filter.open],
    risk("late"),
    risk("held"),
    risk("blocked"),
    risk("differs"),
    [
      "o.id = any (array(select n.id from order_numbers n where n.search >= ? and n.search < ?))",
      few?.from,
      few?.until,
    ],
    [
      // a value, not a condition: PostgreSQL would turn `exists` into a join that reads all numbers first
      "(select true from order_numbers n where n.id = o.id and n.search >= ? and n.search < ? limit 1)",
      many?.from,
      many?.until,
    ],
    ["(o.plants = '{}' or o.plants && ?::text[])", filter.scope],
  ];
}

const FEW = 20_000;

/** The orders that bear a number which begins so, or is it. */
export async function findByNumber(pool: Pool, typed: string): Promise<Found> {
  const from = searchable(typed);
  const until = `${from}\u{10ffff}`;
  const rows = await query<{ many: boolean }>(
    pool,
    {
      name: "api_orders_by_number",
      text: `select count(*) > $3::integer as many from (
        select from order_numbers where search >= $1 and search < $2 limit $3::integer + 1) n`,
    },
    [from, until, FEW],
  );
  return { from, until, many: rows[0]!.many };
}

/** By which of their numbers these orders were found. */
export async function selectMatched(
  pool: Pool,
  ids: readonly string[],
  typed: string,
): Promise<(NumberAnswer & { readonly id: string })[]> {
  const from = searchable(typed);
  return query<Row<NumberAnswer & { id: string }>>(
    pool,
    {
      name: "api_orders_matched",
      text: `select n.id, n.kind, n.number from unnest($1::text[]) as g (id) cross join lateral (
          select id, kind, number from order_numbers n where n.id = g.id and n.search >= $2 and n.search < $3
          order by search, kind limit 5) n`,
    },
    [ids, from, `${from}\u{10ffff}`],
  );
}

/** The key of a list's rows, by what it is sorted by; with the id, which makes it unique. */
const SORT: Record<Sort, { readonly key: string; readonly way: "asc" | "desc"; readonly type: string }> = {
  latest: { key: "o.last_seq", way: "desc", type: "bigint" },
  promised: { key: "coalesce(o.promised_date, 'infinity')", way: "asc", type: "date" },
  waiting: { key: "o.waiting_since", way: "asc", type: "timestamptz" },
};

export async function selectOrders(
  pool: Pool,
  filter: OrderFilter,
  sort: Sort,
  after: readonly [key: string, id: string] | undefined,
  limit: number,
): Promise<(OrderRow & { readonly sortKey: string })[]> {
  const { statement, values } = orderList(filter, sort, after, limit);
  return query<Row<OrderRow & { sortKey: string }>>(pool, statement, values);
}

/** The statement of a list, for whoever wants to see how it is planned. */
export function orderList(
  filter: OrderFilter,
  sort: Sort,
  after: readonly [key: string, id: string] | undefined,
  limit: number,
): ReturnType<typeof filtered> {
  const { key, way, type } = SORT[sort];
  const beyond = way === "asc" ? ">" : "<";
  return filtered(
    `api_orders_${sort}`,
    `select ${COLUMNS}, (${key})::text as "sortKey" from orders o`,
    [
      ...conditionsOf(filter),
      [`(${key}, o.id) ${beyond} (?::${type}, ?)`, after?.[0], after?.[1]],
      // Whoever waits for nobody has no place in that order.
      ["o.waiting_for is not null and ?::boolean", sort === "waiting" || undefined],
    ],
    [`order by ${key} ${way}, o.id ${way} limit ?`, limit],
  );
}

export async function countByStage(
  pool: Pool,
  filter: OrderFilter,
): Promise<{ stage: Stage; count: number }[]> {
  const { statement, values } = stageCount(filter);
  return query<{ stage: Stage; count: number }>(pool, statement, values);
}

export function stageCount(filter: OrderFilter): ReturnType<typeof filtered> {
  return filtered(
    "api_orders_stages",
    "select o.stage, count(*) as count from orders o",
    conditionsOf({ ...filter, stage: undefined }),
    ["group by o.stage order by o.stage"],
  );
}

export async function countOpenCases(
  pool: Pool,
  ids: readonly string[],
): Promise<{ id: string; count: number }[]> {
  return query<{ id: string; count: number }>(
    pool,
    {
      name: "api_orders_cases",
      text: `select n.id, count(distinct c.id) as count from unnest($1::text[]) as g (id)
        join order_numbers n on n.id = g.id join cases c on c.subject = n.kind || '/' || n.number
        where c.state = 'open' group by n.id`,
    },
    [ids],
  );
}

export async function selectOrder(
  pool: Pool,
  id: string,
): Promise<(OrderRow & { readonly detail: StoredDetail }) | undefined> {
  const rows = await query<Row<OrderRow & { detail: StoredDetail }>>(
    pool,
    {
      name: "api_order",
      text: `select ${COLUMNS}, d.detail::json as detail from orders o join order_details d on d.id = o.id where o.id = $1`,
    },
    [id],
  );
  return rows[0];
}

export async function selectNumbers(pool: Pool, id: string, limit: number): Promise<NumberAnswer[]> {
  return query<Row<NumberAnswer>>(
    pool,
    {
      name: "api_order_numbers",
      text: "select kind, number from order_numbers where id = $1 order by kind, number limit $2",
    },
    [id, limit],
  );
}
