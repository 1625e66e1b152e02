import type { HostFacts } from '@drover/tunnel';

/** What an operator wants of a host. */
export type HostPhase = 'kept' | 'cordoned' | 'draining' | 'drained' | 'removed';

export interface HostRecord {
  readonly id: string;
  readonly name: string;
  readonly environment: string;
  readonly phase: HostPhase;
  /** SHA-256 of the public key that its certificate is for: `sha256:` and hex. */
  readonly keyFingerprint: string;
  readonly engineId: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  /** What its agent said of the machine when it last was asked. */
  readonly facts: HostFacts | undefined;
  /** The version of its agent at the last connect. */
  readonly software: string | undefined;
  readonly joinedAt: string;
  readonly connectedAt: string | undefined;
  readonly lostAt: string | undefined;
  readonly certificateExpiresAt: string;
}

export interface JoinTokenRecord {
  readonly id: string;
  /** SHA-256 of the secret in hex. */
  readonly secretHash: string;
  readonly environment: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly uses: number;
  readonly used: number;
  /** The id of the host whose place the next machine takes. */
  readonly replaces: string | undefined;
  readonly revokedAt: string | undefined;
}

/** A host that joins, and what it joins by. */
export interface HostJoin {
  readonly host: HostRecord;
  readonly token: { readonly id: string; readonly now: string };
}

export interface HostStore {
  /** All hosts, removed ones too. */
  list(): Promise<readonly HostRecord[]>;
  /** All of them or none. */
  save(hosts: readonly HostRecord[]): Promise<void>;
  /** Saves each host and counts one use of its token, both or neither; false where the token is not good for one any more. */
  join(joins: readonly HostJoin[]): Promise<readonly boolean[]>;
  /** Forgets hosts that were removed and whose certificates have ended. */
  forgetRemoved(certificateExpiredBefore: string): Promise<void>;
  tokens(): Promise<readonly JoinTokenRecord[]>;
  findToken(id: string): Promise<JoinTokenRecord | undefined>;
  /** Saves a new token, and forgets those that expired before then. */
  addToken(token: JoinTokenRecord, forgetExpiredBefore: string): Promise<void>;
  revokeToken(id: string, at: string): Promise<boolean>;
}
