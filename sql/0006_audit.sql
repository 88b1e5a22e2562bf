-- What people and restores do to the past: erasing personal data, and noticing that the past has come back.

-- Value and salt go, the commitment in the row stays, so the chain holds. Hashes over the unredacted text go too: with the
-- rest of the text known, they would let a short list of names be tried. The same message sent once more is a conflict then.
-- p: list of seq, pointers, content_hash (of the body with its commitments), event (row for append_events)
-- Returns the positions of the events of which something was erased now.
create function redact_personal(p json) returns bigint[]
language plpgsql as $$
declare
  done bigint[];
  rows json;
begin
  with given as (
    select r.seq, x.value as pointer from json_to_recordset(p) as r (seq bigint, pointers json), json_array_elements_text(r.pointers) x
  ), locked as materialized (
    select l.seq, l.pointer from personal l join given g on g.seq = l.seq and g.pointer = l.pointer
    where l.value is not null order by l.seq, l.pointer for update of l
  ), erased as (
    update personal l set value = null, salt = null, redacted_at = clock_timestamp()
    from locked k where l.seq = k.seq and l.pointer = k.pointer returning l.seq
  ) select array_agg(distinct seq order by seq) into done from erased;
  if done is null then
    return '{}';
  end if;
  update identities i set content_hash = decode(r.content_hash, 'hex')
  from json_to_recordset(p) as r (seq bigint, content_hash text), events e
  where e.seq = r.seq and e.seq = any (done) and i.source_id = e.source_id and i.id = e.id;
  update inbound i set raw = '', raw_hash = sha256(convert_to('redacted ' || i.id, 'UTF8')) where i.event_seq = any (done);
  select json_agg(r.event order by r.seq) into rows from json_to_recordset(p) as r (seq bigint, event json) where r.seq = any (done);
  perform append_events(rows);
  return done;
end $$;

-- The ledger may be older than the world. Whatever is open, or follows from what is older than this moment, is looked for in
-- its target before it is sent. A new epoch tells the anchors of this ledger from those of the past that is gone.
-- p: reason, epoch, anchor_seq, anchor_at, event (row for append_events)
create function begin_recovery(p json) returns void
language plpgsql as $$
begin
  -- two hubs that find the same thing at the same moment
  lock table recoveries in share row exclusive mode;
  update recoveries set
    reason = p ->> 'reason', anchor_seq = greatest(anchor_seq, (p ->> 'anchor_seq')::bigint),
    anchor_at = greatest(anchor_at, (p ->> 'anchor_at')::timestamptz)
  where ended_at is null;
  if not found then
    insert into recoveries (reason, anchor_seq, anchor_at)
    values (p ->> 'reason', (p ->> 'anchor_seq')::bigint, (p ->> 'anchor_at')::timestamptz);
  end if;
  update effects e set probe_first = true
  where not e.probe_first and not exists (select 1 from outcomes o where o.reference = e.reference);
  update ledger_head set epoch = greatest(epoch + 1, (p ->> 'epoch')::integer);
  perform append_events(json_build_array(p -> 'event'));
end $$;

-- p: id, ended_by, event (row for append_events). False when it had ended already.
create function end_recovery(p json) returns boolean
language plpgsql as $$
begin
  update recoveries set ended_at = clock_timestamp(), ended_by = p ->> 'ended_by'
  where id = (p ->> 'id')::integer and ended_at is null;
  if not found then
    return false;
  end if;
  perform append_events(json_build_array(p -> 'event'));
  return true;
end $$;
