import type { Generated, Selectable } from 'kysely';

/** The tables, as they are after the newest migration. Times are RFC 3339 in UTC; `sealed` columns open with the key only. */
export interface Schema {
  meta: MetaTable;
  environment: EnvironmentTable;
  session: SessionTable;
  sign_in_code: SignInCodeTable;
  stack: StackTable;
  revision: RevisionTable;
  deployment: DeploymentTable;
  variable: VariableTable;
  registry: RegistryTable;
  blob: BlobTable;
  host: HostTable;
  join_token: JoinTokenTable;
}

interface MetaTable {
  key: string;
  value: Uint8Array;
}

interface EnvironmentTable {
  name: string;
  kind: string;
  created_at: string;
  /** What its kind keeps, sealed. */
  settings: Uint8Array | null;
}

interface SessionTable {
  token_hash: string;
  name: string;
  created_at: string;
  expires_at: string;
}

interface SignInCodeTable {
  code_hash: string;
  expires_at: string;
}

interface StackTable {
  environment: string;
  name: string;
  created_at: string;
  updated_at: string;
  /** JSON of `StoredSource`; absent for one that was adopted without its files. */
  source: string | null;
  /** The client's environment values, sealed. */
  client_environment: Uint8Array | null;
  serving_revision: number | null;
  /** What should be: `running`, `stopped`, `removed`. */
  wanted: string;
  last_revision: number;
}

interface RevisionTable {
  environment: string;
  stack: string;
  number: number;
  created_at: string;
  origin: string;
  source: string | null;
  /** JSON of what can be shown: services and images. */
  summary: string;
  /** The resolved model, contents, environment and image configuration, compressed and sealed. */
  sealed: Uint8Array;
  /** A keyed digest of everything that a deploy would put into it. */
  fingerprint: string;
}

interface DeploymentTable {
  /** Later ones sort behind earlier ones. */
  id: string;
  environment: string;
  stack: string;
  action: string;
  state: string;
  /** What was asked for, sealed: enough to begin anew after a crash. */
  request: Uint8Array;
  revision: number | null;
  previous_revision: number | null;
  serving_revision: number | null;
  created_at: string;
  started_at: string | null;
  ended_at: string | null;
  failure: string | null;
  operations_total: Generated<number>;
  operations_done: Generated<number>;
  attempts: Generated<number>;
  cancel_requested: Generated<number>;
  /** Compressed JSON of its events, once it has ended. */
  events: Uint8Array | null;
}

interface VariableTable {
  environment: string;
  stack: string;
  name: string;
  secret: number;
  sealed: Uint8Array;
  updated_at: string;
}

interface RegistryTable {
  server: string;
  username: string;
  sealed: Uint8Array;
  updated_at: string;
}

interface BlobTable {
  sha256: string;
  size: number;
  /** Absent for a large one, which is a file. */
  sealed: Uint8Array | null;
  used_at: string;
}

interface HostTable {
  id: string;
  name: string;
  environment: string;
  /** `kept`, `draining`, `drained`, `removed`. */
  phase: string;
  /** SHA-256 of its public key: `sha256:` and hex. */
  key_fingerprint: string;
  engine_id: string | null;
  /** JSON of names and values. */
  labels: string;
  /** JSON of what its agent said last. */
  facts: string | null;
  software: string | null;
  joined_at: string;
  connected_at: string | null;
  lost_at: string | null;
  certificate_expires_at: string;
}

interface JoinTokenTable {
  id: string;
  secret_hash: string;
  environment: string;
  created_at: string;
  expires_at: string;
  uses: number;
  used: Generated<number>;
  replaces: string | null;
  revoked_at: string | null;
}

export type HostRow = Selectable<HostTable>;
export type JoinTokenRow = Selectable<JoinTokenTable>;
export type EnvironmentRow = Selectable<EnvironmentTable>;
export type StackRow = Selectable<StackTable>;
export type RevisionRow = Selectable<RevisionTable>;
export type DeploymentRow = Selectable<DeploymentTable>;
