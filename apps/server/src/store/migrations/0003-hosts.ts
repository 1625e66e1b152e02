/** Hosts with an agent, and the tokens that they join with. */
export const hosts = {
  number: 3,
  name: 'hosts',
  sql: `
create table host (
  id text primary key,
  name text not null,
  environment text not null,
  phase text not null,
  key_fingerprint text not null,
  engine_id text,
  labels text not null,
  facts text,
  software text,
  joined_at text not null,
  connected_at text,
  lost_at text,
  certificate_expires_at text not null
) strict, without rowid;
-- A removed host keeps its row for a while, so that its agent is told so; its name and its key are free again.
create unique index host_by_name on host (name) where phase <> 'removed';
create unique index host_by_key on host (key_fingerprint) where phase <> 'removed';
create unique index host_by_engine on host (engine_id) where phase <> 'removed';

create table join_token (
  id text primary key,
  secret_hash text not null,
  environment text not null,
  created_at text not null,
  expires_at text not null,
  uses integer not null,
  used integer not null default 0,
  replaces text,
  revoked_at text
) strict, without rowid;
`,
} as const;
