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

-- The view "order" (src/view/order): a row for each sales order.

create table order_parts (
  subject text collate "C" primary key,   -- salesOrder/SO-1, workOrder/WO-7; goods:lot/L-1 for what quality holds
  told text not null                      -- JSON: what the ledger tells of this object alone (src/view/order/part.ts)
);
comment on table order_parts is 'What orders are made of. An order is found by its parts, and made anew of them, by walking the links.';

create table orders (
  id text collate "C" primary key,        -- of the sales order
  quote text collate "C",
  customer text collate "C",
  customer_reference text collate "C",
  plants text[] collate "C" not null,     -- where it is made; empty while nobody knows
  business_unit text collate "C",
  stage text collate "C" not null,
  open boolean not null,                  -- neither invoiced in full, nor cancelled, nor rejected
  quote_at timestamptz,                   -- when the first of it came to each step
  ordered_at timestamptz,
  released_at timestamptz,
  started_at timestamptz,
  quality_at timestamptz,
  received_at timestamptz,
  shipped_at timestamptz,
  invoiced_at timestamptz,
  quantities text not null,               -- JSON
  promised_date date,                     -- the last of its lines
  projected_date date,
  waiting_for text collate "C",
  waiting_since timestamptz,
  waiting_why text,
  held boolean not null,
  differing integer not null,             -- fields on which systems say different things
  last_at timestamptz not null,
  last_seq bigint not null,
  constraint orders_waiting check ((waiting_for is null) = (waiting_since is null))
) with (fillfactor = 70);
create index orders_by_last on orders (last_seq, id);
create index orders_by_promise on orders (coalesce(promised_date, 'infinity'), id);
create index orders_by_stage on orders (stage, last_seq, id);
create index orders_by_customer on orders (customer, last_seq, id);
create index orders_by_waiting on orders (waiting_since, id) where waiting_for is not null;
create index orders_by_waited_for on orders (waiting_for, waiting_since, id) where waiting_for is not null;
create index orders_at_risk on orders (last_seq, id) where open and (held or differing > 0 or projected_date > promised_date);

create table order_details (
  id text collate "C" primary key,
  detail text not null                    -- JSON: what the page of one order shows beyond its row
);

create table order_numbers (
  id text collate "C" not null,
  kind text collate "C" not null,
  number text collate "C" not null,
  search text collate "C" not null,       -- in capitals
  primary key (id, kind, number)
);
create index order_numbers_by_search on order_numbers (search, id);
comment on table order_numbers is 'Every number by which anyone may know an order: their own order number, work orders, lots, shipments, invoices.';
