-- The whole schema as the migrations leave it, for reading. Written from the catalogs by `npm run schema`; the check
-- fails when it differs.
set check_function_bodies = off;

CREATE OR REPLACE FUNCTION public.is_attempt(kind text, class text)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE
AS $function$
begin
  return kind in ('send', 'probe')
    and class in ('applied', 'accepted', 'retry', 'reject', 'auth', 'unknown', 'absent', 'different', 'partial', 'lost');
end $function$;

CREATE OR REPLACE FUNCTION public.is_outcome(kind text)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE
AS $function$
begin
  return kind in ('applied', 'rejected', 'cancelled', 'withdrawn');
end $function$;

CREATE OR REPLACE FUNCTION public.lane_is_sound(state text, head text, doing text, wake_at timestamp with time zone, send_deadline timestamp with time zone, parked_for text, why text)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE
AS $function$
begin
  return coalesce(case state
    when 'idle' then head is null and doing is null and wake_at is null and parked_for is null
    when 'ready' then head is not null and doing is null and wake_at is not null and parked_for is null
    when 'sending' then head is not null and doing in ('send', 'probe') and wake_at is null and parked_for is null
      and send_deadline is not null
    when 'accepted' then head is not null and doing is null and wake_at is not null and parked_for is null
    when 'unknown' then head is not null and doing is null and wake_at is not null and parked_for is null
    when 'parked' then head is not null and doing is null and wake_at is null
      and parked_for in ('rejected', 'exhausted', 'unproven', 'mismatch') and why is not null
  end, false);
end $function$;

create table accounts (
  id text collate "C" not null,
  kind text not null,
  name text not null,
  roles text[] default '{}'::text[] not null,
  plants text[],
  system text,
  password text,
  failures integer default 0 not null,
  locked_until timestamp with time zone,
  issuer text,
  issuer_subject text,
  disabled_at timestamp with time zone,
  created_at timestamp with time zone default clock_timestamp() not null,
  signed_in_at timestamp with time zone,
  version integer default 1 not null,
  constraint accounts_key PRIMARY KEY (id),
  constraint accounts_issuer UNIQUE (issuer, issuer_subject),
  constraint accounts_id CHECK (id ~ '^[a-z0-9][a-z0-9._@+-]{0,99}$'::text),
  constraint accounts_kind CHECK (kind = ANY (ARRAY['person'::text, 'service'::text])),
  constraint accounts_plants CHECK (plants IS NULL OR cardinality(plants) > 0),
  constraint accounts_service CHECK ((kind = 'service'::text) = (system IS NOT NULL) AND (kind = 'person'::text OR roles = '{}'::text[] AND plants IS NULL AND password IS NULL AND issuer IS NULL))
);

create table anchors (
  epoch integer not null,
  seq bigint not null,
  chain bytea not null,
  signed_at timestamp with time zone not null,
  signature text not null,
  constraint anchors_pkey PRIMARY KEY (epoch, seq)
);
comment on table anchors is 'A copy for people who look here. What counts is the anchor file outside the database.';

create table api_tokens (
  secret_hash bytea not null,
  id text not null,
  account text collate "C" not null,
  name text not null,
  permissions text[] not null,
  made_at timestamp with time zone default clock_timestamp() not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  constraint api_tokens_key PRIMARY KEY (secret_hash),
  constraint api_tokens_id UNIQUE (id),
  constraint api_tokens_account FOREIGN KEY (account) REFERENCES accounts(id)
);
CREATE INDEX api_tokens_of_account on api_tokens (account);

create table attempts (
  reference text collate "C" not null,
  n integer not null,
  kind text not null,
  began_at timestamp with time zone not null,
  ended_at timestamp with time zone not null,
  class text not null,
  status text,
  detail text,
  constraint attempts_pkey PRIMARY KEY (reference, n),
  constraint attempts_sound CHECK (is_attempt(kind, class))
);
comment on table attempts is 'One call is one row. Until it ends, the lane row itself (sending, attempt, send_deadline) is the record of the intent.';

create table cases (
  id bigint generated always as identity,
  fingerprint text collate "C" not null,
  kind text collate "C" not null,
  owner text collate "C" not null,
  assignee text,
  plant text collate "C",
  system text collate "C",
  subject text collate "C" not null,
  correlation text collate "C",
  title text not null,
  detail text not null,
  state text default 'open'::text not null,
  opened_at timestamp with time zone default clock_timestamp() not null,
  sla_at timestamp with time zone,
  closed_at timestamp with time zone,
  closed_by text,
  resolution text,
  version integer default 1 not null,
  constraint cases_pkey PRIMARY KEY (id),
  constraint cases_closed CHECK ((state = 'closed'::text) = (closed_at IS NOT NULL)),
  constraint cases_state CHECK (state = ANY (ARRAY['open'::text, 'closed'::text]))
) with (fillfactor=70);
CREATE INDEX cases_by_owner on cases (owner, id) WHERE (state = 'open'::text);
CREATE INDEX cases_by_subject on cases (subject);
CREATE UNIQUE INDEX cases_one_open on cases (fingerprint) WHERE (state = 'open'::text);

create table case_members (
  case_id bigint not null,
  kind text collate "C" not null,
  ref text collate "C" not null,
  at timestamp with time zone default clock_timestamp() not null,
  settled boolean default false not null,
  constraint case_members_pkey PRIMARY KEY (case_id, kind, ref),
  constraint case_members_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases(id),
  constraint case_members_kind CHECK (kind = ANY (ARRAY['effect'::text, 'inbound'::text, 'event'::text, 'instance'::text, 'system'::text]))
);
CREATE INDEX case_members_by_ref on case_members (kind, ref) WHERE (NOT settled);

create table crosswalk_entries (
  system text collate "C" not null,
  kind text collate "C" not null,
  native text collate "C" not null,
  canonical text collate "C" not null,
  preferred boolean not null,
  seq bigint not null,
  actor text not null,
  reason text not null,
  added_at timestamp with time zone not null,
  constraint crosswalk_entries_pkey PRIMARY KEY (system, kind, native)
);
CREATE UNIQUE INDEX crosswalk_entries_by_seq on crosswalk_entries (seq);

create table cursors (
  system text collate "C" not null,
  stream text collate "C" not null,
  "position" text,
  caught_up_to timestamp with time zone,
  heartbeat_at timestamp with time zone,
  high_water text,
  constraint cursors_pkey PRIMARY KEY (system, stream)
) with (fillfactor=50);

create table deferred (
  process text collate "C" not null,
  key text collate "C" not null,
  n bigint not null,
  seq bigint not null,
  deadline_at timestamp with time zone,
  expired boolean default false not null,
  constraint deferred_pkey PRIMARY KEY (process, key, n)
);
CREATE INDEX deferred_by_deadline on deferred (deadline_at) WHERE ((NOT expired) AND (deadline_at IS NOT NULL));

create table deliveries (
  partition smallint not null,
  n bigint not null,
  process text collate "C" not null,
  key text collate "C" not null,
  seq bigint not null,
  constraint deliveries_pkey PRIMARY KEY (partition, n)
);

create table effects (
  reference text collate "C" not null,
  system text collate "C" not null,
  lane text collate "C" not null,
  pos integer not null,
  type text collate "C" not null,
  process text collate "C" not null,
  key text collate "C" not null,
  name text collate "C" not null,
  cause_seq bigint not null,
  correlation text collate "C" not null,
  plant text collate "C",
  traceparent text,
  payload text not null,
  payload_hash bytea not null,
  settle_ms integer not null,
  probe_first boolean default false not null,
  replaces text collate "C",
  created_at timestamp with time zone default clock_timestamp() not null,
  constraint effects_pkey PRIMARY KEY (reference),
  constraint effects_position UNIQUE (system, lane, pos)
);
CREATE INDEX effects_by_instance on effects (process, key);
comment on table effects is 'Insert-only: one intended change in one target. State lives in its lane, its end in outcomes.';

create table events (
  seq bigint not null,
  source_id integer not null,
  id text collate "C" not null,
  type text collate "C" not null,
  subject text collate "C" not null,
  occurred_at timestamp with time zone not null,
  time_text text,
  recorded_at timestamp with time zone not null,
  plant text collate "C",
  business_unit text collate "C",
  correlation text collate "C" not null,
  cause_seq bigint,
  cause_effect text collate "C",
  source_version text collate "C",
  actor text,
  reason text,
  traceparent text,
  body text not null,
  personal boolean default false not null,
  body_hash bytea not null,
  chain bytea not null,
  constraint events_pkey PRIMARY KEY (seq)
);
CREATE INDEX events_by_correlation on events (correlation, seq) WHERE (correlation <> subject);
CREATE INDEX events_by_person on events (seq) WHERE (actor IS NOT NULL);
CREATE INDEX events_by_subject on events (subject, seq);
CREATE INDEX events_by_time on events USING brin (occurred_at) WITH (pages_per_range='32');
CREATE INDEX events_by_type on events (type, seq);
comment on table events is 'Insert-only. chain = sha256(previous chain, seq, recorded_at, row hash): see append_events.';

create table fact_uses (
  kind text collate "C" not null,
  key text collate "C" not null,
  process text collate "C" not null,
  instance_key text collate "C" not null,
  constraint fact_uses_pkey PRIMARY KEY (kind, key, process, instance_key)
);
CREATE INDEX fact_uses_by_instance on fact_uses (process, instance_key);
comment on table fact_uses is 'The instances that a changed fact wakes, until they come to their end.';

create table facts (
  kind text collate "C" not null,
  key text collate "C" not null,
  value text,
  seq bigint not null,
  constraint facts_pkey PRIMARY KEY (kind, key)
) with (fillfactor=70);

create table identities (
  source_id integer not null,
  id text collate "C" not null,
  seq bigint not null,
  content_hash bytea not null,
  constraint identities_pkey PRIMARY KEY (source_id, id)
);
comment on table identities is 'One fact, one event: kept as long as the ledger.';

