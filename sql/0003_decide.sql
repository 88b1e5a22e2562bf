-- Processes, the effects they intend, and the lanes those go out on.

create table instances (
  process text collate "C" not null,
  key text collate "C" not null,
  partition smallint not null,
  definition_version integer not null,
  phase text collate "C" not null,
  state text not null,                    -- JSON of the definition's state type
  began_at timestamptz not null,          -- when its first event happened: see recoveries
  correlation text collate "C" not null,  -- of its first event: what it derives and intends inherits it
  plant text collate "C",
  last_n bigint not null,
  version integer not null default 1,     -- compare-and-set
  held text,                              -- why nothing is decided here until a person acts (a handler threw)
  primary key (process, key),
  constraint instances_state_size check (octet_length(state) <= 262144)
) with (fillfactor = 60);

create table deferred (
  process text collate "C" not null,
  key text collate "C" not null,
  n bigint not null,
  seq bigint not null,
  deadline_at timestamptz,                -- null: until the instance is no longer held
  expired boolean not null default false,
  primary key (process, key, n)
);
create index deferred_by_deadline on deferred (deadline_at) where not expired and deadline_at is not null;

create table timers (
  process text collate "C" not null,
  key text collate "C" not null,
  name text collate "C" not null,
  partition smallint not null,
  generation bigint not null,             -- the delivery n that set it: a fired timer of an older generation is ignored
  due_at timestamptz not null,
  streams text[] not null default '{}',   -- system/stream: fires only when these were read up to due_at
  fired boolean not null default false,
  primary key (process, key, name)
);
create index timers_by_due on timers (due_at) where not fired;

create table recoveries (
  id integer generated always as identity primary key,
  began_at timestamptz not null default clock_timestamp(),
  reason text not null,
  anchor_seq bigint,                      -- ends by itself when the streams were read beyond the anchor's time
  anchor_at timestamptz,
  ended_at timestamptz,
  ended_by text
);
create unique index recoveries_one_open on recoveries ((true)) where ended_at is null;

create table effects (
  reference text collate "C" primary key, -- 16 characters, Crockford base 32: derived, so the same decision after a restore has the same one
  system text collate "C" not null,
  lane text collate "C" not null,         -- the target's own object: salesOrder/SO-1001
  pos integer not null,
  type text collate "C" not null,         -- CreateSalesOrder.v1
  process text collate "C" not null,
  key text collate "C" not null,
  name text collate "C" not null,         -- the process's own name for it: withdrawals and answers say which
  cause_seq bigint not null,
  correlation text collate "C" not null,
  plant text collate "C",
  traceparent text,
  payload text not null,
  payload_hash bytea not null,
  settle_ms integer not null,             -- how long a write may take to become visible to a probe
  probe_first boolean not null default false,
  replaces text collate "C",              -- edit-and-resubmit: the refused one
  created_at timestamptz not null default clock_timestamp(),
  constraint effects_position unique (system, lane, pos)
);
comment on table effects is 'Insert-only: one intended change in one target. State lives in its lane, its end in outcomes.';
create index effects_by_instance on effects (process, key);

create table lanes (
  system text collate "C" not null,
  lane text collate "C" not null,
  next_pos integer not null default 1,
  head_pos integer,                       -- how far the lane has come; a resubmitted head keeps the place of what it replaces
  head text collate "C",                  -- the effect this state is about
  state text not null default 'idle'
    constraint lanes_state check (state in ('idle', 'ready', 'sending', 'accepted', 'unknown', 'parked')),
  attempt integer not null default 0,     -- calls begun for the head, sends and probes
  sends integer not null default 0,       -- sends of the head that may have reached the target
  probes integer not null default 0,      -- looks since the last send that did not find the head there, or not whole
  tries integer not null default 0,       -- calls in a row that brought the head no further: spaces them, and ends them
  missing text,                           -- JSON: what a probe found lacking, the next send completes only that
  doing text constraint lanes_doing check (doing in ('send', 'probe')),
  wake_at timestamptz,
  first_sent_at timestamptz,              -- the target's memory of the reference counts from here
  sent_at timestamptz,                    -- the last send's start
  send_deadline timestamptz,              -- after this the sender may no longer write to the socket
  settled_after timestamptz,              -- a probe before this proves nothing
  fence bigint not null default 0,
  told json,                              -- evidence, event: the target told of the head while a call was under way
  parked_for text constraint lanes_parked_for check (parked_for in ('rejected', 'exhausted', 'unproven', 'mismatch')),
  why text,                               -- in words, for people: why it is not idle
  primary key (system, lane),
  constraint lanes_head check ((state = 'idle') = (head is null)),
  constraint lanes_sending check ((state = 'sending') = (doing is not null)),
  constraint lanes_deadline check (state <> 'sending' or send_deadline is not null),
  constraint lanes_wake check ((state in ('ready', 'accepted', 'unknown')) = (wake_at is not null)),
  constraint lanes_parked check ((state = 'parked') = (parked_for is not null)),
  constraint lanes_why check (state <> 'parked' or why is not null)
) with (fillfactor = 40);
-- Choosing work costs by the lanes that can move, never by the backlog.
create index lanes_by_wake on lanes (system, wake_at) where wake_at is not null;
-- What waits for people is listed without reading all lanes. A lane that is never parked costs this index nothing.
create index lanes_parked on lanes (system, lane) where parked_for is not null;

