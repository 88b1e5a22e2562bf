-- Read models: tables that only repeat what the ledger says, in the shape somebody reads it in. Each can be emptied and filled
-- again from the ledger at any time. The ledger's row, not these, is what anything is decided on.

create table views (
  name text collate "C" primary key,
  version integer not null,               -- of its definition: a newer one fills it anew
  checkpoint bigint not null default 0,   -- the last position it has taken in
  rebuilding_to bigint,                   -- being filled anew: what it shows is short of the ledger until it has come this far
  stopped_for text                        -- why it takes in nothing more until it is filled anew
) with (fillfactor = 10);
comment on table views is 'How far each read model has followed the ledger. Moves in the transaction that writes its rows.';

-- What was learned since a position, for read models that a late link concerns.
create index links_by_since on links (since_seq);

-- From the beginning again. The lock on its row keeps a transaction that still fills the tables from ending afterwards.
create function reset_view(p_name text, p_version integer, p_tables text[]) returns void
language plpgsql as $$
declare
  emptied text;
  told record;
begin
  insert into views (name, version) values (p_name, p_version) on conflict (name) do nothing;
  perform 1 from views where name = p_name for update;
  foreach emptied in array p_tables loop
    execute format('truncate table %I', emptied);
  end loop;
  update views set version = p_version, checkpoint = 0, stopped_for = null,
    rebuilding_to = (select nullif(seq, 0) from ledger_head)
  where name = p_name;
  for told in
    select c.fingerprint, array_agg(m.ref) as refs from cases c join case_members m on m.case_id = c.id
    where c.state = 'open' and c.kind in ('VIEW_EVENT_REFUSED', 'VIEW_STOPPED') and split_part(c.fingerprint, ':', 2) = p_name
    group by c.fingerprint loop
    perform settle_members('event', told.refs, 'interlock', 'the read model is filled anew', array[told.fingerprint]);
  end loop;
end $$;

-- What tables hold, as a number that does not depend on the order of their rows: two that hold the same bytes have the same.
create function digest_tables(p_tables text[]) returns table (name text, held bigint, digest text)
language plpgsql stable as $$
declare
  one text;
begin
  foreach one in array p_tables loop
    return query execute format(
      'select %L::text, count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text from %I t', one, one);
  end loop;
end $$;