create table inbound (
  id bigint generated always as identity,
  system text collate "C" not null,
  stream text collate "C" not null,
  native_id text collate "C" not null,
  object_key text collate "C" not null,
  version text collate "C",
  content_type text not null,
  raw bytea not null,
  raw_hash bytea not null,
  received_at timestamp with time zone default clock_timestamp() not null,
  state text default 'kept'::text not null,
  problem text,
  event_seq bigint,
  constraint inbound_pkey PRIMARY KEY (id),
  constraint inbound_quarantine_says_why CHECK ((state <> ALL (ARRAY['skipped'::text, 'quarantined'::text, 'conflict'::text, 'refused'::text])) OR problem IS NOT NULL),
  constraint inbound_state CHECK (state = ANY (ARRAY['kept'::text, 'held'::text, 'admitted'::text, 'skipped'::text, 'quarantined'::text, 'conflict'::text, 'refused'::text]))
);
CREATE INDEX inbound_apart on inbound (state, id) WHERE (state = ANY (ARRAY['held'::text, 'quarantined'::text, 'conflict'::text, 'refused'::text]));
CREATE INDEX inbound_by_event on inbound (event_seq) WHERE (event_seq IS NOT NULL);
CREATE INDEX inbound_by_system on inbound (system, ((- id)));
CREATE INDEX inbound_held on inbound (system, object_key, id) WHERE (state = ANY (ARRAY['held'::text, 'quarantined'::text]));
CREATE UNIQUE INDEX inbound_identity on inbound (system, stream, native_id, raw_hash);
CREATE INDEX inbound_kept on inbound (system, id) WHERE (state = 'kept'::text);
comment on table inbound is 'Every native message as it was sent: the raw store and the quarantine in one.';

create table instances (
  process text collate "C" not null,
  key text collate "C" not null,
  partition smallint not null,
  definition_version integer not null,
  phase text collate "C" not null,
  state text not null,
  began_at timestamp with time zone not null,
  correlation text collate "C" not null,
  plant text collate "C",
  last_n bigint not null,
  version integer default 1 not null,
  held text,
  constraint instances_pkey PRIMARY KEY (process, key),
  constraint instances_state_size CHECK (octet_length(state) <= 262144)
) with (fillfactor=60);

create table kpi_pegging (
  production_order text collate "C" not null,
  sales_order text collate "C" not null,
  constraint kpi_pegging_pkey PRIMARY KEY (production_order, sales_order)
);
CREATE INDEX kpi_pegging_by_sales on kpi_pegging (sales_order);

create table kpi_production (
  production_order text collate "C" not null,
  item text collate "C",
  plant text collate "C",
  business_unit text collate "C",
  released_at timestamp with time zone,
  delayed_since timestamp with time zone,
  delayed_for text,
  sent_at timestamp with time zone,
  due_at timestamp with time zone,
  started_at timestamp with time zone,
  completed_at timestamp with time zone,
  ended_at timestamp with time zone,
  cancelled boolean not null,
  constraint kpi_production_pkey PRIMARY KEY (production_order)
);
CREATE INDEX kpi_production_by_due on kpi_production (due_at);
CREATE INDEX kpi_production_by_sent on kpi_production (sent_at);
CREATE INDEX kpi_production_waiting on kpi_production (released_at) WHERE ((sent_at IS NULL) AND (ended_at IS NULL));

create table kpi_reports (
  work_order text collate "C" not null,
  operation text collate "C" not null,
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
  corrects bigint,
  reported_at timestamp with time zone not null,
  recorded_at timestamp with time zone not null,
  posted_at timestamp with time zone,
  constraint kpi_reports_pkey PRIMARY KEY (work_order, operation, confirmation)
);
CREATE INDEX kpi_reports_by_order on kpi_reports (production_order);
CREATE INDEX kpi_reports_by_seq on kpi_reports (seq);
CREATE INDEX kpi_reports_by_time on kpi_reports (reported_at);
CREATE INDEX kpi_reports_unposted on kpi_reports (reported_at) WHERE ((posted_at IS NULL) AND (corrects IS NULL));

create table kpi_sales (
  sales_order text collate "C" not null,
  customer text collate "C",
  plant text collate "C",
  business_unit text collate "C",
  wanted_at timestamp with time zone,
  created_at timestamp with time zone,
  shipped_at timestamp with time zone,
  cancelled_at timestamp with time zone,
  shipments text[] not null,
  constraint kpi_sales_pkey PRIMARY KEY (sales_order)
);
CREATE INDEX kpi_sales_by_shipped on kpi_sales (shipped_at);

create table kpi_sales_lines (
  sales_order text collate "C" not null,
  line integer not null,
  item text collate "C" not null,
  unit text collate "C" not null,
  ordered numeric not null,
  shipped numeric not null,
  first_promise date,
  promise date,
  completed_on date,
  constraint kpi_sales_lines_pkey PRIMARY KEY (sales_order, line)
);
CREATE INDEX kpi_sales_lines_by_promise on kpi_sales_lines (first_promise);

create table lanes (
  system text collate "C" not null,
  lane text collate "C" not null,
  next_pos integer default 1 not null,
  head_pos integer,
  head text collate "C",
  state text default 'idle'::text not null,
  attempt integer default 0 not null,
  sends integer default 0 not null,
  probes integer default 0 not null,
  tries integer default 0 not null,
  missing text,
  doing text,
  wake_at timestamp with time zone,
  first_sent_at timestamp with time zone,
  sent_at timestamp with time zone,
  send_deadline timestamp with time zone,
  settled_after timestamp with time zone,
  fence bigint default 0 not null,
  told json,
  parked_for text,
  why text,
  constraint lanes_pkey PRIMARY KEY (system, lane),
  constraint lanes_sound CHECK (lane_is_sound(state, head, doing, wake_at, send_deadline, parked_for, why))
) with (fillfactor=40);
CREATE INDEX lanes_by_wake on lanes (system, wake_at) WHERE (wake_at IS NOT NULL);
CREATE INDEX lanes_parked on lanes (system, lane) WHERE (parked_for IS NOT NULL);

create table leases (
  name text collate "C" not null,
  hub_id text not null,
  fence bigint default 0 not null,
  expires_at timestamp with time zone not null,
  checkpoint bigint default 0 not null,
  "position" bigint default 0 not null,
  min_revision integer default 0 not null,
  constraint leases_pkey PRIMARY KEY (name)
) with (fillfactor=10);

create table ledger_head (
  one boolean default true not null,
  ledger_id text not null,
  epoch integer default 1 not null,
  seq bigint default 0 not null,
  chain bytea not null,
  min_binary integer default 1 not null,
  constraint ledger_head_pkey PRIMARY KEY (one),
  constraint ledger_head_one_check CHECK (one)
) with (fillfactor=10);
comment on table ledger_head is 'The last position and its hash. Locked last in every transaction, for as short as possible.';

create table links (
  child_kind text collate "C" not null,
  child_id text collate "C" not null,
  parent_kind text collate "C" not null,
  parent_id text collate "C" not null,
  quantity text,
  source text collate "C" not null,
  since_seq bigint not null,
  constraint links_pkey PRIMARY KEY (child_kind, child_id, parent_kind, parent_id)
);
CREATE INDEX links_by_parent on links (parent_kind, parent_id);
CREATE INDEX links_by_since on links (since_seq);

create table migrations (
  number integer not null,
  name text not null,
  sha256 text not null,
  breaking text,
  applied_by text not null,
  applied_at timestamp with time zone default now() not null,
  constraint migrations_pkey PRIMARY KEY (number)
);

create table order_details (
  id text collate "C" not null,
  detail text not null,
  constraint order_details_pkey PRIMARY KEY (id)
);

create table order_numbers (
  id text collate "C" not null,
  kind text collate "C" not null,
  number text collate "C" not null,
  search text collate "C" not null,
  constraint order_numbers_pkey PRIMARY KEY (id, kind, number)
);
CREATE INDEX order_numbers_by_search on order_numbers (search, id);
comment on table order_numbers is 'Every number by which anyone may know an order: their own order number, work orders, lots, shipments, invoices.';

create table order_parts (
  subject text collate "C" not null,
  told text not null,
  constraint order_parts_pkey PRIMARY KEY (subject)
);
comment on table order_parts is 'What orders are made of. An order is found by its parts, and made anew of them, by walking the links.';

create table orders (
  id text collate "C" not null,
  quote text collate "C",
  customer text collate "C",
  customer_reference text collate "C",
  plants text[] collate "C" not null,
  business_unit text collate "C",
  stage text collate "C" not null,
  open boolean not null,
  quote_at timestamp with time zone,
  ordered_at timestamp with time zone,
  released_at timestamp with time zone,
  started_at timestamp with time zone,
  quality_at timestamp with time zone,
  received_at timestamp with time zone,
  shipped_at timestamp with time zone,
  invoiced_at timestamp with time zone,
  quantities text not null,
  promised_date date,
  projected_date date,
  waiting_for text collate "C",
  waiting_since timestamp with time zone,
  waiting_why text,
  held boolean not null,
  differing integer not null,
  last_at timestamp with time zone not null,
  last_seq bigint not null,
  constraint orders_pkey PRIMARY KEY (id),
  constraint orders_waiting CHECK ((waiting_for IS NULL) = (waiting_since IS NULL))
) with (fillfactor=70);
CREATE INDEX orders_at_risk on orders (last_seq, id) WHERE (open AND (held OR (differing > 0) OR (projected_date > promised_date)));
CREATE INDEX orders_by_customer on orders (customer, last_seq, id);
CREATE INDEX orders_by_last on orders (last_seq, id);
CREATE INDEX orders_by_promise on orders (COALESCE(promised_date, 'infinity'::date), id);
CREATE INDEX orders_by_stage on orders (stage, last_seq, id);
CREATE INDEX orders_by_waited_for on orders (waiting_for, waiting_since, id) WHERE (waiting_for IS NOT NULL);
CREATE INDEX orders_by_waiting on orders (waiting_since, id) WHERE (waiting_for IS NOT NULL);

