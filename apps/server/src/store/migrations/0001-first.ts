/** The first schema. */
export const first = {
  number: 1,
  name: 'first',
  sql: `
create table meta (
  key text primary key,
  value blob not null
) strict, without rowid;

create table session (
  token_hash text primary key,
  name text not null,
  created_at text not null,
  expires_at text not null
) strict, without rowid;

create table sign_in_code (
  code_hash text primary key,
  expires_at text not null
) strict, without rowid;

create table stack (
  name text primary key,
  created_at text not null,
  updated_at text not null,
  source text,
  environment blob,
  serving_revision integer,
  wanted text not null default 'running',
  last_revision integer not null default 0
) strict, without rowid;

create table revision (
  stack text not null references stack (name) on delete cascade,
  number integer not null,
  created_at text not null,
  origin text not null,
  source text,
  summary text not null,
  sealed blob not null,
  fingerprint text not null,
  primary key (stack, number)
) strict;

create table deployment (
  id text primary key,
  stack text not null,
  action text not null,
  state text not null,
  request blob not null,
  revision integer,
  previous_revision integer,
  serving_revision integer,
  created_at text not null,
  started_at text,
  ended_at text,
  failure text,
  operations_total integer not null default 0,
  operations_done integer not null default 0,
  attempts integer not null default 0,
  cancel_requested integer not null default 0,
  events blob
) strict;
create index deployment_of_stack on deployment (stack, id);
-- One deployment at a time: the store itself refuses a second one.
create unique index one_deployment_at_a_time on deployment (stack) where state in ('planned', 'running');

create table variable (
  stack text not null references stack (name) on delete cascade,
  name text not null,
  secret integer not null,
  sealed blob not null,
  updated_at text not null,
  primary key (stack, name)
) strict, without rowid;

create table registry (
  server text primary key,
  username text not null,
  sealed blob not null,
  updated_at text not null
) strict, without rowid;

create table blob (
  sha256 text primary key,
  size integer not null,
  sealed blob,
  used_at text not null
) strict;
`,
} as const;
