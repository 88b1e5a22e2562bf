-- The same as before with less for PostgreSQL to begin: it makes every statement of a transaction ready anew, and what a table
-- checks it reads from text each time, letter by letter.

-- What each state of a lane has and has not. A function is compiled once in a session. What is there already was checked by what is
-- dropped here; 0019 says so without holding up the line.
create function lane_is_sound(
  state text, head text, doing text, wake_at timestamptz, send_deadline timestamptz, parked_for text, why text)
returns boolean language plpgsql immutable as $$
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
end $$;

alter table lanes
  drop constraint lanes_deadline, drop constraint lanes_doing, drop constraint lanes_head, drop constraint lanes_parked,
  drop constraint lanes_parked_for, drop constraint lanes_sending, drop constraint lanes_state, drop constraint lanes_wake,
  drop constraint lanes_why,
  add constraint lanes_sound check (lane_is_sound(state, head, doing, wake_at, send_deadline, parked_for, why)) not valid;

create function is_attempt(kind text, class text) returns boolean language plpgsql immutable as $$
begin
  return kind in ('send', 'probe')
    and class in ('applied', 'accepted', 'retry', 'reject', 'auth', 'unknown', 'absent', 'different', 'partial', 'lost');
end $$;

alter table attempts
  drop constraint attempts_class, drop constraint attempts_kind,
  add constraint attempts_sound check (is_attempt(kind, class)) not valid;

create function is_outcome(kind text) returns boolean language plpgsql immutable as $$
begin
  return kind in ('applied', 'rejected', 'cancelled', 'withdrawn');
end $$;

alter table outcomes drop constraint outcomes_kind,
  add constraint outcomes_kind check (is_outcome(kind)) not valid;

-- Nothing is written by a hub that lost its lease. Of a lease that only has to be there a share lock is enough: nobody can take it
-- before this transaction has ended, and the owner's transactions (sending, reading, admitting for one system) do not wait for
-- each other's commits. When it runs low, each of them renews it.
create function hold_lease(p_hub text, p_name text, p_fence bigint, p_lease_ms integer) returns void
language plpgsql as $$
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
end $$;

-- Several are locked in the order of their names; an update checks, moves on and renews. was: where it must stand (D7). A
-- decision whose answer was lost may commit until the lock is had, without changing the version of an instance.
create or replace function hold_leases(p_hub text, p_leases json, p_lease_ms integer) returns void
language plpgsql as $$
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
end $$;

-- The same as in 0016: the row of the lease is looked at and written once, and what facts wake is looked for only where there are some.
create or replace function route_events(p json) returns bigint
language plpgsql set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
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
end $$;

-- The same as in 0003, with what is long apart: PostgreSQL reads a text of JSON anew for everything that is taken from it.
create function decide_batch(p json, p_instances json, p_effects json) returns text[]
language plpgsql set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
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
end $$;

-- For a hub of the version before.
create or replace function decide_batch(p json) returns text[] language sql as $$
  select decide_batch(p, p -> 'instances', p -> 'effects')
$$;

-- Hands out (p_route, as route_events takes it) and decides (as decide_batch) on all that goes to its partitions. The caller has
-- told the last place of it in advance (p_last), and read the instances while the partitions stood where their leases say, with
-- nothing left to decide on. A hub of the version before does without.
drop function route_and_decide(json, json, text[], bigint[], bigint);
create function route_and_decide(p_route json, p_decide json, p_instances json, p_effects json, p_last bigint)
returns text[]
language plpgsql set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
begin
  -- The router's lease before the partitions': nothing takes them in the other order and waits.
  if route_events(p_route) <> p_last then
    raise exception 'what the router has in mind is not there any more' using errcode = 'IL004';
  end if;
  -- The decision says whether this waits for the disk.
  perform set_config('synchronous_commit', 'on', true);
  return decide_batch(p_decide, p_instances, p_effects);
end $$;

-- The same as in 0016, with the events apart, and an effect that no case is about needs no look at the cases.
-- p_results: ord is the place, tells whether an event of this ord stands in p_events. p.pause: why, and the ord of its event.
create function settle(p json, p_results json, p_events json)
returns table (claimed json, told bigint[], first_seq bigint, recorded_at timestamptz, due_in_ms bigint)
language plpgsql set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
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
end $$;

-- For a hub of the version before, which puts each event into its result.
create or replace function settle(p json)
returns table (claimed json, told bigint[], first_seq bigint, recorded_at timestamptz, due_in_ms bigint)
language plpgsql as $$
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
end $$;
