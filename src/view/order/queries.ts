import { type Client, query } from "../../db/pool.ts";
import type { ObjectRef } from "../../event/envelope.ts";
import { type OrderNumber, searchable } from "./numbers.ts";
import { STEPS } from "./stage.ts";
import type { OrderRow } from "./summary.ts";
import type { Step } from "./whole.ts";

type Row<T> = T & Record<string, unknown>;

interface PartRow {
  readonly subject: string;
  /** JSON of a `Part`. */
  readonly told: string;
}

export async function selectParts(on: Client, subjects: readonly string[]): Promise<PartRow[]> {
  if (subjects.length === 0) return [];
  return query<Row<PartRow>>(
    on,
    {
      name: "order.parts",
      text: "select p.subject, p.told from unnest($1::text[]) as g (subject) join order_parts p on p.subject = g.subject",
    },
    [subjects],
  );
}

export async function upsertParts(on: Client, parts: readonly PartRow[]): Promise<void> {
  if (parts.length === 0) return;
  await query(
    on,
    {
      name: "order.upsert-parts",
      text: `insert into order_parts (subject, told) select * from unnest($1::text[], $2::text[])
        on conflict (subject) do update set told = excluded.told`,
    },
    [parts.map(({ subject }) => subject), parts.map(({ told }) => told)],
  );
}

/** The sales orders above some objects, by links learned up to a position. */
export async function selectOrdersAbove(
  on: Client,
  objects: readonly ObjectRef[],
  upTo: number,
): Promise<string[]> {
  if (objects.length === 0) return [];
  const rows = await query<{ id: string }>(
    on,
    {
      name: "order.above",
      text: `with recursive reached (kind, id) as (
          select k collate "C", i collate "C" from unnest($1::text[], $2::text[]) as o (k, i)
          union
          select l.parent_kind, l.parent_id from reached r join links l on l.child_kind = r.kind and l.child_id = r.id
          where l.since_seq <= $3 and l.parent_kind in ('salesOrder', 'productionOrder', 'workOrder'))
        select id from reached where kind = 'salesOrder'`,
    },
    [objects.map(({ kind }) => kind), objects.map(({ id }) => id), upTo],
  );
  return rows.map(({ id }) => id);
}

/** What concerns a customer as such concerns only orders that are not at their end. */
export async function selectOpenOrdersOf(on: Client, customers: readonly string[]): Promise<string[]> {
  if (customers.length === 0) return [];
  const rows = await query<{ id: string }>(
    on,
    {
      name: "order.of-customers",
      text: "select o.id from unnest($1::text[]) as g (customer) join orders o on o.customer = g.customer and o.open",
    },
    [customers],
  );
  return rows.map(({ id }) => id);
}

/** The walk down from sales orders, by links learned up to a position; ends at lots and serial numbers. */
export async function selectStepsBelow(
  on: Client,
  orders: readonly string[],
  upTo: number,
): Promise<(Step & { readonly root: string })[]> {
  type StepRow = { root: string; kind: string; id: string; parent_kind: string; parent_id: string };
  const rows = await query<StepRow>(
    on,
    {
      name: "order.below",
      text: `with recursive reached (root, kind, id, parent_kind, parent_id) as (
          select o collate "C", 'salesOrder' collate "C", o collate "C", '' collate "C", '' collate "C" from unnest($1::text[]) as o
          union
          select r.root, l.child_kind, l.child_id, l.parent_kind, l.parent_id
          from reached r join links l on l.parent_kind = r.kind and l.parent_id = r.id
          where l.since_seq <= $2 and r.kind in ('salesOrder', 'productionOrder', 'workOrder'))
        select * from reached where parent_kind <> ''`,
    },
    [orders, upTo],
  );
  return rows.map(({ root, kind, id, parent_kind, parent_id }) => ({
    root,
    object: { kind, id },
    parent: { kind: parent_kind, id: parent_id },
  }));
}

