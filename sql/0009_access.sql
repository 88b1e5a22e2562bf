-- Who may do what. Nothing here is of use to who reads it: passwords are argon2id, and whatever is shown once to its holder
-- (sessions, API tokens, links) is kept as its SHA-256.

create table accounts (
  id text collate "C" constraint accounts_key primary key constraint accounts_id check (id ~ '^[a-z0-9][a-z0-9._@+-]{0,99}$'),
  kind text not null constraint accounts_kind check (kind in ('person', 'service')),
  name text not null,
  roles text[] not null default '{}',
  -- null: not limited to some plants
  plants text[],
  -- the one whose events a service account tells
  system text,
  -- argon2id in PHC form; null: it cannot sign in with a password
  password text,
  -- how often the password was wrong since it was last right
  failures integer not null default 0,
  locked_until timestamptz,
  -- by whom, and as whom, it signs in elsewhere
  issuer text,
  issuer_subject text,
  disabled_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  signed_in_at timestamptz,
  version integer not null default 1,
  constraint accounts_issuer unique (issuer, issuer_subject),
  constraint accounts_service check (
    (kind = 'service') = (system is not null)
    and (kind = 'person' or (roles = '{}' and plants is null and password is null and issuer is null))),
  constraint accounts_plants check (plants is null or cardinality(plants) > 0)
);

create table sessions (
  secret_hash bytea constraint sessions_key primary key,
  -- names it in lists without being of use
  id text not null constraint sessions_id unique,
  account text collate "C" not null constraint sessions_account references accounts,
  way text not null constraint sessions_way check (way in ('password', 'oidc', 'link')),
  began_at timestamptz not null default clock_timestamp(),
  seen_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null
);
create index sessions_of_account on sessions (account);
create index sessions_by_end on sessions (expires_at);

create table api_tokens (
  secret_hash bytea constraint api_tokens_key primary key,
  id text not null constraint api_tokens_id unique,
  account text collate "C" not null constraint api_tokens_account references accounts,
  name text not null,
  permissions text[] not null,
  made_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  used_at timestamptz,
  revoked_at timestamptz
);
create index api_tokens_of_account on api_tokens (account);

-- Signs one person in once: the first administrator, somebody who forgot their password, the viewer of the demo.
create table sign_in_links (
  secret_hash bytea constraint sign_in_links_key primary key,
  account text collate "C" not null constraint sign_in_links_account references accounts,
  expires_at timestamptz not null
);

-- A browser that was sent to the identity provider and is expected back.
create table sign_in_attempts (
  state_hash bytea constraint sign_in_attempts_key primary key,
  verifier text not null,
  nonce text not null,
  return_to text not null,
  expires_at timestamptz not null
);
create index sign_in_attempts_by_end on sign_in_attempts (expires_at);
