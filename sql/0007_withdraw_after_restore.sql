-- After a restore, an effect that was never looked for counted as withdrawn: `parked_for in (...)` of a lane that is not parked is
-- null, and so was the whole condition.

-- A withdrawal is a compare-and-set while the target provably does not have the effect: unsent, refused or given up.
-- Withdrawing a refused head is how a process releases its lane. Both answers are events that the hub prepared beforehand
-- (row 'won' and row 'lost'), so the process hears which it was.
create or replace function withdraw_effects(p json) returns text[]
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
          and not (l.head = r.reference and (l.probes > 1 or coalesce(l.parked_for in ('rejected', 'exhausted'), false)))) then
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