/** Writes orders as they are now, each with its details and its numbers. */
export async function upsertOrders(
  on: Client,
  orders: readonly OrderRow[],
  numbers: readonly (OrderNumber & { readonly id: string })[],
): Promise<void> {
  if (orders.length === 0) return;
  await query(
    on,
    {
      name: "order.upsert",
      // An order without a new row and numbers that are no longer its own: both are told apart by the id alone.
      text: `with given as materialized (
          select * from json_to_recordset($1::json) as r (
            id text, quote text, customer text, customer_reference text, plants text[], business_unit text, stage text, open boolean,
            quote_at timestamptz, ordered_at timestamptz, released_at timestamptz, started_at timestamptz, quality_at timestamptz,
            received_at timestamptz, shipped_at timestamptz, invoiced_at timestamptz, quantities json, promised_date date,
            projected_date date, waiting_for text, waiting_since timestamptz, waiting_why text, held boolean, differing integer,
            last_at timestamptz, last_seq bigint, detail json)
        ), detailed as (
          insert into order_details (id, detail) select id, detail::text from given
          on conflict (id) do update set detail = excluded.detail
        ), named as materialized (
          select * from json_to_recordset($2::json) as r (id text, kind text, number text, search text)
        ), forgotten as (
          delete from order_numbers n where n.id in (select id from given)
            and (n.id, n.kind, n.number) not in (select id, kind, number from named)
        ), found as (
          insert into order_numbers (id, kind, number, search) select id, kind, number, search from named
          on conflict (id, kind, number) do nothing
        )
        insert into orders (id, quote, customer, customer_reference, plants, business_unit, stage, open, quote_at, ordered_at,
          released_at, started_at, quality_at, received_at, shipped_at, invoiced_at, quantities, promised_date, projected_date,
          waiting_for, waiting_since, waiting_why, held, differing, last_at, last_seq)
        select id, quote, customer, customer_reference, plants, business_unit, stage, open, quote_at, ordered_at,
          released_at, started_at, quality_at, received_at, shipped_at, invoiced_at, quantities::text, promised_date, projected_date,
          waiting_for, waiting_since, waiting_why, held, differing, last_at, last_seq
        from given
        on conflict (id) do update set quote = excluded.quote, customer = excluded.customer,
          customer_reference = excluded.customer_reference, plants = excluded.plants, business_unit = excluded.business_unit,
          stage = excluded.stage, open = excluded.open, quote_at = excluded.quote_at, ordered_at = excluded.ordered_at,
          released_at = excluded.released_at, started_at = excluded.started_at, quality_at = excluded.quality_at,
          received_at = excluded.received_at, shipped_at = excluded.shipped_at, invoiced_at = excluded.invoiced_at,
          quantities = excluded.quantities, promised_date = excluded.promised_date, projected_date = excluded.projected_date,
          waiting_for = excluded.waiting_for, waiting_since = excluded.waiting_since, waiting_why = excluded.waiting_why,
          held = excluded.held, differing = excluded.differing, last_at = excluded.last_at, last_seq = excluded.last_seq`,
    },
    [JSON.stringify(orders.map(columnsOf)), JSON.stringify(numbers.map(numberColumns))],
  );
}

/** The column that says when a step was reached. */
const REACHED = {
  quote: "quote_at",
  order: "ordered_at",
  released: "released_at",
  "in-production": "started_at",
  quality: "quality_at",
  received: "received_at",
  shipped: "shipped_at",
  invoiced: "invoiced_at",
} as const satisfies Record<(typeof STEPS)[number], string>;

function columnsOf(order: OrderRow): object {
  const { waiting, last } = order;
  return {
    id: order.id,
    quote: order.quote,
    customer: order.customer,
    customer_reference: order.customerReference,
    plants: order.plants,
    business_unit: order.businessUnit,
    stage: order.stage,
    open: order.open,
    ...Object.fromEntries(STEPS.map((step) => [REACHED[step], order.reached[step]])),
    quantities: order.quantities,
    promised_date: order.promisedDate,
    projected_date: order.projectedDate,
    waiting_for: waiting?.for ?? null,
    waiting_since: waiting?.since ?? null,
    waiting_why: waiting?.why ?? null,
    held: order.held,
    differing: order.differing,
    last_at: last.at,
    last_seq: last.seq,
    detail: order.detail,
  };
}

function numberColumns({ id, kind, number }: OrderNumber & { readonly id: string }): object {
  return { id, kind, number, search: searchable(number) };
}
