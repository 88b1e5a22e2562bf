-- As in 0011, but for early: the first look for a write whose answer was lost need not wait until the write has settled. What it
-- finds is proven; what it does not find is looked for again, late enough.

-- Results first, then new claims: settle and claim are one commit. What each result means was decided in
-- src/dispatch/policy.ts; here it is applied by compare-and-set on (sending, attempt, head, fence).
-- results: lane, reference, attempt, kind, began_at, ended_at, class (null: no call was made), status, detail,
--          next (idle = advance | ready | unknown | accepted | parked), wake_ms, why, parked_for, missing,
--          sends, probes, tries (the lane's new counts), early (the next look need not wait for settled_after), outcome, evidence, event (row for append_events), case (row for open_cases)
-- pause:   why, event: the target refuses us altogether; nothing more is claimed until a person resumes the system
-- Returns what was claimed; the caller counts deadlineMs from before its call, so no clocks are compared.
create or replace function settle_and_claim(p json)
returns table (
  lane text, reference text, type text, payload text, process text, key text, name text, cause_seq bigint, correlation text,
  plant text, traceparent text, doing text, attempt integer, sends integer, probes integer, tries integer, missing text,
  first_sent_ms bigint, sent_ms bigint, settled boolean, settle_ms integer, probe_first boolean, was text)
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
begin
  select * into asked from json_to_record(p) as r (
    hub text, system text, fence bigint, "leaseMs" integer, want integer, "deadlineMs" integer, "timeoutMs" integer,
    results json, pause json);
  me := asked.system;
  mine_fence := asked.fence;
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
      json_agg(m.case) filter (where m.case is not null and not m.proven)
    into advance_lane, settled_refs, new_events, new_cases
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

  -- most often nothing can move: looked up before anything is made ready to claim it
  if asked.want > 0 and exists (select 1 from lanes l where l.system = me and l.wake_at <= clock_timestamp())
      and not exists (select 1 from systems s where s.system = me and s.paused is not null) then
    return query
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
      returning l.lane, l.head, m.type, m.payload, m.process, m.key, m.name, m.cause_seq, m.correlation, m.plant, m.traceparent,
        l.doing, l.attempt, l.sends, l.probes, l.tries, l.missing,
        (extract(epoch from clock_timestamp() - l.first_sent_at) * 1000)::bigint,
        (extract(epoch from clock_timestamp() - l.sent_at) * 1000)::bigint,
        coalesce(l.settled_after <= clock_timestamp(), true), m.settle_ms, m.probe_first, m.was
    ) select * from claimed;
  end if;

  if cardinality(new_events) > 0 then
    perform append_events(array_to_json(new_events));
  end if;
end $$;
