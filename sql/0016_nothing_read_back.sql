-- What a hub itself writes it need not read back: append and settle answer where their events stand, and settle when a lane moves
-- next.

-- The same as in 0001, and when it was recorded: with that the caller knows each row it appended as a reader would.
drop function append_events(json);
create function append_events(p_rows json)
returns table (ord bigint, status text, seq bigint, recorded_at timestamptz)
language plpgsql set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
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
end $$;

-- The same as in 0013, but for noted: the checkpoint as its caller saw it last. The router has in mind what was appended. A crash of
-- the database may have taken back what it had routed, and a failover to an older state some of the ledger itself.
create or replace function route_events(p json) returns bigint
language plpgsql set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
declare
  asked record;                           -- each look into p itself would parse all of it again
  stood bigint;
  first_n bigint;
  last_n bigint;
begin
  select * into asked from json_to_record(p) as r (
    hub text, fence bigint, noted bigint, checkpoint bigint, "leaseMs" integer, links json, facts json, released json, waiting json,
    deliveries json, cases json);
  -- Nothing here is news: what a crash of the database takes back is routed again, the same way. The next commit that matters
  -- carries it to disk before anything follows from it.
  perform set_config('synchronous_commit', 'off', true);
  select checkpoint, position into stood, first_n from leases where name = 'router' for update;
  perform hold_leases(asked.hub, json_build_array(json_build_object(
    'name', 'router', 'fence', asked.fence, 'checkpoint', asked.checkpoint)), asked."leaseMs");
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

  with given as (
    select ord, partition, process, key, seq
    from json_to_recordset(asked.deliveries) as r (ord integer, partition smallint, process text, key text, seq bigint)
    union all
    -- the partition of a woken instance is on its row: only the hub knows the hash
    select 1000000 + row_number() over (order by f.seq, u.process, u.instance_key)::integer, i.partition, u.process, u.instance_key, f.seq
    from json_to_recordset(asked.facts) as f (kind text, key text, value text, seq bigint)
    cross join lateral (select * from fact_uses x where x.kind = f.kind and x.key = f.key offset 0) u
    join instances i on i.process = u.process and i.key = u.instance_key
    where json_array_length(asked.facts) > 0 and not exists (
      select 1 from json_to_recordset(asked.deliveries) as d (process text, key text, seq bigint)
      where d.process = u.process and d.key = u.instance_key and d.seq = f.seq)
  ), written as (
    insert into deliveries (partition, n, process, key, seq)
    select partition, first_n + row_number() over (order by seq, ord), process, key, seq from given
    returning n
  ) select max(n) into last_n from written;
  if last_n is not null then
    update leases set position = last_n where name = 'router';
  end if;
  if json_array_length(asked.cases) > 0 then
    perform open_cases(asked.cases);
  end if;
  return coalesce(last_n, first_n);
end $$;

-- What settle_and_claim (0015) did, with the same parameters. It answers as well:
-- told: ord of each event that was appended, in the order of their positions, the first of which is first_seq; null when
--       the target told of one meanwhile. due_in_ms: when the next lane of the system can move, 0: now; null: none waits.
create function settle(p json)
returns table (claimed json, told bigint[], first_seq bigint, recorded_at timestamptz, due_in_ms bigint)
language plpgsql set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
#variable_conflict use_column
declare
  asked record;                           -- each look into p itself would parse all of it again
  advance_lane text[];
  settled_refs text[];
  new_events json[] := '{}';
  new_cases json;
  paused_now text;
  me text;
  mine_fence bigint;
  told_by_target boolean;
  next_at timestamptz;
begin
  select * into asked from json_to_record(p) as r (
    hub text, system text, fence bigint, "leaseMs" integer, want integer, "deadlineMs" integer, "timeoutMs" integer,
    results json, pause json);
  me := asked.system;
  mine_fence := asked.fence;
  told := '{}';
  perform hold_leases(asked.hub, json_build_array(json_build_object('name', 'system:' || me, 'fence', mine_fence)),
    asked."leaseMs");

  if json_array_length(asked.results) > 0 then
    with mine as materialized (
      -- Every later step reads this one: a join of two such sets would be a nested loop, as none has statistics.
      -- What the target told of while the call was under way is proven, whatever the call itself came to.
      -- The lateral and the CTE's own system column keep every look at lanes one by the whole key: joined by a constant system,
      -- a plan made while the table was small reads all lanes of the system, for each result.
      select g.*, l.system, l.told, l.told is not null and g.next <> 'idle' as proven
      from (select * from json_to_recordset(asked.results) as r (
        lane text, reference text, attempt integer, kind text, began_at timestamptz, ended_at timestamptz, class text, status text,
        detail text, next text, wake_ms bigint, why text, parked_for text, missing text, sends integer, probes integer, tries integer,
        early boolean, outcome text, evidence text, event json, "case" json) order by r.lane collate "C") g
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
      coalesce(array_agg(case when m.proven then m.told -> 'event' else m.event end) filter (where m.event is not null or m.proven), '{}'),
      json_agg(m.case) filter (where m.case is not null and not m.proven),
      bool_or(m.proven)
    into advance_lane, settled_refs, new_events, new_cases, told_by_target
    from mine m;
    if advance_lane is not null then
      perform advance_lanes(array_fill(me, array[cardinality(advance_lane)]), advance_lane);
    end if;
    if new_cases is not null then
      perform open_cases(new_cases);
    end if;
    if settled_refs is not null then
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
      new_events := new_events || (asked.pause -> 'event');
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

  if cardinality(new_events) > 0 then
    select coalesce(array_agg(a.ord order by a.seq), '{}'), min(a.seq), min(a.recorded_at) into told, first_seq, recorded_at
    from append_events(array_to_json(new_events)) a where a.status = 'appended';
    -- the caller does not know the words of what a target told of
    if told_by_target then
      told := null;
    end if;
  end if;
  return next;
end $$;

-- For a hub of the version before.
create or replace function settle_and_claim(p json)
returns table (
  lane text, reference text, type text, payload text, process text, key text, name text, cause_seq bigint, correlation text,
  plant text, traceparent text, doing text, attempt integer, sends integer, probes integer, tries integer, missing text,
  first_sent_ms bigint, sent_ms bigint, settled boolean, settle_ms integer, probe_first boolean, was text)
language plpgsql as $$
#variable_conflict use_column
declare
  taken json;
begin
  select s.claimed into taken from settle(p) s;
  return query select r.* from json_to_recordset(taken) as r (
    lane text, reference text, type text, payload text, process text, key text, name text, cause_seq bigint, correlation text,
    plant text, traceparent text, doing text, attempt integer, sends integer, probes integer, tries integer, missing text,
    first_sent_ms bigint, sent_ms bigint, settled boolean, settle_ms integer, probe_first boolean, was text);
end $$;
