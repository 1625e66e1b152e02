/**
 * Environments: what belongs to stacks is keyed by the environment too. What was there before belongs to `local`. The tables are made
 * anew, because a primary key cannot be changed; the old ones go last, so that no reference is ever left dangling.
 */
export const environments = {
  number: 2,
  name: 'environments',
  sql: `
create table environment (
  name text primary key,
  kind text not null check (kind in ('engine', 'swarm')),
  created_at text not null,
  settings blob
) strict, without rowid;
insert into environment (name, kind, created_at) values ('local', 'engine', strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));

alter table stack rename to old_stack;
alter table revision rename to old_revision;
alter table deployment rename to old_deployment;
alter table variable rename to old_variable;

create table stack (
  environment text not null references environment (name),
  name text not null,
  created_at text not null,
  updated_at text not null,
  source text,
  client_environment blob,
  serving_revision integer,
  wanted text not null default 'running',
  last_revision integer not null default 0,
  primary key (environment, name)
) strict, without rowid;
insert into stack (environment, name, created_at, updated_at, source, client_environment, serving_revision, wanted, last_revision)
  select 'local', name, created_at, updated_at, source, environment, serving_revision, wanted, last_revision from old_stack;

create table revision (
  environment text not null,
  stack text not null,
  number integer not null,
  created_at text not null,
  origin text not null,
  source text,
  summary text not null,
  sealed blob not null,
  fingerprint text not null,
  primary key (environment, stack, number),
  foreign key (environment, stack) references stack (environment, name) on delete cascade
) strict;
insert into revision (environment, stack, number, created_at, origin, source, summary, sealed, fingerprint)
  select 'local', stack, number, created_at, origin, source, summary, sealed, fingerprint from old_revision;

create table deployment (
  id text primary key,
  environment text not null references environment (name) on delete cascade,
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
insert into deployment (id, environment, stack, action, state, request, revision, previous_revision, serving_revision, created_at,
    started_at, ended_at, failure, operations_total, operations_done, attempts, cancel_requested, events)
  select id, 'local', stack, action, state, request, revision, previous_revision, serving_revision, created_at,
    started_at, ended_at, failure, operations_total, operations_done, attempts, cancel_requested, events from old_deployment;

create table variable (
  environment text not null,
  stack text not null,
  name text not null,
  secret integer not null,
  sealed blob not null,
  updated_at text not null,
  primary key (environment, stack, name),
  foreign key (environment, stack) references stack (environment, name) on delete cascade
) strict, without rowid;
insert into variable (environment, stack, name, secret, sealed, updated_at)
  select 'local', stack, name, secret, sealed, updated_at from old_variable;

drop table old_variable;
drop table old_revision;
drop table old_deployment;
drop table old_stack;

create index deployment_of_stack on deployment (environment, stack, id);
-- One deployment at a time: the store itself refuses a second one.
create unique index one_deployment_at_a_time on deployment (environment, stack) where state in ('planned', 'running');
`,
} as const;
