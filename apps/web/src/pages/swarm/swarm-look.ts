import type { ClusterNodeView, ClusterView, WantedManagersView } from '@drover/contract';
import type { StateLook } from '../../ui/state-mark.tsx';

const looks: Readonly<Record<ClusterView['state'], StateLook>> = {
  none: { tone: 'idle', shape: 'dashed', word: 'No Swarm yet' },
  ready: { tone: 'good', shape: 'disc', word: 'Ready' },
  changing: { tone: 'progress', shape: 'turning', word: 'Changing' },
  degraded: { tone: 'warn', shape: 'triangle', word: 'Degraded' },
  blocked: { tone: 'bad', shape: 'cross', word: 'Takes no changes' },
};

/** How a Swarm's state is shown. */
export function swarmLook(state: ClusterView['state']): StateLook {
  return looks[state];
}

const nodeLooks: Readonly<Record<ClusterNodeView['state'], StateLook>> = {
  ready: { tone: 'good', shape: 'disc', word: 'Ready' },
  down: { tone: 'bad', shape: 'cross', word: 'Down' },
  disconnected: { tone: 'bad', shape: 'cross', word: 'Disconnected' },
  unknown: { tone: 'warn', shape: 'dashed', word: 'Unknown' },
};

/** How a node's state is shown; a manager that the others do not reach is doubtful though its node is ready. */
export function nodeLook({ state, isReachable }: Pick<ClusterNodeView, 'state' | 'isReachable'>): StateLook {
  if (state === 'ready' && isReachable === false)
    return { tone: 'warn', shape: 'triangle', word: 'Ready, but the other managers do not reach it' };
  return nodeLooks[state];
}

/** What a node is to its Swarm. */
export function roleWords({ role, isLeader }: Pick<ClusterNodeView, 'role' | 'isLeader'>): string {
  return isLeader ? 'Leader' : role === 'manager' ? 'Manager' : 'Worker';
}

/** How many managers are wanted. */
export function managersWords(wanted: WantedManagersView): string {
  if (wanted.mode === 'automatic') return 'as many as the hosts allow: 1, 3 or 5';
  return wanted.mode === 'fixed' ? `${wanted.count} wanted` : 'left as they stand';
}

const availabilities: Readonly<Record<ClusterNodeView['availability'], string>> = {
  active: 'Takes tasks',
  pause: 'Nothing new',
  drain: 'Drained',
};

/** What a node is given. */
export function availabilityWords(availability: ClusterNodeView['availability']): string {
  return availabilities[availability];
}
