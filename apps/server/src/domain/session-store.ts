/** A session as it is kept: its token only as a SHA-256 in hex. */
export interface SessionRecord {
  readonly tokenHash: string;
  readonly name: string;
  readonly createdAt: string;
  readonly expiresAt: string;
}

export interface SessionStore {
  listSessions(): Promise<readonly SessionRecord[]>;
  extendSession(tokenHash: string, expiresAt: string): Promise<void>;
  removeSession(tokenHash: string): Promise<void>;
  removeAllSessions(): Promise<void>;
  /** Keeps the hash of a one-time code and forgets the one before. */
  saveSignInCode(codeHash: string, expiresAt: string): Promise<void>;
  /** In one step: the code is used up and the session begins. False when the code is unknown or was used. */
  exchangeSignInCode(codeHash: string, now: string, session: SessionRecord): Promise<boolean>;
}
