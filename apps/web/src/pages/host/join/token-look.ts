import type { JoinTokenView } from '@drover/contract';
import type { StateLook } from '../../../ui/state-mark.tsx';

const looks: Readonly<Record<JoinTokenView['state'], StateLook>> = {
  open: { tone: 'good', shape: 'ring', word: 'Open' },
  used: { tone: 'idle', shape: 'tick', word: 'Used up' },
  expired: { tone: 'idle', shape: 'dashed', word: 'Expired' },
  revoked: { tone: 'idle', shape: 'cross', word: 'Revoked' },
};

/** How a join token is shown; one whose time has passed since it was read is expired. */
export function tokenLook({ state, expiresAt }: Pick<JoinTokenView, 'state' | 'expiresAt'>, now: number): StateLook {
  return looks[state === 'open' && Date.parse(expiresAt) <= now ? 'expired' : state];
}

/** Those of an environment, open ones first, then the newest first. */
export function tokensToShow(tokens: readonly JoinTokenView[], environment: string): JoinTokenView[] {
  return tokens
    .filter((token) => token.environment === environment)
    .sort(
      (one, other) =>
        Number(other.state === 'open') - Number(one.state === 'open') || (one.createdAt < other.createdAt ? 1 : -1),
    );
}

/** Hosts that came by a token since it was made; of a replacement, the one whose place was taken. Both times are the server's. */
export function cameBy<
  Host extends { readonly id: string; readonly joinedAt: string; readonly connectedAt?: string | undefined },
>(hosts: readonly Host[], { createdAt, replaces }: Pick<JoinTokenView, 'createdAt' | 'replaces'>): Host[] {
  return hosts.filter(({ id, joinedAt, connectedAt }) =>
    replaces === undefined ? joinedAt >= createdAt : id === replaces && (connectedAt ?? joinedAt) >= createdAt,
  );
}