create table outcomes (
  reference text collate "C" not null,
  kind text not null,
  evidence text,
  at timestamp with time zone default clock_timestamp() not null,
  actor text,
  constraint outcomes_pkey PRIMARY KEY (reference),
  constraint outcomes_kind CHECK (is_outcome(kind))
);

create table personal (
  seq bigint not null,
  pointer text collate "C" not null,
  salt bytea,
  value text,
  redacted_at timestamp with time zone,
  constraint personal_pkey PRIMARY KEY (seq, pointer),
  constraint personal_redacted CHECK ((salt IS NULL) = (value IS NULL) AND (value IS NULL) = (redacted_at IS NOT NULL))
);

create table recoveries (
  id integer generated always as identity,
  began_at timestamp with time zone default clock_timestamp() not null,
  reason text not null,
  anchor_seq bigint,
  anchor_at timestamp with time zone,
  ended_at timestamp with time zone,
  ended_by text,
  constraint recoveries_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX recoveries_one_open on recoveries ((true)) WHERE (ended_at IS NULL);

create table sessions (
  secret_hash bytea not null,
  id text not null,
  account text collate "C" not null,
  way text not null,
  began_at timestamp with time zone default clock_timestamp() not null,
  seen_at timestamp with time zone default clock_timestamp() not null,
  expires_at timestamp with time zone not null,
  constraint sessions_key PRIMARY KEY (secret_hash),
  constraint sessions_id UNIQUE (id),
  constraint sessions_account FOREIGN KEY (account) REFERENCES accounts(id),
  constraint sessions_way CHECK (way = ANY (ARRAY['password'::text, 'oidc'::text, 'link'::text]))
);
CREATE INDEX sessions_by_end on sessions (expires_at);
CREATE INDEX sessions_of_account on sessions (account);

create table sign_in_attempts (
  state_hash bytea not null,
  verifier text not null,
  nonce text not null,
  return_to text not null,
  expires_at timestamp with time zone not null,
  constraint sign_in_attempts_key PRIMARY KEY (state_hash)
);
CREATE INDEX sign_in_attempts_by_end on sign_in_attempts (expires_at);

create table sign_in_links (
  secret_hash bytea not null,
  account text collate "C" not null,
  expires_at timestamp with time zone not null,
  constraint sign_in_links_key PRIMARY KEY (secret_hash),
  constraint sign_in_links_account FOREIGN KEY (account) REFERENCES accounts(id)
);

create table sources (
  id integer generated always as identity,
  name text collate "C" not null,
  constraint sources_pkey PRIMARY KEY (id),
  constraint sources_name_key UNIQUE (name)
);

create table systems (
  system text collate "C" not null,
  paused text,
  paused_by text,
  paused_at timestamp with time zone,
  constraint systems_pkey PRIMARY KEY (system),
  constraint systems_paused CHECK ((paused IS NULL) = (paused_at IS NULL))
);

create table timers (
  process text collate "C" not null,
  key text collate "C" not null,
  name text collate "C" not null,
  partition smallint not null,
  generation bigint not null,
  due_at timestamp with time zone not null,
  streams text[] default '{}'::text[] not null,
  fired boolean default false not null,
  constraint timers_pkey PRIMARY KEY (process, key, name)
);
CREATE INDEX timers_by_due on timers (due_at) WHERE (NOT fired);

create table verifications (
  id integer generated always as identity,
  asked_at timestamp with time zone default clock_timestamp() not null,
  asked_by text,
  began_at timestamp with time zone,
  hub_id text,
  ended_at timestamp with time zone,
  verified bigint default 0 not null,
  head bigint,
  proven_seq bigint,
  proven_at timestamp with time zone,
  ok boolean,
  finding text,
  constraint verifications_pkey PRIMARY KEY (id),
  constraint verifications_ended CHECK ((ended_at IS NULL) = (ok IS NULL))
);
CREATE UNIQUE INDEX verifications_one_asked on verifications ((true)) WHERE (began_at IS NULL);

create table views (
  name text collate "C" not null,
  version integer not null,
  checkpoint bigint default 0 not null,
  rebuilding_to bigint,
  stopped_for text,
  constraint views_pkey PRIMARY KEY (name)
) with (fillfactor=10);
comment on table views is 'How far each read model has followed the ledger. Moves in the transaction that writes its rows.';

create table waiting (
  kind text collate "C" not null,
  id text collate "C" not null,
  process text collate "C" not null,
  seq bigint not null,
  to_kind text collate "C" not null,
  deadline_at timestamp with time zone not null,
  expired boolean default false not null,
  reached text[] default '{}'::text[] not null,
  constraint waiting_pkey PRIMARY KEY (kind, id, process, seq)
);
CREATE INDEX waiting_by_deadline on waiting (deadline_at) WHERE (NOT expired);
CREATE INDEX waiting_by_event on waiting (seq, process);
comment on table waiting is 'Events whose object is known but not yet linked to what the process is about.';

CREATE OR REPLACE FUNCTION public.act_on_effect(p json)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
declare
  e effects;
  l lanes;
  f record;
begin
  select * into e from effects where reference = p ->> 'reference';
  select * into l from lanes where system = e.system and lane = e.lane for update;
  if l.head is distinct from e.reference or l.state <> p ->> 'state' or l.attempt <> (p ->> 'attempt')::integer
      or l.state not in ('parked', 'ready')
      or exists (select 1 from outcomes o where o.reference = e.reference) then
    return false;
  end if;
  if p ->> 'action' = 'retry' and (p ->> 'vouched')::boolean then
    update lanes set
      state = 'ready', wake_at = clock_timestamp(), parked_for = null, why = 'a person saw that the target does not have it',
      sends = 0, probes = 2, tries = 0, missing = null
    where system = e.system and lane = e.lane;
  elsif p ->> 'action' = 'retry' then
    -- what may have been applied is asked for again before anything is sent again
    update lanes set
      state = case when l.parked_for in ('unproven', 'mismatch') then 'unknown' else 'ready' end,
      wake_at = case when l.parked_for in ('unproven', 'mismatch') then greatest(clock_timestamp(), l.settled_after) else clock_timestamp() end,
      parked_for = null, why = 'a person asked for another try', probes = 0, tries = 0
    where system = e.system and lane = e.lane;
  elsif p ->> 'action' = 'resubmit' then
    if l.parked_for is null or l.parked_for not in ('rejected', 'exhausted') then
      return false;
    end if;
    insert into outcomes (reference, kind, actor) values (e.reference, case when l.parked_for = 'rejected' then 'rejected' else 'cancelled' end, p ->> 'actor');
    select * into f from json_to_record(p -> 'effect') as r (reference text, payload text, payload_hash text);
    insert into effects (reference, system, lane, pos, type, process, key, name, cause_seq, correlation, plant, traceparent, payload,
      payload_hash, settle_ms, probe_first, replaces)
    values (f.reference, e.system, e.lane, l.next_pos, e.type, e.process, e.key, e.name, e.cause_seq, e.correlation, e.plant,
      e.traceparent, f.payload, decode(f.payload_hash, 'hex'), e.settle_ms, e.probe_first, e.reference);
    update lanes set
      next_pos = l.next_pos + 1, head = f.reference, told = null, state = 'ready', wake_at = clock_timestamp(), parked_for = null,
      why = null, attempt = 0, sends = 0, probes = 0, tries = 0, missing = null, first_sent_at = null, sent_at = null,
      send_deadline = null, settled_after = null
    where system = e.system and lane = e.lane;
    perform settle_members('effect', array[e.reference], p ->> 'actor', 'resubmitted with corrected content');
  else
    insert into outcomes (reference, kind, actor)
    values (e.reference, case p ->> 'action' when 'mark-applied' then 'applied' else 'cancelled' end, p ->> 'actor');
    perform advance_lanes(array[e.system], array[e.lane]);
    perform settle_members('effect', array[e.reference], p ->> 'actor', p ->> 'action');
  end if;
  perform append_events(p -> 'events');
  return true;
end $function$;

CREATE OR REPLACE FUNCTION public.act_on_inbound(p json)
 RETURNS bigint[]
 LANGUAGE plpgsql
AS $function$
declare
  moved bigint[];
begin
  select array_agg(m.id) into moved from (
    select i.id from inbound i
    where i.id in (select value::bigint from json_array_elements_text(p -> 'ids')) and i.state in ('quarantined', 'conflict')
    order by i.id for update) m;
  if moved is null then
    return '{}';
  end if;
  if p ->> 'action' = 'readmit' then
    update inbound i set state = 'kept' where i.id = any (moved);
  else
    update inbound i set state = 'refused', problem = p ->> 'problem' where i.id = any (moved);
    perform release_held(moved);
    perform settle_members('inbound', moved::text[], p ->> 'actor', 'discarded');
  end if;
  perform append_events(json_build_array(p -> 'event'));
  return moved;
end $function$;

CREATE OR REPLACE FUNCTION public.admit_inbound(p json)
 RETURNS TABLE(id bigint, state text, event_seq bigint)
 LANGUAGE plpgsql
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET enable_seqscan TO 'off'
AS $function$
#variable_conflict use_column
declare
  asked record;
  verdicts json;
  cases json;
  rows json;
  results json;
  cleared text[];
  ids bigint[];
  behind bigint[];
begin
  select * into asked from json_to_record(p) as r (hub text, lease text, fence bigint, "leaseMs" integer, verdicts json);
  perform hold_leases(asked.hub, json_build_array(json_build_object('name', asked.lease, 'fence', asked.fence)), asked."leaseMs");

  -- a person may have acted meanwhile: only what is still kept is judged
  with given as materialized (
    select * from json_to_recordset(asked.verdicts) as v (id bigint, state text, problem text, event json, "case" json, conflict json)
  ), mine as materialized (
    select i.id, i.problem, i.raw_hash from inbound i
    where i.state = 'kept' and i.id = any (array(select g.id from given g))
    order by i.id for update of i
  ), judged as (
    select m.id, m.problem as earlier, v.problem, v.event, v."case", v.conflict,
      case when taken.seq is null or known.same then v.state
        when json_typeof(v.conflict) = 'object' then 'conflict' else 'kept' end as state, taken.seq as taken_seq
    from mine m
    join given v on v.id = m.id
    left join identities taken on taken.source_id = (v.event ->> 'source_id')::integer and taken.id = v.event ->> 'id'
      and taken.content_hash <> decode(v.event ->> 'content_hash', 'hex')
    left join lateral (
      select true as same from inbound q where q.event_seq = taken.seq and q.raw_hash = m.raw_hash limit 1) known on true
  )
  select json_agg(j order by j.id),
    json_agg(case when j.state = 'conflict' then j.conflict else j."case" end)
      filter (where j.state = 'conflict' or json_typeof(j."case") = 'object'),
    json_agg(j.event order by j.id) filter (where j.state = 'admitted' and j.taken_seq is null),
    -- tried again it is settled, or in trouble of another kind: then it leaves its former case
    array_agg(j.id::text) filter (where j.earlier is not null and (j.state in ('admitted', 'skipped') or exists (
      select 1 from case_members m join cases c on c.id = m.case_id
      where m.kind = 'inbound' and m.ref = j.id::text and not m.settled
        and c.fingerprint <> case when j.state = 'conflict' then j.conflict else j."case" end ->> 'fingerprint'))),
    array_agg(j.id) filter (where j.state in ('admitted', 'skipped', 'conflict') and j.earlier is not null),
    array_agg(j.id) filter (where j.state = 'held')
  into verdicts, cases, rows, cleared, ids, behind
  from judged j;

  -- A person may just let go what these wait behind: with this lock, whoever is second sees the other's work.
  if behind is not null then
    perform 1 from inbound q
    where q.state = 'quarantined' and (q.system, q.object_key) in (select h.system, h.object_key from inbound h where h.id = any (behind))
    order by q.id for share;
  end if;
  if cleared is not null then
    perform settle_members('inbound', cleared, 'interlock', 'its messages were tried again');
  end if;
  if cases is not null then
    perform open_cases(cases);
  end if;
  if rows is not null then
    select json_agg(a) into results from append_events(rows) a;
  end if;
  return query
  with appended as (
    select * from json_to_recordset(coalesce(results, '[]')) as r (ord bigint, status text, seq bigint)
  ), judged as (
    select g.id, coalesce(a.seq, g.taken_seq) as seq, a.status,
      case when a.status = 'conflict' then 'kept' else g.state end as state,
      case g.state
        when 'conflict' then json_build_object('code', 'EVENT_CONFLICT', 'message',
          'the same identity was accepted before with other content, at ledger position ' || g.taken_seq)::text
        when 'admitted' then null else coalesce(g.problem, g.earlier) end as problem
    from json_to_recordset(coalesce(verdicts, '[]')) as g (id bigint, state text, problem text, earlier text, taken_seq bigint)
    left join appended a on a.ord = g.id
  ), moved as (
    update inbound i set state = j.state, problem = j.problem, event_seq = case when j.state = 'admitted' then j.seq end
    from judged j where i.id = j.id and j.state <> 'kept'
  )
  select j.id, j.state, case when j.status = 'appended' then j.seq end from judged j order by j.id;
  if behind is not null then
    perform release_held(behind);
  end if;
  if ids is not null then
    perform release_held(ids);
  end if;
end $function$;

CREATE OR REPLACE FUNCTION public.advance_lanes(p_system text[], p_lane text[])
 RETURNS void
 LANGUAGE sql
AS $function$
  update lanes l set
    head_pos = e.pos, head = e.reference,
    state = case when e.reference is null then 'idle' else 'ready' end,
    wake_at = case when e.reference is null then null else clock_timestamp() end,
    attempt = 0, sends = 0, probes = 0, tries = 0, missing = null, doing = null, first_sent_at = null, sent_at = null,
    send_deadline = null, settled_after = null, told = null, parked_for = null, why = null
  from unnest(p_system, p_lane) as g (system, lane)
  left join lateral (
    select e.reference, e.pos from effects e
    where e.system = g.system and e.lane = g.lane
      and e.pos > (select coalesce(o.head_pos, 0) from lanes o where o.system = g.system and o.lane = g.lane)
      and not exists (select 1 from outcomes x where x.reference = e.reference)
    order by e.pos limit 1
  ) e on true
  where l.system = g.system and l.lane = g.lane
$function$;

CREATE OR REPLACE FUNCTION public.append_events(p_rows json)
 RETURNS TABLE(ord bigint, status text, seq bigint, recorded_at timestamp with time zone)
 LANGUAGE plpgsql
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET enable_seqscan TO 'off'
AS $function$
#variable_conflict use_column
declare
  head ledger_head;
  stamp timestamptz;
begin
  select * into head from ledger_head for update;
  stamp := clock_timestamp();
  return query
  with judged as materialized (
    -- Every later step reads this one: a join of two of these sets would be a nested loop, as none has statistics.
    select r.*, i.seq as old_seq, i.content_hash as old_hash,
      i.seq is null and row_number() over (partition by r.source_id, r.id order by r.ord) = 1 as fresh
    from json_to_recordset(p_rows) as r (
      ord bigint, source_id integer, id text, type text, subject text, occurred_at timestamptz, time_text text,
      plant text, business_unit text, correlation text, cause_seq bigint, cause_effect text, source_version text,
      actor text, reason text, traceparent text, body text, personal json, body_hash text, content_hash text, row_hash text)
    left join identities i on i.source_id = r.source_id and i.id = r.id
  ), placed as materialized (
    -- by rows: two of the same ord still get a place each
    select j.*, case when j.fresh then head.seq + count(*) filter (where j.fresh) over (order by j.ord rows unbounded preceding) end as new_seq from judged j
  ), chained as materialized (
    select c.*, ledger_chain(
        int8send(c.new_seq) || int8send((extract(epoch from stamp) * 1000000)::bigint) || decode(c.row_hash, 'hex'),
        head.chain) over (order by c.new_seq) as new_chain
    from placed c where c.fresh
  ), written as (
    insert into events (seq, source_id, id, type, subject, occurred_at, time_text, recorded_at, plant, business_unit, correlation,
      cause_seq, cause_effect, source_version, actor, reason, traceparent, body, personal, body_hash, chain)
    select c.new_seq, c.source_id, c.id, c.type, c.subject, c.occurred_at, c.time_text, stamp, c.plant, c.business_unit, c.correlation,
      c.cause_seq, c.cause_effect, c.source_version, c.actor, c.reason, c.traceparent, c.body, c.personal is not null,
      decode(c.body_hash, 'hex'), c.new_chain
    from chained c
  ), named as (
    insert into identities (source_id, id, seq, content_hash)
    select c.source_id, c.id, c.new_seq, decode(c.content_hash, 'hex') from chained c
  ), kept_apart as (
    insert into personal (seq, pointer, salt, value)
    select c.new_seq, p.pointer, decode(p.salt, 'hex'), p.value
    from chained c, json_to_recordset(c.personal) as p (pointer text, salt text, value text)
    where c.personal is not null
  ), moved as (
    update ledger_head set seq = w.new_seq, chain = w.new_chain
    from (select c.new_seq, c.new_chain from chained c order by c.new_seq desc limit 1) w
  )
  select d.ord,
    case when d.fresh then 'appended'
         when coalesce(d.old_hash, decode(first_value(d.content_hash) over same, 'hex')) = decode(d.content_hash, 'hex') then 'duplicate'
         else 'conflict' end,
    coalesce(d.old_seq, first_value(d.new_seq) over same), stamp
  from placed d
  window same as (partition by d.source_id, d.id order by d.ord)
  order by d.ord;
end $function$;

CREATE OR REPLACE FUNCTION public.begin_recovery(p json)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  -- two hubs that find the same thing at the same moment
  lock table recoveries in share row exclusive mode;
  update recoveries set
    reason = p ->> 'reason', anchor_seq = greatest(anchor_seq, (p ->> 'anchor_seq')::bigint),
    anchor_at = greatest(anchor_at, (p ->> 'anchor_at')::timestamptz)
  where ended_at is null;
  if not found then
    insert into recoveries (reason, anchor_seq, anchor_at)
    values (p ->> 'reason', (p ->> 'anchor_seq')::bigint, (p ->> 'anchor_at')::timestamptz);
  end if;
  update effects e set probe_first = true
  where not e.probe_first and not exists (select 1 from outcomes o where o.reference = e.reference);
  update ledger_head set epoch = greatest(epoch + 1, (p ->> 'epoch')::integer);
  perform append_events(json_build_array(p -> 'event'));
end $function$;

CREATE OR REPLACE FUNCTION public.chain_step(state bytea, link bytea, head bytea)
 RETURNS bytea
 LANGUAGE plpgsql
 IMMUTABLE
AS $function$ begin return sha256(coalesce(state, head) || link); end $function$;

CREATE OR REPLACE FUNCTION public.decide_batch(p json)
 RETURNS text[]
 LANGUAGE sql
AS $function$
  select decide_batch(p, p -> 'instances', p -> 'effects')
$function$;

CREATE OR REPLACE FUNCTION public.decide_batch(p json, p_instances json, p_effects json)
 RETURNS text[]
 LANGUAGE plpgsql
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET enable_seqscan TO 'off'
AS $function$
declare
  asked record;                           -- each look into p itself would parse all of it again
  moved integer;
  claimed text[] := '{}';
  late text[];
begin
  select * into asked from json_to_record(p) as r (
    hub text, "leaseMs" integer, leases json, "factUses" json, finished json, undeferred json, deferred
    json, "timersCleared" json, timers json, claims json, withdrawals json, "settledMembers" json, cases
    json, derived json);
  perform hold_leases(asked.hub, asked.leases, asked."leaseMs");

  if json_array_length(asked."factUses") > 0 then
    insert into facts (kind, key, value, seq)
    select distinct kind, key, null, 0 from json_to_recordset(asked."factUses") as r (kind text, key text)
    order by kind, key on conflict do nothing;
    insert into fact_uses (kind, key, process, instance_key)
    select distinct kind, key, process, instance_key
    from json_to_recordset(asked."factUses") as r (kind text, key text, process text, instance_key text)
    order by 1, 2, 3, 4 on conflict do nothing;
    perform 1 from facts f where (f.kind, f.key) in (
      select r.kind, r.key from json_to_recordset(asked."factUses") as r (kind text, key text)) order by f.kind, f.key for share;
    if exists (
      select 1 from json_to_recordset(asked."factUses") as r (kind text, key text, seq bigint)
      join facts f on f.kind = r.kind and f.key = r.key where f.seq <> r.seq) then
      raise exception 'a fact changed while it was being used' using errcode = 'IL002';
    end if;
  end if;

  with written as (
    insert into instances as i (process, key, partition, definition_version, phase, state, began_at, correlation, plant, last_n, version, held)
    select process, key, partition, definition_version, phase, state, began_at, correlation, plant, last_n, version, held
    from json_to_recordset(p_instances) as r (
      process text, key text, partition smallint, definition_version integer, phase text, state text, began_at timestamptz,
      correlation text, plant text, last_n bigint, version integer, held text)
    order by process, key
    on conflict (process, key) do update set
      definition_version = excluded.definition_version, phase = excluded.phase, state = excluded.state,
      last_n = excluded.last_n, version = excluded.version, held = excluded.held
    where i.version = excluded.version - 1
    returning 1
  ) select count(*) into moved from written;
  if moved <> json_array_length(p_instances) then
    raise exception 'an instance moved while it was being decided' using errcode = 'IL003';
  end if;

  if json_array_length(asked.finished) > 0 then
    delete from fact_uses u using json_to_recordset(asked.finished) as r (process text, instance_key text)
    where u.process = r.process and u.instance_key = r.instance_key;
  end if;
  if json_array_length(asked.undeferred) > 0 then
    delete from deferred d using json_to_recordset(asked.undeferred) as r (process text, key text, n bigint)
    where d.process = r.process and d.key = r.key and d.n = r.n;
  end if;
  if json_array_length(asked.deferred) > 0 then
    insert into deferred (process, key, n, seq, deadline_at)
    select process, key, n, seq, deadline_at
    from json_to_recordset(asked.deferred) as r (process text, key text, n bigint, seq bigint, deadline_at timestamptz)
    on conflict do nothing;
  end if;
  if json_array_length(asked."timersCleared") > 0 then
    delete from timers t using json_to_recordset(asked."timersCleared") as r (process text, key text, name text)
    where t.process = r.process and t.key = r.key and t.name = r.name;
  end if;
  if json_array_length(asked.timers) > 0 then
    insert into timers (process, key, name, partition, generation, due_at, streams)
    select process, key, name, partition, generation, due_at,
      array(select json_array_elements_text(coalesce(streams, '[]'::json)))
    from json_to_recordset(asked.timers) as r (
      process text, key text, name text, partition smallint, generation bigint, due_at timestamptz, streams json)
    on conflict (process, key, name) do update set
      generation = excluded.generation, due_at = excluded.due_at, streams = excluded.streams, fired = false;
  end if;

  if json_array_length(p_effects) > 0 then
    claimed := queue_effects(p_effects, asked.claims);
  end if;
  if json_array_length(asked.withdrawals) > 0 then
    late := withdraw_effects(asked.withdrawals);
  end if;
  -- released and held again in one batch: the old case closes before the new one opens
  if json_array_length(asked."settledMembers") > 0 then
    perform settle_members('instance', array(select json_array_elements_text(asked."settledMembers")), 'interlock', 'the process went on');
  end if;
  if json_array_length(asked.cases) > 0 then
    perform open_cases(asked.cases);
  end if;
  if json_array_length(asked.derived) > 0 then
    perform append_events(asked.derived);
  end if;
  -- Nothing was claimed, so nothing is sent, and nothing appended, so nobody has read it: a crash of the database may take this
  -- back, and it is decided again, the same way. The claim that sends it carries it to disk first.
  if cardinality(claimed) = 0 and json_array_length(asked.derived) = 0 and json_array_length(asked.withdrawals) = 0 then
    perform set_config('synchronous_commit', 'off', true);
  end if;
  return claimed;
end $function$;

CREATE OR REPLACE FUNCTION public.digest_tables(p_tables text[])
 RETURNS TABLE(name text, held bigint, digest text)
 LANGUAGE plpgsql
 STABLE
AS $function$
declare
  one text;
begin
  foreach one in array p_tables loop
    return query execute format(
      'select %L::text, count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text from %I t', one, one);
  end loop;
end $function$;

CREATE OR REPLACE FUNCTION public.end_recovery(p json)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
begin
  update recoveries set ended_at = clock_timestamp(), ended_by = p ->> 'ended_by'
  where id = (p ->> 'id')::integer and ended_at is null;
  if not found then
    return false;
  end if;
  perform append_events(json_build_array(p -> 'event'));
  return true;
end $function$;

CREATE OR REPLACE FUNCTION public.hold_lease(p_hub text, p_name text, p_fence bigint, p_lease_ms integer)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  perform 1 from leases l
  where l.name = p_name and l.fence = p_fence and l.hub_id = p_hub
    and l.expires_at > clock_timestamp() + p_lease_ms / 2 * interval '1 millisecond'
  for share;
  if found then
    return;
  end if;
  update leases l set expires_at = greatest(l.expires_at, clock_timestamp() + p_lease_ms * interval '1 millisecond')
  where l.name = p_name and l.fence = p_fence and l.hub_id = p_hub;
  if not found then
    raise exception 'lease lost' using errcode = 'IL001';
  end if;
end $function$;

CREATE OR REPLACE FUNCTION public.hold_leases(p_hub text, p_leases json, p_lease_ms integer)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  held integer;
  standing boolean;
begin
  if json_array_length(p_leases) = 1 and p_leases -> 0 ->> 'checkpoint' is null then
    perform hold_lease(p_hub, p_leases -> 0 ->> 'name', (p_leases -> 0 ->> 'fence')::bigint, p_lease_ms);
    return;
  end if;
  with locked as materialized (
    select l.name, l.checkpoint as stood, g.checkpoint, g.was
    from json_to_recordset(p_leases) as g (name text, fence bigint, checkpoint bigint, was bigint)
    join leases l on l.name = g.name and l.fence = g.fence and l.hub_id = p_hub
    order by l.name for update of l
  ), renewed as (
    update leases l set
      checkpoint = greatest(l.checkpoint, coalesce(k.checkpoint, 0)),
      expires_at = greatest(l.expires_at, clock_timestamp() + p_lease_ms * interval '1 millisecond')
    from locked k where k.name = l.name
  ) select count(*), bool_and(k.was is null or k.was = k.stood) into held, standing from locked k;
  if held <> json_array_length(p_leases) then
    raise exception 'lease lost' using errcode = 'IL001';
  end if;
  if not standing then
    raise exception 'something else was decided meanwhile' using errcode = 'IL005';
  end if;
end $function$;

CREATE OR REPLACE FUNCTION public.keep_inbound(p json)
 RETURNS TABLE(ord integer, status text, id bigint)
 LANGUAGE plpgsql
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET enable_seqscan TO 'off'
AS $function$
#variable_conflict use_column
declare
  asked record;
begin
  select * into asked from json_to_record(p) as r (
    hub text, lease text, fence bigint, "leaseMs" integer, messages json, cursor json);
  if asked.fence is not null then
    perform hold_leases(asked.hub, json_build_array(json_build_object('name', asked.lease, 'fence', asked.fence)), asked."leaseMs");
  end if;
  return query
  with given as materialized (
    select * from json_to_recordset(asked.messages) as r (
      ord integer, system text, stream text, native_id text, object_key text, version text, content_type text, raw text, raw_hash text)
  ), fresh as (
    insert into inbound (system, stream, native_id, object_key, version, content_type, raw, raw_hash)
    select m.system, m.stream, m.native_id, m.object_key, m.version, m.content_type, decode(m.raw, 'base64'), decode(m.raw_hash, 'hex')
    from (select distinct on (system, stream, native_id, raw_hash) * from given order by system, stream, native_id, raw_hash, ord) m
    order by m.ord -- ids follow the order of arrival: that is the order of admission
    on conflict do nothing
    returning inbound.id, inbound.system, inbound.stream, inbound.native_id, inbound.raw_hash
  )
  select g.ord, case when f.id is null then 'duplicate' else 'kept' end, f.id
  from given g left join fresh f on f.system = g.system and f.stream = g.stream and f.native_id = g.native_id and f.raw_hash = decode(g.raw_hash, 'hex')
  order by g.ord;
  if json_typeof(asked.cursor) = 'object' then
    insert into cursors (system, stream, position, caught_up_to, heartbeat_at, high_water)
    select c.system, c.stream, c.position, c.caught_up_to, clock_timestamp(), c.high_water
    from json_to_record(asked.cursor) as c (system text, stream text, position text, caught_up_to timestamptz, high_water text)
    on conflict (system, stream) do update set
      position = excluded.position, heartbeat_at = excluded.heartbeat_at,
      caught_up_to = greatest(cursors.caught_up_to, excluded.caught_up_to),
      high_water = coalesce(excluded.high_water, cursors.high_water);
  end if;
end $function$;

CREATE OR REPLACE FUNCTION public.kpi_points()
 RETURNS TABLE(kpi text, object text, part text, plant text, business_unit text, unit text, at timestamp with time zone, numerator numeric, denominator numeric)
 LANGUAGE sql
 STABLE
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.open_cases(p json)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  r record;
  found_id bigint;
begin
  for r in select * from json_to_recordset(p) as r (
      fingerprint text, kind text, owner text, plant text, system text, subject text, correlation text, title text, detail text,
      sla_at timestamptz, member_kind text, member_ref text) order by fingerprint loop
    insert into cases (fingerprint, kind, owner, plant, system, subject, correlation, title, detail, sla_at)
    values (r.fingerprint, r.kind, r.owner, r.plant, r.system, r.subject, r.correlation, r.title, r.detail, r.sla_at)
    on conflict (fingerprint) where state = 'open' do update set version = cases.version + 1
    returning id into found_id;
    if r.member_kind is not null then
      insert into case_members (case_id, kind, ref) values (found_id, r.member_kind, r.member_ref)
      on conflict (case_id, kind, ref) do update set settled = false;
    end if;
  end loop;
end $function$;

CREATE OR REPLACE FUNCTION public.pause_restored_system(p json)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  perform hold_leases(p ->> 'hub', json_build_array(json_build_object('name', p ->> 'lease', 'fence', (p ->> 'fence')::bigint)),
    (p ->> 'leaseMs')::integer);
  insert into systems as s (system, paused, paused_by, paused_at)
  values (p ->> 'system', p ->> 'why', 'interlock', clock_timestamp())
  on conflict (system) do update set
    paused = excluded.paused, paused_by = excluded.paused_by, paused_at = excluded.paused_at where s.paused is null;
  update cursors set high_water = p ->> 'high_water' where system = p ->> 'system' and stream = p ->> 'stream';
  perform open_cases(json_build_array(p -> 'case'));
  perform append_events(json_build_array(p -> 'event'));
end $function$;

CREATE OR REPLACE FUNCTION public.queue_effects(p_effects json, p_claims json)
 RETURNS text[]
 LANGUAGE plpgsql
AS $function$
declare
  claimed text[];
begin
  with willing as materialized (
    select k.system, s.fence, k.deadline_ms, k.timeout_ms
    from json_to_recordset(p_claims) as k (system text, fence bigint, hub text, deadline_ms integer, timeout_ms integer)
    join leases s on s.name = 'system:' || k.system and s.fence = k.fence and s.hub_id = k.hub and s.expires_at > clock_timestamp()
    where not exists (select 1 from systems y where y.system = k.system and y.paused is not null)
  ), fresh as materialized (
    -- The same decision made again (a restored database, an event told twice) is the same effect: it is there already.
    select r.*, row_number() over same as i, count(*) over (partition by r.system, r.lane)::integer as k
    from json_to_recordset(p_effects) as r (
      ord integer, reference text, system text, lane text, claim boolean, probe_first boolean, settle_ms integer)
    where not exists (select 1 from effects e where e.reference = r.reference)
    window same as (partition by r.system, r.lane order by r.ord)
  ), moved as (
    insert into lanes as l (system, lane, next_pos, head_pos, head, state, wake_at, doing, attempt, sends, first_sent_at, sent_at,
      send_deadline, settled_after, fence)
    select f.system, f.lane, f.k + 1, 1, f.reference, t.*
    from fresh f
    left join willing c on c.system = f.system and f.claim and not f.probe_first
    cross join lateral (
      select 'ready', clock_timestamp(), null::text, 0, 0, null::timestamptz, null::timestamptz, null::timestamptz, null::timestamptz, 0::bigint
      where c.fence is null
      union all
      select 'sending', null, 'send', 1, 1, clock_timestamp(), clock_timestamp(),
        clock_timestamp() + c.deadline_ms * interval '1 millisecond',
        clock_timestamp() + (c.deadline_ms + c.timeout_ms + f.settle_ms) * interval '1 millisecond', c.fence
      where c.fence is not null) t
    where f.i = 1 order by f.system, f.lane
    on conflict (system, lane) do update set
      next_pos = l.next_pos + excluded.next_pos - 1,
      head_pos = case when l.state = 'idle' then l.next_pos else l.head_pos end,
      head = case when l.state = 'idle' then excluded.head else l.head end,
      state = case when l.state = 'idle' then excluded.state else l.state end,
      wake_at = case when l.state = 'idle' then excluded.wake_at else l.wake_at end,
      doing = case when l.state = 'idle' then excluded.doing else l.doing end,
      attempt = case when l.state = 'idle' then excluded.attempt else l.attempt end,
      sends = case when l.state = 'idle' then excluded.sends else l.sends end,
      first_sent_at = case when l.state = 'idle' then excluded.first_sent_at else l.first_sent_at end,
      sent_at = case when l.state = 'idle' then excluded.sent_at else l.sent_at end,
      send_deadline = case when l.state = 'idle' then excluded.send_deadline else l.send_deadline end,
      settled_after = case when l.state = 'idle' then excluded.settled_after else l.settled_after end,
      fence = case when l.state = 'idle' and excluded.state = 'sending' then excluded.fence else l.fence end
    returning l.head, l.state
  ) select array_agg(m.head) into claimed from moved m
    where m.state = 'sending' and m.head in (select f.reference from fresh f);

  insert into effects (reference, system, lane, pos, type, process, key, name, cause_seq, correlation, plant, traceparent,
    payload, payload_hash, settle_ms, probe_first, replaces)
  select r.reference, r.system, r.lane,
    l.next_pos - 1 - count(*) over (partition by r.system, r.lane) + row_number() over (partition by r.system, r.lane order by r.ord),
    r.type, r.process, r.key, r.name, r.cause_seq, r.correlation, r.plant, r.traceparent, r.payload, decode(r.payload_hash, 'hex'),
    r.settle_ms, r.probe_first, r.replaces
  from json_to_recordset(p_effects) as r (
    ord integer, reference text, system text, lane text, type text, process text, key text, name text, cause_seq bigint,
    correlation text, plant text, traceparent text, payload text, payload_hash text, settle_ms integer, probe_first boolean,
    replaces text)
  join lanes l on l.system = r.system and l.lane = r.lane
  where not exists (select 1 from effects e where e.reference = r.reference);
  return coalesce(claimed, '{}');
end $function$;

CREATE OR REPLACE FUNCTION public.redact_personal(p json)
 RETURNS bigint[]
 LANGUAGE plpgsql
AS $function$
declare
  done bigint[];
  rows json;
begin
  with given as (
    select r.seq, x.value as pointer from json_to_recordset(p) as r (seq bigint, pointers json), json_array_elements_text(r.pointers) x
  ), locked as materialized (
    select l.seq, l.pointer from personal l join given g on g.seq = l.seq and g.pointer = l.pointer
    where l.value is not null order by l.seq, l.pointer for update of l
  ), erased as (
    update personal l set value = null, salt = null, redacted_at = clock_timestamp()
    from locked k where l.seq = k.seq and l.pointer = k.pointer returning l.seq
  ) select array_agg(distinct seq order by seq) into done from erased;
  if done is null then
    return '{}';
  end if;
  update identities i set content_hash = decode(r.content_hash, 'hex')
  from json_to_recordset(p) as r (seq bigint, content_hash text), events e
  where e.seq = r.seq and e.seq = any (done) and i.source_id = e.source_id and i.id = e.id;
  update inbound i set raw = '', raw_hash = sha256(convert_to('redacted ' || i.id, 'UTF8')) where i.event_seq = any (done);
  select json_agg(r.event order by r.seq) into rows from json_to_recordset(p) as r (seq bigint, event json) where r.seq = any (done);
  perform append_events(rows);
  return done;
end $function$;

CREATE OR REPLACE FUNCTION public.release_held(p_ids bigint[])
 RETURNS void
 LANGUAGE sql
AS $function$
  update inbound h set state = 'kept'
  from (select distinct system, object_key from inbound where id = any (p_ids)) k
  where h.system = k.system and h.object_key = k.object_key and h.state = 'held'
    and not exists (
      select 1 from inbound q where q.system = h.system and q.object_key = h.object_key and q.state = 'quarantined' and q.id < h.id)
$function$;

CREATE OR REPLACE FUNCTION public.reset_view(p_name text, p_version integer, p_tables text[])
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  emptied text;
  told record;
begin
  insert into views (name, version) values (p_name, p_version) on conflict (name) do nothing;
  perform 1 from views where name = p_name for update;
  foreach emptied in array p_tables loop
    execute format('truncate table %I', emptied);
  end loop;
  update views set version = p_version, checkpoint = 0, stopped_for = null,
    rebuilding_to = (select nullif(seq, 0) from ledger_head)
  where name = p_name;
  for told in
    select c.fingerprint, array_agg(m.ref) as refs from cases c join case_members m on m.case_id = c.id
    where c.state = 'open' and c.kind in ('VIEW_EVENT_REFUSED', 'VIEW_STOPPED') and split_part(c.fingerprint, ':', 2) = p_name
    group by c.fingerprint loop
    perform settle_members('event', told.refs, 'interlock', 'the read model is filled anew', array[told.fingerprint]);
  end loop;
end $function$;

CREATE OR REPLACE FUNCTION public.route_and_decide(p_route json, p_decide json, p_instances json, p_effects json, p_last bigint)
 RETURNS text[]
 LANGUAGE plpgsql
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET enable_seqscan TO 'off'
AS $function$
begin
  -- The router's lease before the partitions': nothing takes them in the other order and waits.
  if route_events(p_route) <> p_last then
    raise exception 'what the router has in mind is not there any more' using errcode = 'IL004';
  end if;
  -- The decision says whether this waits for the disk.
  perform set_config('synchronous_commit', 'on', true);
  return decide_batch(p_decide, p_instances, p_effects);
end $function$;

CREATE OR REPLACE FUNCTION public.route_events(p json)
 RETURNS bigint
 LANGUAGE plpgsql
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET enable_seqscan TO 'off'
AS $function$
declare
  asked record;                           -- each look into p itself would parse all of it again
  stood bigint;
  first_n bigint;
  handed json;
  handed_out integer;
begin
  select * into asked from json_to_record(p) as r (
    hub text, fence bigint, noted bigint, checkpoint bigint, "leaseMs" integer, links json, facts json, released json, waiting json,
    deliveries json, cases json);
  -- Nothing here is news: what a crash of the database takes back is routed again, the same way. The next commit that matters
  -- carries it to disk before anything follows from it.
  perform set_config('synchronous_commit', 'off', true);
  select checkpoint, position into stood, first_n from leases
  where name = 'router' and hub_id = asked.hub and fence = asked.fence for update;
  if not found then
    raise exception 'lease lost' using errcode = 'IL001';
  end if;
  if stood <> asked.noted or asked.checkpoint > (select seq from ledger_head) then
    raise exception 'what the router has in mind is not there any more' using errcode = 'IL004';
  end if;

  if json_array_length(asked.links) > 0 then
    insert into links (child_kind, child_id, parent_kind, parent_id, quantity, source, since_seq)
    select distinct on (child_kind, child_id, parent_kind, parent_id) child_kind, child_id, parent_kind, parent_id, quantity, source, seq
    from json_to_recordset(asked.links) as r (
      child_kind text, child_id text, parent_kind text, parent_id text, quantity text, source text, seq bigint)
    order by child_kind, child_id, parent_kind, parent_id, seq
    on conflict do nothing;
  end if;
  if json_array_length(asked.facts) > 0 then
    insert into facts (kind, key, value, seq)
    select kind, key, value, seq from json_to_recordset(asked.facts) as r (kind text, key text, value text, seq bigint)
    order by kind, key
    on conflict (kind, key) do update set value = excluded.value, seq = excluded.seq where facts.seq < excluded.seq;
  end if;
  if json_array_length(asked.released) > 0 then
    delete from waiting w using json_to_recordset(asked.released) as r (kind text, id text, process text, seq bigint)
    where w.kind = r.kind and w.id = r.id and w.process = r.process and w.seq = r.seq;
    update waiting w set reached = w.reached || array(select json_array_elements_text(r.reached))
    from json_to_recordset(asked.released) as r (process text, seq bigint, reached json)
    where w.process = r.process and w.seq = r.seq;
    perform settle_members('event', array_agg(r.seq::text), 'interlock', 'the link it waited for has come',
      array_agg('WAIT_EXPIRED:' || r.process || ':' || r.seq))
    from json_to_recordset(asked.released) as r (process text, seq bigint)
    where not exists (select 1 from waiting w where w.process = r.process and w.seq = r.seq);
  end if;
  if json_array_length(asked.waiting) > 0 then
    insert into waiting (kind, id, process, seq, to_kind, deadline_at, reached)
    select kind, id, process, seq, to_kind, clock_timestamp() + wait_ms * interval '1 millisecond', array(select json_array_elements_text(reached))
    from json_to_recordset(asked.waiting) as r (
      kind text, id text, process text, seq bigint, to_kind text, wait_ms bigint, reached json)
    on conflict do nothing;
  end if;

  handed := asked.deliveries;
  if json_array_length(asked.facts) > 0 then
    -- the partition of a woken instance is on its row: only the hub knows the hash
    select coalesce(json_agg(h), '[]') into handed from (
      select ord, partition, process, key, seq
      from json_to_recordset(asked.deliveries) as r (ord integer, partition smallint, process text, key text, seq bigint)
      union all
      select 1000000 + row_number() over (order by f.seq, u.process, u.instance_key)::integer, i.partition, u.process, u.instance_key, f.seq
      from json_to_recordset(asked.facts) as f (kind text, key text, value text, seq bigint)
      cross join lateral (select * from fact_uses x where x.kind = f.kind and x.key = f.key offset 0) u
      join instances i on i.process = u.process and i.key = u.instance_key
      where not exists (
        select 1 from json_to_recordset(asked.deliveries) as d (process text, key text, seq bigint)
        where d.process = u.process and d.key = u.instance_key and d.seq = f.seq)) h;
  end if;
  insert into deliveries (partition, n, process, key, seq)
  select partition, first_n + row_number() over (order by seq, ord), process, key, seq
  from json_to_recordset(handed) as r (ord integer, partition smallint, process text, key text, seq bigint);
  get diagnostics handed_out = row_count;
  update leases set
    checkpoint = greatest(checkpoint, asked.checkpoint), position = first_n + handed_out,
    expires_at = greatest(expires_at, clock_timestamp() + asked."leaseMs" * interval '1 millisecond')
  where name = 'router';
  if json_array_length(asked.cases) > 0 then
    perform open_cases(asked.cases);
  end if;
  return first_n + handed_out;
end $function$;

CREATE OR REPLACE FUNCTION public.seconds_between(since timestamp with time zone, until timestamp with time zone)
 RETURNS numeric
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select case when until > since - interval '1 hour' then greatest(0, extract(epoch from until - since)) end
$function$;

CREATE OR REPLACE FUNCTION public.settle(p json)
 RETURNS TABLE(claimed json, told bigint[], first_seq bigint, recorded_at timestamp with time zone, due_in_ms bigint)
 LANGUAGE plpgsql
AS $function$
#variable_conflict use_column
declare
  results jsonb := '[]';
  events jsonb := '[]';
  pause jsonb := p -> 'pause';
  given record;
begin
  for given in
    select r.value, r.value -> 'event' as event, r.nth - 1 as ord
    from jsonb_array_elements((p -> 'results')::jsonb) with ordinality r (value, nth) order by r.nth loop
    results := results || (given.value || jsonb_build_object('ord', given.ord, 'tells', jsonb_typeof(given.event) = 'object'));
    if jsonb_typeof(given.event) = 'object' then
      events := events || (given.event || jsonb_build_object('ord', given.ord));
    end if;
  end loop;
  if jsonb_typeof(pause) = 'object' then
    events := events || (pause -> 'event' || jsonb_build_object('ord', jsonb_array_length(results)));
    pause := pause || jsonb_build_object('ord', jsonb_array_length(results));
  end if;
  return query select s.* from settle(
    (p::jsonb - 'results' || jsonb_build_object('pause', pause))::json, results::json, events::json) s;
end $function$;

CREATE OR REPLACE FUNCTION public.settle(p json, p_results json, p_events json)
 RETURNS TABLE(claimed json, told bigint[], first_seq bigint, recorded_at timestamp with time zone, due_in_ms bigint)
 LANGUAGE plpgsql
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET enable_seqscan TO 'off'
AS $function$
#variable_conflict use_column
declare
  asked record;                           -- each look into p itself would parse all of it again
  advance_lane text[];
  settled_refs text[];
  tell integer[] := '{}';                 -- which of p_events have happened
  told_by_target json[] := '{}';
  new_events json;
  new_cases json;
  paused_now text;
  me text;
  mine_fence bigint;
  next_at timestamptz;
begin
  select * into asked from json_to_record(p) as r (
    hub text, system text, fence bigint, "leaseMs" integer, want integer, "deadlineMs" integer, "timeoutMs" integer,
    pause json);
  me := asked.system;
  mine_fence := asked.fence;
  told := '{}';
  perform hold_lease(asked.hub, 'system:' || me, mine_fence, asked."leaseMs");

  if json_array_length(p_results) > 0 then
    with mine as materialized (
      -- Every later step reads this one: a join of two such sets would be a nested loop, as none has statistics.
      -- What the target told of while the call was under way is proven, whatever the call itself came to.
      -- The lateral and the CTE's own system column keep every look at lanes one by the whole key: joined by a constant system,
      -- a plan made while the table was small reads all lanes of the system, for each result.
      select g.*, l.system, l.told, l.told is not null and g.next <> 'idle' as proven
      from (select * from json_to_recordset(p_results) as r (
        ord integer, lane text, reference text, attempt integer, kind text, began_at timestamptz, ended_at timestamptz, class text, status text,
        detail text, next text, wake_ms bigint, why text, parked_for text, missing text, sends integer, probes integer, tries integer,
        early boolean, outcome text, evidence text, tells boolean, "case" json) order by r.lane collate "C") g
      cross join lateral (
        select x.system, x.told from lanes x
        where x.system = me and x.lane = g.lane
          and x.state = 'sending' and x.head = g.reference and x.attempt = g.attempt and x.fence = mine_fence
        for update) l
    ), noted as (
      insert into attempts (reference, n, kind, began_at, ended_at, class, status, detail)
      select m.reference, m.attempt, m.kind, m.began_at, m.ended_at, m.class, m.status, m.detail
      from mine m where m.class is not null on conflict do nothing
    ), ended as (
      insert into outcomes (reference, kind, evidence)
      select m.reference, case when m.proven then 'applied' else m.outcome end, case when m.proven then m.told ->> 'evidence' else m.evidence end
      from mine m where m.outcome is not null or m.proven
      on conflict do nothing
    ), moved as (
      update lanes l set
        state = m.next, doing = null,
        wake_at = case when m.next in ('ready', 'unknown', 'accepted') then
          greatest(clock_timestamp() + coalesce(m.wake_ms, 0) * interval '1 millisecond',
                   case when m.next = 'unknown' and m.early is not true then l.settled_after end) end,
        sends = m.sends, probes = m.probes, tries = m.tries, missing = m.missing, why = m.why, parked_for = m.parked_for
      from mine m
      where l.system = m.system and l.lane = m.lane and m.next <> 'idle' and not m.proven
    )
    select
      array_agg(m.lane order by m.lane) filter (where m.next = 'idle' or m.proven),
      array_agg(m.reference) filter (where m.outcome is not null or m.proven),
      coalesce(array_agg(m.ord) filter (where m.tells and not m.proven), '{}'),
      coalesce(array_agg(m.told -> 'event') filter (where m.proven), '{}'),
      json_agg(m.case) filter (where m.case is not null and not m.proven)
    into advance_lane, settled_refs, tell, told_by_target, new_cases
    from mine m;
    if advance_lane is not null then
      perform advance_lanes(array_fill(me, array[cardinality(advance_lane)]), advance_lane);
    end if;
    if new_cases is not null then
      perform open_cases(new_cases);
    end if;
    if exists (select from case_members c where c.kind = 'effect' and c.ref = any (settled_refs) and not c.settled) then
      perform settle_members('effect', settled_refs, 'interlock', 'the effect ended');
    end if;
  end if;

  if json_typeof(asked.pause) = 'object' then
    insert into systems as s (system, paused, paused_by, paused_at)
    values (me, asked.pause ->> 'why', 'interlock', clock_timestamp())
    on conflict (system) do update set paused = excluded.paused, paused_by = excluded.paused_by, paused_at = excluded.paused_at
    where s.paused is null
    returning s.system into paused_now;
    if paused_now is not null then
      tell := tell || (asked.pause ->> 'ord')::integer;
    end if;
  end if;

  if asked.want > 0 and not exists (select 1 from systems s where s.system = me and s.paused is not null) then
    select l.wake_at into next_at from lanes l where l.system = me and l.wake_at is not null order by l.wake_at limit 1;
    due_in_ms := case when next_at is not null then greatest(0, ceil(extract(epoch from next_at - clock_timestamp()) * 1000)) end;
  end if;
  -- most often nothing can move: looked up before anything is made ready to claim it
  if due_in_ms = 0 then
    with chosen as materialized (
      -- with the counts of the row as it is locked: a second look would see the row as this statement began
      select l.lane, l.head, l.state as was, l.sends, l.probes from lanes l
      where l.system = me and l.wake_at <= clock_timestamp()
      order by l.wake_at limit asked.want
      -- in the order of their time, not of their names: to wait here for one that a decision holds would be a deadlock
      for update of l skip locked
    ), meant as materialized (
      select c.was, e.*,
        case when c.was = 'ready' and not (e.probe_first and c.sends = 0 and c.probes < 2) then 'send' else 'probe' end as doing
      from chosen c join effects e on e.reference = c.head
    ), claimed as (
      update lanes l set
        state = 'sending', wake_at = null, attempt = l.attempt + 1, fence = mine_fence, doing = m.doing,
        sends = l.sends + (m.doing = 'send')::integer,
        first_sent_at = case when m.doing = 'send' then coalesce(l.first_sent_at, clock_timestamp()) else l.first_sent_at end,
        sent_at = case when m.doing = 'send' then clock_timestamp() else l.sent_at end,
        send_deadline = clock_timestamp() + asked."deadlineMs" * interval '1 millisecond',
        settled_after = case when m.doing = 'send'
          then clock_timestamp() + (asked."deadlineMs" + asked."timeoutMs" + m.settle_ms) * interval '1 millisecond'
          else l.settled_after end
      from meant m
      where l.system = m.system and l.lane = m.lane
      returning l.lane, l.head as reference, m.type, m.payload, m.process, m.key, m.name, m.cause_seq, m.correlation, m.plant, m.traceparent,
        l.doing, l.attempt, l.sends, l.probes, l.tries, l.missing,
        (extract(epoch from clock_timestamp() - l.first_sent_at) * 1000)::bigint as first_sent_ms,
        (extract(epoch from clock_timestamp() - l.sent_at) * 1000)::bigint as sent_ms,
        coalesce(l.settled_after <= clock_timestamp(), true) as settled, m.settle_ms, m.was
    ) select json_agg(c) into claimed from claimed c;
  end if;

  new_events := p_events;
  if cardinality(tell) < json_array_length(p_events) or cardinality(told_by_target) > 0 then
    select coalesce(json_agg(x.event), '[]') into new_events from (
      select e.value as event from json_array_elements(p_events) e where (e.value ->> 'ord')::integer = any (tell)
      union all
      select t.event from unnest(told_by_target) t (event)) x;
  end if;
  if json_array_length(new_events) > 0 then
    select coalesce(array_agg(a.ord order by a.seq), '{}'), min(a.seq), min(a.recorded_at) into told, first_seq, recorded_at
    from append_events(new_events) a where a.status = 'appended';
    -- the caller does not know the words of what a target told of
    if cardinality(told_by_target) > 0 then
      told := null;
    end if;
  end if;
  return next;
end $function$;

CREATE OR REPLACE FUNCTION public.settle_and_claim(p json)
 RETURNS TABLE(lane text, reference text, type text, payload text, process text, key text, name text, cause_seq bigint, correlation text, plant text, traceparent text, doing text, attempt integer, sends integer, probes integer, tries integer, missing text, first_sent_ms bigint, sent_ms bigint, settled boolean, settle_ms integer, probe_first boolean, was text)
 LANGUAGE plpgsql
AS $function$
#variable_conflict use_column
declare
  taken json;
begin
  select s.claimed into taken from settle(p) s;
  return query select r.* from json_to_recordset(taken) as r (
    lane text, reference text, type text, payload text, process text, key text, name text, cause_seq bigint, correlation text,
    plant text, traceparent text, doing text, attempt integer, sends integer, probes integer, tries integer, missing text,
    first_sent_ms bigint, sent_ms bigint, settled boolean, settle_ms integer, probe_first boolean, was text);
end $function$;

CREATE OR REPLACE FUNCTION public.settle_by_evidence(p json)
 RETURNS integer
 LANGUAGE plpgsql
AS $function$
declare
  r record;
  l lanes;
  e effects;
  events json[] := '{}';
  n integer := 0;
begin
  for r in select g.* from json_to_recordset(p) as g (system text, reference text, evidence text, event json)
      join effects x on x.reference = g.reference and x.system = g.system order by x.system, x.lane, g.reference loop
    select * into e from effects where reference = r.reference;
    select * into l from lanes where system = e.system and lane = e.lane for update;
    if l.head = r.reference and l.state in ('unknown', 'accepted', 'parked', 'ready')
        and not exists (select 1 from outcomes o where o.reference = r.reference) then
      insert into outcomes (reference, kind, evidence) values (r.reference, 'applied', r.evidence);
      perform advance_lanes(array[e.system], array[e.lane]);
      perform settle_members('effect', array[r.reference], 'interlock', 'the target told of it');
      events := events || r.event;
      n := n + 1;
    elsif l.head = r.reference and l.state = 'sending' then
      update lanes set told = json_build_object('evidence', r.evidence, 'event', r.event) where system = e.system and lane = e.lane;
    end if;
  end loop;
  if cardinality(events) > 0 then
    perform append_events(array_to_json(events));
  end if;
  return n;
end $function$;

CREATE OR REPLACE FUNCTION public.settle_members(p_kind text, p_refs text[], p_by text, p_resolution text, p_fingerprints text[] DEFAULT NULL::text[])
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  touched bigint[];
begin
  select array_agg(k.id) into touched from (
    select c.id from cases c
    where c.id in (select m.case_id from case_members m where m.kind = p_kind and m.ref = any (p_refs) and not m.settled)
      and (p_fingerprints is null or c.fingerprint = any (p_fingerprints))
    order by c.id for update) k;
  if touched is null then
    return;
  end if;
  update case_members set settled = true
  where kind = p_kind and ref = any (p_refs) and not settled and case_id = any (touched);
  update cases c set state = 'closed', closed_at = clock_timestamp(), closed_by = p_by, resolution = p_resolution, version = version + 1
  where c.id = any (touched) and c.state = 'open'
    and not exists (select 1 from case_members m where m.case_id = c.id and not m.settled);
end $function$;

CREATE OR REPLACE FUNCTION public.take_over_lanes(p_system text, p_fence bigint, p_held text[] DEFAULT '{}'::text[])
 RETURNS integer
 LANGUAGE plpgsql
AS $function$
declare
  n integer;
begin
  with lost as (
    select system, lane from lanes
    where system = p_system and state = 'sending'
      and (fence < p_fence or (fence = p_fence and send_deadline < clock_timestamp() and head <> all (p_held)))
    order by system, lane for update
  ), noted as (
    insert into attempts (reference, n, kind, began_at, ended_at, class, detail)
    select l.head, l.attempt, l.doing, coalesce(l.sent_at, clock_timestamp()), clock_timestamp(), 'lost', 'its hub ended or lost the system before an answer was kept'
    from lanes l join lost using (system, lane)
    on conflict do nothing
  ), moved as (
    update lanes l set
      state = 'unknown', doing = null,
      wake_at = greatest(clock_timestamp(), l.settled_after),
      why = 'the answer to its last call was not seen'
    from lost where l.system = lost.system and l.lane = lost.lane
    returning 1
  ) select count(*) into n from moved;
  return n;
end $function$;

CREATE OR REPLACE FUNCTION public.withdraw_effects(p json)
 RETURNS text[]
 LANGUAGE plpgsql
AS $function$
declare
  r record;
  l lanes;
  answers json[] := '{}';
  withdrawn text[] := '{}';
begin
  for r in select * from json_to_recordset(p) as r (reference text, system text, lane text, won json, lost json)
      order by system, lane, reference loop
    select * into l from lanes where system = r.system and lane = r.lane for update;
    if exists (select 1 from outcomes o where o.reference = r.reference) then
      continue;
    end if;
    -- what the restored database may have forgotten to have sent counts as sent until it was looked for twice
    if (l.head = r.reference
          and not (l.state in ('ready', 'parked') and l.sends = 0)
          and not (l.state = 'parked' and l.parked_for in ('rejected', 'exhausted')))
        or (exists (select 1 from effects e where e.reference = r.reference and e.probe_first)
          and not (l.head = r.reference and (l.probes > 1 or coalesce(l.parked_for in ('rejected', 'exhausted'), false)))) then
      answers := answers || r.lost;
      continue;
    end if;
    insert into outcomes (reference, kind)
    values (r.reference, case when l.head = r.reference and l.parked_for = 'rejected' then 'rejected' else 'withdrawn' end);
    if l.head = r.reference then
      perform advance_lanes(array[r.system], array[r.lane]);
    end if;
    withdrawn := withdrawn || r.reference;
    answers := answers || r.won;
  end loop;
  perform settle_members('effect', withdrawn, 'interlock', 'withdrawn by its process');
  if cardinality(answers) > 0 then
    perform append_events(array_to_json(answers));
  end if;
  return withdrawn;
end $function$;

create aggregate ledger_chain (link bytea, head bytea) (sfunc = chain_step, stype = bytea);

