-- KPIs: what the views `production`, `report` and `sales` keep of the ledger, and the figures made of it. A row is an order, a report
-- or a line; what a figure means is in one place, kpi_points.

create table kpi_production (
  production_order text collate "C" primary key,
  item text collate "C",
  plant text collate "C",
  business_unit text collate "C",
  -- the ERP wants it made
  released_at timestamptz,
  -- it could not go to the plant then, since when and for which gates
  delayed_since timestamptz,
  delayed_for text,
  -- it went to the plant
  sent_at timestamptz,
  -- the planned end when it went: later plans do not move it
  due_at timestamptz,
  started_at timestamptz,
  completed_at timestamptz,
  -- nothing more is expected of it: closed or cancelled in the ERP
  ended_at timestamptz,
  cancelled boolean not null
);
create index kpi_production_by_sent on kpi_production (sent_at);
create index kpi_production_by_due on kpi_production (due_at);
create index kpi_production_waiting on kpi_production (released_at) where sent_at is null and ended_at is null;

create table kpi_pegging (
  production_order text collate "C" not null,
  sales_order text collate "C" not null,
  primary key (production_order, sales_order)
);
create index kpi_pegging_by_sales on kpi_pegging (sales_order);

create table kpi_reports (
  work_order text collate "C" not null,
  operation text collate "C" not null,      -- empty: the order as a whole, where no operations are reported
  confirmation bigint not null,
  seq bigint not null,
  production_order text collate "C" not null,
  plant text collate "C",
  business_unit text collate "C",
  work_center text collate "C",
  unit text collate "C" not null,
  good numeric not null,
  scrap numeric not null,
  rework numeric not null,
  corrects bigint,                          -- a difference to an earlier report
  reported_at timestamptz not null,
  recorded_at timestamptz not null,
  posted_at timestamptz,                    -- the ERP has it: its echo, or the effect was applied
  primary key (work_order, operation, confirmation)
);
create index kpi_reports_by_order on kpi_reports (production_order);
create index kpi_reports_by_seq on kpi_reports (seq);
create index kpi_reports_by_time on kpi_reports (reported_at);
create index kpi_reports_unposted on kpi_reports (reported_at) where posted_at is null and corrects is null;

create table kpi_sales (
  sales_order text collate "C" primary key,
  customer text collate "C",
  plant text collate "C",
  business_unit text collate "C",
  wanted_at timestamptz,                    -- the quote was accepted, or the order asked for
  created_at timestamptz,                   -- the ERP holds it
  shipped_at timestamptz,                   -- every line had left in full
  cancelled_at timestamptz,
  shipments text[] not null                 -- counted: told by the warehouse and again by the ERP, one leaves once
);
create index kpi_sales_by_shipped on kpi_sales (shipped_at);

create table kpi_sales_lines (
  sales_order text collate "C" not null,
  line integer not null,
  item text collate "C" not null,
  unit text collate "C" not null,
  ordered numeric not null,
  shipped numeric not null,
  first_promise date,                       -- what the customer was told first: later promises do not move it
  promise date,
  completed_on date,
  primary key (sales_order, line)
);
create index kpi_sales_lines_by_promise on kpi_sales_lines (first_promise);

-- One row for each thing that counts into a figure. A figure over many is the sum of `numerator` through the sum of `denominator`;
-- `part` is what a figure is told apart by: a stage of an order, an operation.
-- One statement without arguments, so that it is planned as a part of whatever asks: the figures that are not asked for cost nothing.
create function kpi_points() returns table (
  kpi text, object text, part text, plant text, business_unit text, unit text, at timestamptz, numerator numeric, denominator numeric)
language sql stable as $$
select 'order-release-delay'::text, 'productionOrder/' || p.production_order, null::text, p.plant, p.business_unit,
  null::text, p.sent_at, extract(epoch from p.sent_at - p.released_at), 1::numeric
from kpi_production p where p.released_at is not null and p.sent_at is not null
union all
select 'schedule-adherence', 'productionOrder/' || p.production_order, null, p.plant, p.business_unit,
  null, p.due_at, case when p.completed_at <= p.due_at + interval '1 day' then 1::numeric else 0 end, 1::numeric
from kpi_production p where p.due_at is not null and not p.cancelled
  and (p.completed_at is not null or p.due_at + interval '1 day' < now())
union all
select 'unposted-confirmations', 'productionOrder/' || r.production_order, nullif(r.operation, ''), r.plant,
  coalesce(r.business_unit, p.business_unit), r.unit, r.reported_at, case when r.posted_at is null then 1::numeric else 0 end, 1::numeric
