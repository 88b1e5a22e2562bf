-- Native messages: kept as sent, then translated and admitted in order.

-- Messages and the cursor they were read up to are one commit. With a fence (polls) only the system's owner may write.
-- messages: ord, system, stream, native_id, object_key, version, content_type, raw (base64), raw_hash (hex)
create function keep_inbound(p json) returns table (ord integer, status text, id bigint)
language plpgsql as $$
#variable_conflict use_column
begin
  if p ->> 'fence' is not null then
    perform hold_leases(p ->> 'hub', json_build_array(json_build_object('name', p ->> 'lease', 'fence', (p ->> 'fence')::bigint)),
      (p ->> 'leaseMs')::integer);
  end if;
  return query
  with given as materialized (
    select * from json_to_recordset(p -> 'messages') as r (
      ord integer, system text, stream text, native_id text, object_key text, version text, content_type text, raw text, raw_hash text)
  ), fresh as (
    insert into inbound (system, stream, native_id, object_key, version, content_type, raw, raw_hash)
    select distinct on (system, stream, native_id, raw_hash) system, stream, native_id, object_key, version, content_type, decode(raw, 'base64'), decode(raw_hash, 'hex')
    from given order by system, stream, native_id, raw_hash, ord
    on conflict do nothing
    returning inbound.id, inbound.system, inbound.stream, inbound.native_id, inbound.raw_hash
  )
  select g.ord, case when f.id is null then 'duplicate' else 'kept' end, f.id
  from given g left join fresh f on f.system = g.system and f.stream = g.stream and f.native_id = g.native_id and f.raw_hash = decode(g.raw_hash, 'hex')
  order by g.ord;
  if p -> 'cursor' is not null then
    insert into cursors (system, stream, position, caught_up_to, heartbeat_at)
    select c.system, c.stream, c.position, c.caught_up_to, clock_timestamp()
    from json_to_record(p -> 'cursor') as c (system text, stream text, position text, caught_up_to timestamptz)
    on conflict (system, stream) do update set
      position = excluded.position, heartbeat_at = excluded.heartbeat_at,
      caught_up_to = greatest(cursors.caught_up_to, excluded.caught_up_to);
  end if;
end $$;

-- Verdicts over kept (or quarantined: re-admission) messages, with the events they became.
-- verdicts: id, state, problem, event (row for append_events, its ord = id), case (row for open_cases)
create function admit_inbound(p json) returns table (id bigint, state text, event_seq bigint)
language plpgsql as $$
#variable_conflict use_column
declare
  rows json;
  cases json;
  results json;
begin
  perform hold_leases(p ->> 'hub', json_build_array(json_build_object('name', p ->> 'lease', 'fence', (p ->> 'fence')::bigint)),
    (p ->> 'leaseMs')::integer);
  perform 1 from inbound i where i.id in (select (v ->> 'id')::bigint from json_array_elements(p -> 'verdicts') v) order by i.id for update;
  select json_agg(v -> 'case') into cases from json_array_elements(p -> 'verdicts') v where json_typeof(v -> 'case') = 'object';
  if cases is not null then
    perform open_cases(cases);
  end if;
  select json_agg(v -> 'event' order by (v ->> 'id')::bigint) into rows
  from json_array_elements(p -> 'verdicts') v where json_typeof(v -> 'event') = 'object';
  if rows is not null then
    select json_agg(a) into results from append_events(rows) a;
  end if;
  return query
  with given as (
    select * from json_to_recordset(p -> 'verdicts') as r (id bigint, state text, problem text)
  ), appended as (
    select * from json_to_recordset(coalesce(results, '[]')) as r (ord bigint, status text, seq bigint)
  ), judged as (
    select g.id, case when a.status = 'conflict' then 'conflict' else g.state end as state,
      case when a.status = 'conflict' then json_build_object('code', 'EVENT_CONFLICT', 'message',
        'the same identity was accepted before with other content, at ledger position ' || a.seq)::text else g.problem end as problem,
      a.seq
    from given g left join appended a on a.ord = g.id
  )
  update inbound i set state = j.state, problem = j.problem, event_seq = j.seq
  from judged j where i.id = j.id and i.state in ('kept', 'quarantined', 'conflict', 'refused')
  returning i.id, i.state, i.event_seq;
end $$;
