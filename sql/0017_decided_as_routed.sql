-- Decided as routed: what the router hands out to instances of its own hub is decided on in the same transaction, without being
-- read back first.

-- Hands out (p_route, as route_events takes it) and decides (p_decide, as decide_batch takes it) on what is handed out to
-- p_partitions, whose leases are p_leases. The places from p_before + 1 to p_last are what the caller decided on.
create function route_and_decide(
  p_route json, p_decide json, p_leases text[], p_partitions smallint[], p_before bigint, p_last bigint)
returns text[]
language plpgsql set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
begin
  -- The router's lease before the partitions': nothing takes them in the other order and waits.
  if route_events(p_route) <> p_last then
    raise exception 'what the router has in mind is not there any more' using errcode = 'IL004';
  end if;
  if exists (
    select from unnest(p_leases, p_partitions) as g (name, partition)
    join leases l on l.name = g.name
    cross join lateral (
      select from deliveries d where d.partition = g.partition and d.n > l.checkpoint and d.n <= p_before limit 1) d) then
    raise exception 'what was handed out before is not decided on' using errcode = 'IL005';
  end if;
  -- Whether this waits for the disk says the decision.
  perform set_config('synchronous_commit', 'on', true);
  return decide_batch(p_decide);
end $$;
