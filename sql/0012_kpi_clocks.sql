-- Moments of one figure come from the clocks of several systems. Clocks that disagree by little make no time of nothing; where they
-- disagree by more than an hour, nobody knows how long it took, and it does not count.
create function seconds_between(since timestamptz, until timestamptz) returns numeric
language sql immutable as $$
  select case when until > since - interval '1 hour' then greatest(0, extract(epoch from until - since)) end
$$;

-- One row for each thing that counts into a figure. A figure over many is the sum of `numerator` through the sum of `denominator`;
-- `part` is what a figure is told apart by: a stage of an order, an operation.
-- One statement without arguments, so that it is planned as a part of whatever asks: the figures that are not asked for cost nothing.
create or replace function kpi_points() returns table (
  kpi text, object text, part text, plant text, business_unit text, unit text, at timestamptz, numerator numeric, denominator numeric)
language sql stable as $$
select 'order-release-delay'::text, 'productionOrder/' || p.production_order, null::text, p.plant, p.business_unit,
  null::text, p.sent_at, seconds_between(p.released_at, p.sent_at), 1::numeric
from kpi_production p where seconds_between(p.released_at, p.sent_at) is not null
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
  coalesce(r.business_unit, p.business_unit), null, r.reported_at, seconds_between(r.reported_at, r.recorded_at), 1::numeric
from kpi_reports r left join kpi_production p on p.production_order = r.production_order
where seconds_between(r.reported_at, r.recorded_at) is not null
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
  null, s.shipped_at, seconds_between(stage.since, stage.until), 1::numeric
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
where s.shipped_at is not null and s.cancelled_at is null and seconds_between(stage.since, stage.until) is not null;
$$;
