import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { everyPermission, type Principal } from './authorise.ts';
import { FailureLimit } from './failure-limit.ts';
import { Refusal } from './refusal.ts';
import type { SessionRecord, SessionStore } from './session-store.ts';

/** The file that holds the admin token. */
export interface AdminTokenFile {
  readonly path: string;
  /** Undefined when there is none yet. */
  read(): string | undefined;
  /** On disk, mode 0600, before it returns. */
  replace(token: string): void;
}

export interface SessionsOptions {
  readonly store: SessionStore;
  readonly file: AdminTokenFile;
  /** What the sign-in link begins with. */
  readonly baseUrl: () => string;
  readonly now: () => Date;
}

const codeMs = 30 * 60_000;
const sessionMs = 30 * 24 * 3_600_000;
const extendAfterMs = 24 * 3_600_000;

interface LiveSession {
  record: SessionRecord;
  readonly ended: AbortController;
}

/**
 * Who may talk to the API: the admin token (in a file), and sessions that browsers got for a one-time code.
 *
 * INVARIANTS: tokens and codes are kept as hashes only; a session is in the store before its token is told to anyone; whatever
 * ends a credential fires its `ended` signal.
 */
export class Sessions {
  readonly #options: SessionsOptions;
  readonly #live = new Map<string, LiveSession>();
  readonly #guesses: FailureLimit;
  readonly #codes: FailureLimit;
  #adminHash: Buffer = randomBytes(32);
  #adminEnded = new AbortController();

  constructor(options: SessionsOptions) {
    this.#options = options;
    const now = () => options.now().getTime();
    this.#guesses = new FailureLimit({ most: 60, windowMs: 60_000, now });
    this.#codes = new FailureLimit({ most: 10, windowMs: 60_000, now });
  }

  /** Reads what is kept; makes an admin token where there is none. */
  async start(): Promise<void> {
    let token = this.#options.file.read();
    if (token === undefined) {
      token = newSecret();
      this.#options.file.replace(token);
    }
    this.#adminHash = digest(token);
    for (const record of await this.#options.store.listSessions())
      this.#live.set(record.tokenHash, { record, ended: new AbortController() });
  }

  /** Whether anybody has signed in with a browser and still is. */
  hasSessions(): boolean {
    const now = this.#options.now().toISOString();
    return [...this.#live.values()].some(({ record }) => record.expiresAt > now);
  }

  /**
   * Whose bearer token this is. Undefined without one. A wrong one is refused, and after many wrong ones from the same
   * address with `too-many`; a right one always passes, so that a page with a stale token locks nobody out.
   */
  authenticate(token: string | undefined, from: string): Principal | undefined {
    if (token === undefined) return undefined;
    const hash = digest(token);
    if (timingSafeEqual(hash, this.#adminHash))
      return { name: 'admin', kind: 'admin-token', permissions: everyPermission, ended: this.#adminEnded.signal };
    const session = this.#findSession(hash.toString('hex'));
    if (session !== undefined) {
      return {
        name: session.record.name,
        kind: 'session',
        permissions: everyPermission,
        ended: session.ended.signal,
        session: session.record.tokenHash,
      };
    }
    const tooMany = this.#guesses.exceeded(from);
    this.#guesses.record(from);
    if (tooMany) throw new Refusal('too-many', 'signing in: too many wrong tokens; wait a minute');
    throw new Refusal('unauthenticated', 'signing in: the token is not (or no longer) valid');
  }

  /** A new one-time sign-in link; an older unused one ends. */
  async createLink(): Promise<{ readonly url: string; readonly expiresAt: string }> {
    const code = newSecret();
    const expiresAt = new Date(this.#options.now().getTime() + codeMs).toISOString();
    await this.#options.store.saveSignInCode(digest(code).toString('hex'), expiresAt);
    return { url: `${this.#options.baseUrl()}/#/sign-in/${code}`, expiresAt };
  }

  /** Uses up a one-time code and answers the token of a new session. */
  async exchange(code: string, from: string): Promise<string> {
    if (this.#codes.exceeded(from))
      throw new Refusal('too-many', 'signing in: too many wrong sign-in links; wait a minute');
    const token = newSecret();
    const now = this.#options.now();
    const record: SessionRecord = {
      tokenHash: digest(token).toString('hex'),
      name: 'admin',
      createdAt: now.toISOString(),
      expiresAt: new Date(now.getTime() + sessionMs).toISOString(),
    };
    const done = await this.#options.store.exchangeSignInCode(digest(code).toString('hex'), now.toISOString(), record);
    if (!done) {
      this.#codes.record(from);
      throw new Refusal(
        'unauthenticated',
        'signing in: this sign-in link was used already or has expired; make a new one with: drover login --link',
      );
    }
    this.#live.set(record.tokenHash, { record, ended: new AbortController() });
    return token;
  }

  /** Ends the caller's session. The admin token does not end this way, it is rotated. */
  async end(principal: Principal): Promise<boolean> {
    if (principal.session === undefined) return false;
    await this.#options.store.removeSession(principal.session);
    this.#live.get(principal.session)?.ended.abort();
    return this.#live.delete(principal.session);
  }

  /** A new admin token in its file; the old one, all sessions and every open stream end. */
  async rotate(): Promise<{ readonly tokenFile: string }> {
    await this.#options.store.removeAllSessions();
    const token = newSecret();
    this.#options.file.replace(token);
    this.#adminHash = digest(token);
    const ended = [this.#adminEnded, ...[...this.#live.values()].map((session) => session.ended)];
    this.#live.clear();
    this.#adminEnded = new AbortController();
    for (const each of ended) each.abort();
    return { tokenFile: this.#options.file.path };
  }

  #findSession(tokenHash: string): LiveSession | undefined {
    const session = this.#live.get(tokenHash);
    if (session === undefined) return undefined;
    const now = this.#options.now().getTime();
    const left = Date.parse(session.record.expiresAt) - now;
    if (left <= 0) {
      this.#live.delete(tokenHash);
      session.ended.abort();
      this.#options.store.removeSession(tokenHash).catch(() => {});
      return undefined;
    }
    if (left < sessionMs - extendAfterMs) {
      const expiresAt = new Date(now + sessionMs).toISOString();
      session.record = { ...session.record, expiresAt };
      this.#options.store.extendSession(tokenHash, expiresAt).catch(() => {});
    }
    return session;
  }
}

function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
