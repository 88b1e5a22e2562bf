-- The same as before where many instances lean on facts: the uses of a fact are looked up by it, and none where no fact was told.
-- Joined without the lateral, a plan for no fact in particular reads the uses of all, in each step of the router.

-- The router's transaction. A fact is updated before its users are looked up, and decide locks the facts it used:
-- whichever comes second sees the other, so a changed fact always wakes the instance that relied on it.
-- Returns the last delivery handed out.
create or replace function route_events(p json) returns bigint
language plpgsql set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
declare
  asked record;                           -- each look into p itself would parse all of it again
  first_n bigint;
  last_n bigint;
begin
  select * into asked from json_to_record(p) as r (
    hub text, fence bigint, checkpoint bigint, "leaseMs" integer, links json, facts json, released json, waiting json,
    deliveries json, cases json);
  -- Nothing here is news: what a crash of the database takes back is routed again, the same way. The next commit that matters
  -- carries it to disk before anything follows from it.
  perform set_config('synchronous_commit', 'off', true);
  perform hold_leases(asked.hub, json_build_array(json_build_object(
    'name', 'router', 'fence', asked.fence, 'checkpoint', asked.checkpoint)), asked."leaseMs");
  select position into first_n from leases where name = 'router';

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
