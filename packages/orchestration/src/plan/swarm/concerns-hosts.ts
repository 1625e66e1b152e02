import { pinnedServices } from '@drover/compose';
import type { SwarmDesired } from '../../model/swarm/desired.ts';
import { swarmFacts } from './judge-swarm.ts';

/**
 * Whether a plan for a revision depends on what the engines of the hosts have beside the tasks of the Swarm: containers pinned to a host,
 * or volumes that one host keeps. What an earlier revision left there is for the caller to know.
 */
export function concernsHosts(desired: SwarmDesired): boolean {
  const { project, placed } = desired;
  const keepsData = Object.values(project.services).some(({ volumes = [] }) =>
    volumes.some(({ type }) => type === 'volume'),
  );
  // Whether a service is pinned does not depend on how many hosts there are.
  return keepsData || (placed?.size ?? 0) > 0 || pinnedServices(project, swarmFacts(desired, { nodes: [] })).size > 0;
}
