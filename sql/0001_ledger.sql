-- The ledger: one total order of business events, and what arrives before it.
-- Keys are text in the "C" collation: byte order, the same on every machine.

create table ledger_head (
  one boolean primary key default true check (one),
  ledger_id text not null,                -- part of every effect reference: two installations never share one
  epoch integer not null default 1,       -- counts restores: anchors of an older epoch tell the past from the present
  seq bigint not null default 0,
  chain bytea not null,
  min_binary integer not null default 1   -- a hub with a lower protocol number must not write
) with (fillfactor = 10);
comment on table ledger_head is 'The last position and its hash. Locked last in every transaction, for as short as possible.';

insert into ledger_head (ledger_id, chain)
values (translate(gen_random_uuid()::text, '-', ''), sha256('interlock'::bytea));

create table sources (
  id integer generated always as identity primary key,
  name text collate "C" not null unique   -- CloudEvents source: /systems/d365, /interlock
);
insert into sources (name) values ('/interlock');

create table events (
  seq bigint primary key,
  source_id integer not null,             -- of sources; no foreign key: its check would cost each row as much as the insert
  id text collate "C" not null,
  type text collate "C" not null,         -- interlock.OrderRequested.v1
  subject text collate "C" not null,      -- salesOrder/SO-1001
  occurred_at timestamptz not null,
  time_text text,                         -- the sender's own words, when they differ from occurred_at
  recorded_at timestamptz not null,
  plant text collate "C",
  business_unit text collate "C",
  correlation text collate "C" not null,  -- the root object at birth; never changes, a later link is found by walking
  cause_seq bigint,
  cause_effect text collate "C",
  source_version text collate "C",
  actor text,
  reason text,
  traceparent text,
  body text not null,                     -- the data exactly as written; personal fields are commitments
  personal boolean not null default false,
  body_hash bytea not null,
  chain bytea not null
);
comment on table events is 'Insert-only. chain = sha256(previous chain, seq, recorded_at, row hash): see append_events.';
create index events_by_subject on events (subject, seq);
create index events_by_correlation on events (correlation, seq) where correlation <> subject;
create index events_by_type on events (type, seq);
-- events arrive roughly in the order they happen: a block range costs an append next to nothing
create index events_by_time on events using brin (occurred_at) with (pages_per_range = 32);

create table identities (
  source_id integer not null,
  id text collate "C" not null,
  seq bigint not null,
  content_hash bytea not null,
  primary key (source_id, id)
);
comment on table identities is 'One fact, one event: kept as long as the ledger.';

create table personal (
  seq bigint not null,
  pointer text collate "C" not null,      -- JSON pointer into the body
  salt bytea,
  value text,                             -- JSON text; salt and value are null once redacted, the commitment in the body stays
  redacted_at timestamptz,
  primary key (seq, pointer),
  -- a salt left behind would let a short list of names be tried against the commitment
  constraint personal_redacted check ((salt is null) = (value is null) and (value is null) = (redacted_at is not null))
);

create table anchors (
  epoch integer not null,
  seq bigint not null,
  chain bytea not null,
  signed_at timestamptz not null,
  signature text not null,
  primary key (epoch, seq)
);
comment on table anchors is 'A copy for people who look here. What counts is the anchor file outside the database.';

create table inbound (
  id bigint generated always as identity primary key,
  system text collate "C" not null,
  stream text collate "C" not null,
  native_id text collate "C" not null,
  object_key text collate "C" not null,   -- a quarantined message holds later ones of the same object
  version text collate "C",
  content_type text not null,
  raw bytea not null,
  raw_hash bytea not null,
  received_at timestamptz not null default clock_timestamp(),
  state text not null default 'kept'      -- refused: a person decided that it shall not be admitted
    constraint inbound_state check (state in ('kept', 'held', 'admitted', 'skipped', 'quarantined', 'conflict', 'refused')),
  problem text,                           -- JSON: code, message, pointer; never the value of a secret
  event_seq bigint,
  constraint inbound_quarantine_says_why check (state not in ('skipped', 'quarantined', 'conflict', 'refused') or problem is not null)
);
comment on table inbound is 'Every native message as it was sent: the raw store and the quarantine in one.';
create unique index inbound_identity on inbound (system, stream, native_id, raw_hash);
create index inbound_kept on inbound (system, id) where state = 'kept';
create index inbound_held on inbound (system, object_key, id) where state in ('held', 'quarantined');
create index inbound_by_event on inbound (event_seq) where event_seq is not null;

