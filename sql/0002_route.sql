-- Leases, links, facts and deliveries: who works on what, and whom an event concerns.

create table leases (
  name text collate "C" primary key,      -- router | process:07 | system:d365 | intake:d365
  hub_id text not null,
  fence bigint not null default 0,        -- grows with each owner: a late writer is told apart
  expires_at timestamptz not null,
  checkpoint bigint not null default 0,   -- router: ledger seq; process: delivery n
  position bigint not null default 0,     -- router: the last delivery n handed out
  min_revision integer not null default 0 -- a hub with an older definition or config revision does not take it
) with (fillfactor = 10);

create table links (
  child_kind text collate "C" not null,
  child_id text collate "C" not null,
  parent_kind text collate "C" not null,
  parent_id text collate "C" not null,
  quantity text,
  source text collate "C" not null,
  since_seq bigint not null,
  primary key (child_kind, child_id, parent_kind, parent_id)
);
create index links_by_parent on links (parent_kind, parent_id);

create table waiting (
  kind text collate "C" not null,
  id text collate "C" not null,
  process text collate "C" not null,
  seq bigint not null,
  to_kind text collate "C" not null,      -- the kind of object whose id is the process key
  deadline_at timestamptz not null,
  expired boolean not null default false, -- a person was told; a link that comes late still releases it
  reached text[] not null default '{}',   -- keys that the event was handed to in another way: the link hands it to others only
  primary key (kind, id, process, seq)
);
comment on table waiting is 'Events whose object is known but not yet linked to what the process is about.';
create index waiting_by_event on waiting (seq, process);
create index waiting_by_deadline on waiting (deadline_at) where not expired;

create table facts (
  kind text collate "C" not null,
  key text collate "C" not null,
  value text,                             -- JSON; null: nothing is known
  seq bigint not null,
  primary key (kind, key)
) with (fillfactor = 70);

create table fact_uses (
  kind text collate "C" not null,
  key text collate "C" not null,
  process text collate "C" not null,
  instance_key text collate "C" not null,
  primary key (kind, key, process, instance_key)
);
comment on table fact_uses is 'The instances that a changed fact wakes, until they come to their end.';
create index fact_uses_by_instance on fact_uses (process, instance_key);

create table deliveries (
  partition smallint not null,
  n bigint not null,
  process text collate "C" not null,
  key text collate "C" not null,
  seq bigint not null,
  primary key (partition, n)
);

-- Nothing is written by a hub that lost its lease. With a checkpoint, one update locks, checks, moves on and renews. Without,
-- a share lock is enough: nobody can take the lease before this transaction has ended, and the owner's transactions (sending,
-- reading, admitting for one system) do not wait for each other's commits. When the lease runs low, each of them renews it.
create function hold_leases(p_hub text, p_leases json, p_lease_ms integer) returns void
language plpgsql as $$
declare
  held integer;
  sharing boolean;
begin
  select bool_and(g.checkpoint is null and l.expires_at > clock_timestamp() + p_lease_ms / 2 * interval '1 millisecond')
  into sharing
  from json_to_recordset(p_leases) as g (name text, checkpoint bigint) left join leases l on l.name = g.name;

  if sharing then
    select count(*) into held from (
      select 1 from leases l join json_to_recordset(p_leases) as g (name text, fence bigint) on g.name = l.name and g.fence = l.fence
      where l.hub_id = p_hub order by l.name for share of l) k;
  else
    with given as (
      select * from json_to_recordset(p_leases) as r (name text, fence bigint, checkpoint bigint, position bigint)
    ), locked as materialized (
      select l.name from leases l join given g on g.name = l.name and g.fence = l.fence
      where l.hub_id = p_hub order by l.name for update of l
    ), renewed as (
      update leases l set
        checkpoint = greatest(l.checkpoint, coalesce(g.checkpoint, 0)),
        position = greatest(l.position, coalesce(g.position, 0)),
        expires_at = greatest(l.expires_at, clock_timestamp() + p_lease_ms * interval '1 millisecond')
      from given g, locked k where l.name = g.name and k.name = l.name
      returning 1
    ) select count(*) into held from renewed;
  end if;
  if held <> json_array_length(p_leases) then
    raise exception 'lease lost' using errcode = 'IL001';
  end if;
end $$;

-- The router's transaction. A fact is updated before its users are looked up, and decide locks the facts it used:
-- whichever comes second sees the other, so a changed fact always wakes the instance that relied on it.
-- Returns the last delivery handed out.
create function route_events(p json) returns bigint
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
    join fact_uses u on u.kind = f.kind and u.key = f.key
    join instances i on i.process = u.process and i.key = u.instance_key
    where not exists (
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