create table outcomes (
  reference text collate "C" primary key,
  kind text not null constraint outcomes_kind check (kind in ('applied', 'rejected', 'cancelled', 'withdrawn')),
  evidence text,                          -- JSON from the target
  at timestamptz not null default clock_timestamp(),
  actor text
);

create table cases (
  id bigint generated always as identity primary key,
  fingerprint text collate "C" not null,  -- groups what is the same trouble
  kind text collate "C" not null,         -- a stable code: EFFECT_REJECTED, MAPPING_FAILED, ...
  owner text collate "C" not null,        -- it | plant-operations | customer-service | finance | quality
  assignee text,
  plant text collate "C",
  system text collate "C",
  subject text collate "C" not null,      -- the business object in question
  correlation text collate "C",
  title text not null,
  detail text not null,                   -- JSON: what happened, evidence, what would fix it
  state text not null default 'open' constraint cases_state check (state in ('open', 'closed')),
  opened_at timestamptz not null default clock_timestamp(),
  sla_at timestamptz,
  closed_at timestamptz,
  closed_by text,
  resolution text,
  version integer not null default 1,
  constraint cases_closed check ((state = 'closed') = (closed_at is not null))
) with (fillfactor = 70);
create unique index cases_one_open on cases (fingerprint) where state = 'open';
create index cases_by_owner on cases (owner, id) where state = 'open';
create index cases_by_subject on cases (subject);

create table case_members (
  case_id bigint not null references cases,
  kind text collate "C" not null constraint case_members_kind check (kind in ('effect', 'inbound', 'event', 'instance', 'system')),
  ref text collate "C" not null,
  at timestamptz not null default clock_timestamp(),
  settled boolean not null default false,
  primary key (case_id, kind, ref)
);
create index case_members_by_ref on case_members (kind, ref) where not settled;

-- Rows: fingerprint, kind, owner, plant, system, subject, correlation, title, detail, sla_at, member_kind, member_ref.
create function open_cases(p json) returns void
language plpgsql as $$
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
end $$;

-- What a member's case waited for has happened. A case closes with its last member. Of a member that is in several cases, only
-- those with the given fingerprints are meant, when any are given.
-- Lock first, look second: two that settle its last two members at the same time would each see the other's as open, and one
-- that settles while another member joins would close it over that one's head.
create function settle_members(p_kind text, p_refs text[], p_by text, p_resolution text, p_fingerprints text[] default null) returns void
language plpgsql as $$
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
end $$;

-- The next effect of a lane that has no outcome yet becomes its head, or the lane is idle.
create function advance_lanes(p_system text[], p_lane text[]) returns void
language sql as $$
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
$$;

-- Positions come from the lane rows, locked in order. An idle lane takes its first effect as head at once; where the hub
-- owns the system and says so (claim), that head is inserted already sending: one commit saved, a crash costs a probe.
-- claims: system, hub, fence, deadline_ms, timeout_ms: on whose behalf, and how long its sender may take to begin and to end.
-- Returns the references that were claimed.
create function queue_effects(p_effects json, p_claims json) returns text[]
language plpgsql as $$
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
end $$;

-- Decide's transaction: state, effects, timers, cases, derived events and the consumption of the deliveries, or nothing.
-- Locks in this order: leases, facts, instances, lanes, cases, ledger_head.
create function decide_batch(p json) returns text[]
language plpgsql set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
declare
  asked record;                           -- each look into p itself would parse all of it again
  moved integer;
  claimed text[] := '{}';
  late text[];
begin
  select * into asked from json_to_record(p) as r (
    hub text, "leaseMs" integer, leases json, "factUses" json, instances json, finished json, undeferred json, deferred
    json, "timersCleared" json, timers json, effects json, claims json, withdrawals json, "settledMembers" json, cases
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
    from json_to_recordset(asked.instances) as r (
      process text, key text, partition smallint, definition_version integer, phase text, state text, began_at timestamptz,
      correlation text, plant text, last_n bigint, version integer, held text)
    order by process, key
    on conflict (process, key) do update set
      definition_version = excluded.definition_version, phase = excluded.phase, state = excluded.state,
      last_n = excluded.last_n, version = excluded.version, held = excluded.held
    where i.version = excluded.version - 1
    returning 1
  ) select count(*) into moved from written;
  if moved <> json_array_length(asked.instances) then
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

  if json_array_length(asked.effects) > 0 then
    claimed := queue_effects(asked.effects, asked.claims);
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
end $$;

-- A withdrawal is a compare-and-set while the target provably does not have the effect: unsent, refused or given up.
-- Withdrawing a refused head is how a process releases its lane. Both answers are events that the hub prepared beforehand
-- (row 'won' and row 'lost'), so the process hears which it was.
create function withdraw_effects(p json) returns text[]
language plpgsql as $$
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
          and not (l.head = r.reference and (l.probes > 1 or l.parked_for in ('rejected', 'exhausted')))) then
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
end $$;