create table cursors (
  system text collate "C" not null,
  stream text collate "C" not null,
  position text,
  caught_up_to timestamptz,               -- everything that happened up to here was read
  heartbeat_at timestamptz,
  high_water text,                        -- the system's own highest number in this stream: a lower one means it was restored
  primary key (system, stream)
) with (fillfactor = 50);

create function chain_step(state bytea, link bytea, head bytea) returns bytea
language plpgsql immutable as $$ begin return sha256(coalesce(state, head) || link); end $$; -- as SQL it costs ten times more
create aggregate ledger_chain(link bytea, head bytea) (sfunc = chain_step, stype = bytea);

-- The functions of the line join rows they are given, of which nothing is known, with tables by their keys. A plan made while the
-- tables were small, or for a thousand unknown rows, would read whole tables: such plans are switched off in each of them.

-- One statement, one commit: gapless positions are handed out from the head row. Rows carry ord, source_id, id, type,
-- subject, time, plant, ..., body and the hashes the hub computed over exactly this text (src/ledger/row.ts).
-- Lock first, look second: a look from before the lock wait could neither keep nor compare a duplicate.
-- Two rows of one identity in the same call are compared with each other: the first counts.
create function append_events(p_rows json)
returns table (ord bigint, status text, seq bigint)
language plpgsql set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
#variable_conflict use_column
declare
  head ledger_head;
  stamp timestamptz;
begin
  select * into head from ledger_head for update;
  stamp := clock_timestamp();
  return query
  with judged as materialized (
    -- Every later step reads this one: a join of two of these sets would be a nested loop, as none has statistics.
    select r.*, i.seq as old_seq, i.content_hash as old_hash,
      i.seq is null and row_number() over (partition by r.source_id, r.id order by r.ord) = 1 as fresh
    from json_to_recordset(p_rows) as r (
      ord bigint, source_id integer, id text, type text, subject text, occurred_at timestamptz, time_text text,
      plant text, business_unit text, correlation text, cause_seq bigint, cause_effect text, source_version text,
      actor text, reason text, traceparent text, body text, personal json, body_hash text, content_hash text, row_hash text)
    left join identities i on i.source_id = r.source_id and i.id = r.id
  ), placed as materialized (
    -- by rows: two of the same ord still get a place each
    select j.*, case when j.fresh then head.seq + count(*) filter (where j.fresh) over (order by j.ord rows unbounded preceding) end as new_seq from judged j
  ), chained as materialized (
    select c.*, ledger_chain(
        int8send(c.new_seq) || int8send((extract(epoch from stamp) * 1000000)::bigint) || decode(c.row_hash, 'hex'),
        head.chain) over (order by c.new_seq) as new_chain
    from placed c where c.fresh
  ), written as (
    insert into events (seq, source_id, id, type, subject, occurred_at, time_text, recorded_at, plant, business_unit, correlation,
      cause_seq, cause_effect, source_version, actor, reason, traceparent, body, personal, body_hash, chain)
    select c.new_seq, c.source_id, c.id, c.type, c.subject, c.occurred_at, c.time_text, stamp, c.plant, c.business_unit, c.correlation,
      c.cause_seq, c.cause_effect, c.source_version, c.actor, c.reason, c.traceparent, c.body, c.personal is not null,
      decode(c.body_hash, 'hex'), c.new_chain
    from chained c
  ), named as (
    insert into identities (source_id, id, seq, content_hash)
    select c.source_id, c.id, c.new_seq, decode(c.content_hash, 'hex') from chained c
  ), kept_apart as (
    insert into personal (seq, pointer, salt, value)
    select c.new_seq, p.pointer, decode(p.salt, 'hex'), p.value
    from chained c, json_to_recordset(c.personal) as p (pointer text, salt text, value text)
    where c.personal is not null
  ), moved as (
    update ledger_head set seq = w.new_seq, chain = w.new_chain
    from (select c.new_seq, c.new_chain from chained c order by c.new_seq desc limit 1) w
  )
  select d.ord,
    case when d.fresh then 'appended'
         when coalesce(d.old_hash, decode(first_value(d.content_hash) over same, 'hex')) = decode(d.content_hash, 'hex') then 'duplicate'
         else 'conflict' end,
    coalesce(d.old_seq, first_value(d.new_seq) over same)
  from placed d
  window same as (partition by d.source_id, d.id order by d.ord)
  order by d.ord;
end $$;
