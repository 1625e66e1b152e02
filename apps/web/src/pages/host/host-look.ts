import type { HostState, HostView } from '@drover/contract';
import type { StateLook } from '../../ui/state-mark.tsx';

const looks: Readonly<Record<HostState, StateLook>> = {
  connecting: { tone: 'progress', shape: 'turning', word: 'Connecting' },
  ready: { tone: 'good', shape: 'disc', word: 'Ready' },
  unreachable: { tone: 'bad', shape: 'cross', word: 'Unreachable' },
  cordoned: { tone: 'idle', shape: 'pause', word: 'Cordoned' },
  draining: { tone: 'progress', shape: 'turning', word: 'Draining' },
  drained: { tone: 'idle', shape: 'square', word: 'Drained' },
  removed: { tone: 'idle', shape: 'dashed', word: 'Removed' },
};

/** How a host's state is shown; one that is ready and has a problem all the same is doubtful. */
export function hostLook({ state, problem }: Pick<HostView, 'state' | 'problem'>): StateLook {
  if (state === 'ready' && problem !== undefined) return { tone: 'warn', shape: 'triangle', word: 'Ready' };
  return looks[state];
}

/** When something was last heard of a host: `now`, a moment, or nothing since it joined. */
export function lastSeen({
  state,
  lostAt,
  connectedAt,
}: Pick<HostView, 'state' | 'lostAt' | 'connectedAt'>): 'now' | 'never' | { readonly at: string } {
  if (state !== 'unreachable' && state !== 'connecting' && state !== 'removed') return 'now';
  const at = lostAt ?? connectedAt;
  return at === undefined ? 'never' : { at };
}