from kpi_reports r left join kpi_production p on p.production_order = r.production_order where r.corrects is null
union all
-- A piece that comes back from rework as good was not good at first: it counts in what was made, once, and never as good.
select 'first-pass-yield', 'productionOrder/' || r.production_order, nullif(r.operation, ''), r.plant,
  coalesce(r.business_unit, p.business_unit), r.unit, r.reported_at, r.good - greatest(0, - r.rework), r.good + r.scrap + r.rework
from kpi_reports r left join kpi_production p on p.production_order = r.production_order
union all
select 'scrap-ratio', 'productionOrder/' || r.production_order, nullif(r.operation, ''), r.plant,
  coalesce(r.business_unit, p.business_unit), r.unit, r.reported_at, r.scrap, r.good + r.scrap + r.rework
from kpi_reports r left join kpi_production p on p.production_order = r.production_order
union all
select 'communication-lag', 'productionOrder/' || r.production_order, null, r.plant,
  coalesce(r.business_unit, p.business_unit), null, r.reported_at, extract(epoch from r.recorded_at - r.reported_at), 1::numeric
from kpi_reports r left join kpi_production p on p.production_order = r.production_order
union all
select 'on-time-shipment', 'salesOrder/' || l.sales_order, l.line::text, s.plant, s.business_unit,
  null, l.first_promise::timestamptz, case when l.completed_on <= l.first_promise then 1::numeric else 0 end, 1::numeric
from kpi_sales_lines l join kpi_sales s on s.sales_order = l.sales_order
where l.first_promise is not null and s.cancelled_at is null and (l.completed_on is not null or l.first_promise < current_date)
union all
select 'on-time-to-latest-promise', 'salesOrder/' || l.sales_order, l.line::text, s.plant, s.business_unit,
  null, l.promise::timestamptz, case when l.completed_on <= l.promise then 1::numeric else 0 end, 1::numeric
from kpi_sales_lines l join kpi_sales s on s.sales_order = l.sales_order
where l.promise is not null and s.cancelled_at is null and (l.completed_on is not null or l.promise < current_date)
union all
select 'order-cycle-time', 'salesOrder/' || s.sales_order, stage.part, coalesce(s.plant, made.plant), coalesce(s.business_unit, made.business_unit),
  null, s.shipped_at, extract(epoch from stage.until - stage.since), 1::numeric
from kpi_sales s
left join lateral (
  select min(p.plant) as plant, min(p.business_unit) as business_unit, min(p.sent_at) as sent_at, min(p.started_at) as started_at,
    max(p.completed_at) as completed_at
  from kpi_pegging g join kpi_production p on p.production_order = g.production_order where g.sales_order = s.sales_order) made on true
cross join lateral (values
  ('total', s.wanted_at, s.shipped_at),
  ('1 order', s.wanted_at, s.created_at),
  ('2 release', s.created_at, made.sent_at),
  ('3 start', made.sent_at, made.started_at),
  ('4 production', made.started_at, made.completed_at),
  ('5 shipping', coalesce(made.completed_at, s.created_at), s.shipped_at)) as stage (part, since, until)
where s.shipped_at is not null and s.cancelled_at is null and stage.since is not null and stage.until is not null;
$$;

-- What people said of a system's values ahead of the crosswalk files. A row of the files for the same value stands before it.
create table crosswalk_entries (
  system text collate "C" not null,
  kind text collate "C" not null,
  native text collate "C" not null,
  canonical text collate "C" not null,
  preferred boolean not null,
  seq bigint not null,                      -- of the event that tells who said it and why
  actor text not null,
  reason text not null,
  added_at timestamptz not null,
  primary key (system, kind, native)
);
create unique index crosswalk_entries_by_seq on crosswalk_entries (seq);

-- What people did, without looking through what systems told.
create index events_by_person on events (seq) where actor is not null;

-- Whether the ledger is as it was written, as far as somebody has looked. Asked for by a person or by the clock, done by one hub.
create table verifications (
  id integer generated always as identity primary key,
  asked_at timestamptz not null default clock_timestamp(),
  asked_by text,                            -- null: the clock
  began_at timestamptz,
  hub_id text,
  ended_at timestamptz,
  verified bigint not null default 0,       -- so many events are as they were written
  head bigint,                              -- where the ledger stood when it began
  proven_seq bigint,                        -- the last anchor that was compared, and when it was signed
  proven_at timestamptz,
  ok boolean,
  finding text,                             -- JSON: the first place where it is not
  constraint verifications_ended check ((ended_at is null) = (ok is null))
);
create unique index verifications_one_asked on verifications ((true)) where began_at is null;
