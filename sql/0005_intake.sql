-- Native messages: kept as sent, then translated and admitted in order.

-- Messages and the cursor they were read up to are one commit. With a fence (polls) only the system's owner may write.
-- messages: ord, system, stream, native_id, object_key, version, content_type, raw (base64), raw_hash (hex)
-- cursor: system, stream, position, caught_up_to, high_water (the system's own highest number in the stream)
create function keep_inbound(p json) returns table (ord integer, status text, id bigint)
language plpgsql set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
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
end $$;

-- What waited behind a message of the same object moves up once that message is out of the way.
create function release_held(p_ids bigint[]) returns void
language sql as $$
  update inbound h set state = 'kept'
  from (select distinct system, object_key from inbound where id = any (p_ids)) k
  where h.system = k.system and h.object_key = k.object_key and h.state = 'held'
    and not exists (
      select 1 from inbound q where q.system = h.system and q.object_key = h.object_key and q.state = 'quarantined' and q.id < h.id)
$$;

-- Verdicts over kept messages, with the events they became.
-- verdicts: id, state (admitted | skipped | held | quarantined), problem, event (row for append_events, its ord = id),
--           case (row for open_cases), conflict (row for open_cases; only with it a message becomes a conflict, without it
--           one whose identity is taken by other content stays kept, and the hub asks again with the case to open)
-- A message whose identity is in the ledger is the same one when the event made of it is the same, or when its raw bytes are:
-- then only the mapping has changed since.
-- Locks in this order: lease, messages, cases, ledger_head.
create function admit_inbound(p json) returns table (id bigint, state text, event_seq bigint)
language plpgsql set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
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
end $$;

-- What a person decides about messages that could not be admitted. Returns those that were still waiting for it.
-- p: ids, action (readmit | discard), actor, problem (JSON text, for discard), event (row for append_events)
create function act_on_inbound(p json) returns bigint[]
language plpgsql as $$
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
end $$;

-- A target whose own numbers went back was restored: what the ledger believes applied may be gone. A person must look first.
-- Only the lower number is taken over; the place to read from stays until the system is resumed.
-- p: hub, lease, fence, leaseMs, system, stream, why, high_water, case, event
create function pause_restored_system(p json) returns void
language plpgsql as $$
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
end $$;
