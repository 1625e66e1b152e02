import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { JoinTokenView } from '@drover/contract';
import { Refusal } from '../refusal.ts';
import type { HostStore, JoinTokenRecord } from './host-store.ts';

/** How long a token that nobody can use any more is still shown. */
const shownAfterExpiryMs = 7 * 24 * 3_600_000;

export interface TokenRequest {
  readonly environment: string;
  readonly expiresSeconds: number;
  /** How many machines may join by it. */
  readonly uses: number;
  /** The id of the host whose place the machine takes. */
  readonly replaces: string | undefined;
}

/**
 * What lets a machine join: bound to an environment, for a limited time and number of machines. A token is `ID.SECRET`; the
 * secret is kept as a hash only and compared in constant time.
 */
export class JoinTokens {
  readonly #store: HostStore;
  readonly #now: () => Date;

  constructor(store: HostStore, now: () => Date) {
    this.#store = store;
    this.#now = now;
  }

  async create(request: TokenRequest): Promise<{ readonly view: JoinTokenView; readonly token: string }> {
    const now = this.#now().getTime();
    const secret = randomBytes(24).toString('base64url');
    const record: JoinTokenRecord = {
      id: randomBytes(6).toString('hex'),
      secretHash: digest(secret).toString('hex'),
      environment: request.environment,
      createdAt: new Date(now).toISOString(),
      expiresAt: new Date(now + request.expiresSeconds * 1000).toISOString(),
      uses: request.uses,
      used: 0,
      replaces: request.replaces,
      revokedAt: undefined,
    };
    await this.#store.addToken(record, new Date(now - shownAfterExpiryMs).toISOString());
    return { view: this.#view(record), token: `${record.id}.${secret}` };
  }

  async list(): Promise<JoinTokenView[]> {
    return (await this.#store.tokens()).map((token) => this.#view(token));
  }

  /** Whether any token could still let a machine in. */
  async anyOpen(): Promise<boolean> {
    return (await this.list()).some(({ state }) => state === 'open');
  }

  async revoke(id: string): Promise<{ revoked: string }> {
    const found = await this.#store.findToken(id);
    if (found === undefined) throw new Refusal('not-found', `revoking the join token ${id}: there is none`);
    await this.#store.revokeToken(id, this.#now().toISOString());
    return { revoked: id };
  }

  /** The token, if it is good for one more machine; throws a `Refusal` that says why it is not. */
  async check(token: string): Promise<JoinTokenRecord> {
    const [, id, secret] = /^([0-9a-f]{12})\.([A-Za-z0-9_-]{32})$/.exec(token) ?? [];
    const record = id === undefined ? undefined : await this.#store.findToken(id);
    const same = timingSafeEqual(digest(secret ?? ''), Buffer.from(record?.secretHash ?? noHash, 'hex'));
    if (record === undefined || !same) throw refused('this server knows no such join token');
    const { state } = this.#view(record);
    if (state === 'revoked') throw refused('the join token was revoked');
    if (state === 'expired') throw refused(`the join token expired at ${record.expiresAt}`);
    if (state === 'used') throw usedUp(record);
    return record;
  }

  #view(record: JoinTokenRecord): JoinTokenView {
    const { id, environment, createdAt, expiresAt, uses, used, replaces } = record;
    const state =
      record.revokedAt !== undefined
        ? 'revoked'
        : used >= uses
          ? 'used'
          : expiresAt <= this.#now().toISOString()
            ? 'expired'
            : 'open';
    const shown = { id, environment, createdAt, expiresAt, uses, used, state } as const;
    return replaces === undefined ? shown : { ...shown, replaces };
  }
}

/** The refusal of a token that as many machines joined by as it was for. */
export function usedUp({ uses }: JoinTokenRecord): Refusal {
  return refused(
    uses === 1 ? 'the join token was used already' : `the join token was used by ${uses} machines already`,
  );
}

function refused(why: string): Refusal {
  return new Refusal('unauthenticated', `joining: ${why}; make a new one with: drover host add`);
}

function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

const noHash = '0'.repeat(64);
