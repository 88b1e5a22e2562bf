-- Decided as routed: what the router hands out to instances of its own hub is decided on in the same transaction, without being
-- read back first.

-- Hands out (p_route, as route_events takes it) and decides (p_decide, as decide_batch takes it) on all that goes to the
-- partitions of p_leases. The caller has told the last place of it in advance (p_last), and read the instances while the
-- partitions stood at p_checkpoints with nothing left to decide on.
create function route_and_decide(p_route json, p_decide json, p_leases text[], p_checkpoints bigint[], p_last bigint)
returns text[]
language plpgsql set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
declare
  standing integer;
begin
  -- The router's lease before the partitions': nothing takes them in the other order and waits.
  if route_events(p_route) <> p_last then
    raise exception 'what the router has in mind is not there any more' using errcode = 'IL004';
  end if;
  -- Under the lock: a decision whose answer was lost may commit until then, without changing the version of an instance.
  with locked as materialized (
    select l.checkpoint, g.checkpoint as was from leases l
    join unnest(p_leases, p_checkpoints) as g (name, checkpoint) on g.name = l.name order by l.name for update of l
  ) select count(*) into standing from locked where checkpoint = was;
  if standing <> cardinality(p_leases) then
    raise exception 'something else was decided meanwhile' using errcode = 'IL005';
  end if;
  -- The decision says whether this waits for the disk.
  perform set_config('synchronous_commit', 'on', true);
  return decide_batch(p_decide);
end $$;
