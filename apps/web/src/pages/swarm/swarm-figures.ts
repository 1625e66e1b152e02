import type { ClusterView } from '@drover/contract';
import { managersWords } from './swarm-look.ts';

/** One thing to know of a Swarm at a glance. */
export type SwarmFigure = { readonly name: string; readonly value: string; readonly about: readonly string[] };

/** What a Swarm is in a few figures; what nobody could be asked for is unknown, and nothing is only where there is no Swarm. */
export function swarmFigures({
  state,
  quorum,
  leader,
  heartbeatMs,
  autolock,
  wantedManagers,
}: Omit<ClusterView, 'nodes' | 'doing' | 'warnings'>): SwarmFigure[] {
  const untold = state === 'none' ? 'none' : 'unknown';
  return [
    {
      name: 'Managers',
      value: quorum === null ? untold : `${quorum.reachable} of ${quorum.managers}`,
      about: [...(quorum === null ? [] : [quorum.words]), managersWords(wantedManagers)],
    },
    {
      name: 'Leader',
      value: leader ?? (quorum === null ? untold : 'none'),
      about: leader === null && quorum !== null ? ['nobody decides now'] : [],
    },
    {
      name: 'Heartbeat',
      value: heartbeatMs === null ? untold : `${heartbeatMs / 1000} s`,
      about: heartbeatMs === null ? [] : ['a node is down after three that are missed'],
    },
    {
      name: 'Autolock',
      value: autolock === null ? untold : autolock ? 'On' : 'Off',
      about:
        autolock === null ? [] : [autolock ? 'Drover keeps the unlock key sealed' : 'managers restart without a key'],
    },
  ];
}
