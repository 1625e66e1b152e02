import type { ClusterHostFacts, ClusterNode, ObservedCluster, ObservedSwarm } from '../../model/cluster/observed.ts';
import type { WantedCluster } from '../../model/cluster/wanted.ts';

/**
 * What a host is to the Swarm.
 * - `member`: the managers list it. `outside`: it is in no Swarm. `foreign`: it is in another one.
 * - `dropped`: it believes to be in this Swarm, whose managers do not list it any more.
 * - `stranded`: it is a manager of the state before a recovery, which the managers of this Swarm do not count with.
 * - `unsettled`: it joins or starts. `failed`: its engine says why it cannot take part. `locked`: it waits for the key.
 * - `away`: it cannot be asked.
 */
export type Membership =
  | 'member'
  | 'outside'
  | 'foreign'
  | 'dropped'
  | 'stranded'
  | 'unsettled'
  | 'failed'
  | 'locked'
  | 'away';

export interface Member {
  readonly host: ClusterHostFacts;
  readonly membership: Membership;
  readonly node?: ClusterNode;
  readonly isLeaving: boolean;
  readonly isDraining: boolean;
}

export interface Members {
  /** One for each host, by name. */
  readonly hosts: readonly Member[];
  /** Nodes that no host is. */
  readonly others: readonly ClusterNode[];
}

/** Finds out what each host is to the Swarm, and which nodes no host is. */
export function judgeMembers(observed: ObservedCluster, swarm: ObservedSwarm, wanted: WantedCluster): Members {
  const leaving = new Set(wanted.leaving);
  const claimed = new Set(observed.hosts.map(({ swarm: own, lastNodeId }) => own?.nodeId || lastNodeId));
  const hosts = [...observed.hosts].sort(byName).map((host): Member => {
    const node = nodeOf(host, swarm, claimed);
    return {
      host,
      membership: membershipOf(host, node, swarm),
      isLeaving: leaving.has(host.id),
      isDraining: wanted.draining?.includes(host.id) === true,
      ...(node === undefined ? {} : { node }),
    };
  });
  const taken = new Set(hosts.map(({ node }) => node?.id));
  return { hosts, others: swarm.nodes.filter(({ id }) => !taken.has(id)) };
}

function nodeOf(host: ClusterHostFacts, swarm: ObservedSwarm, claimed: ReadonlySet<string | undefined>) {
  if (host.swarm?.state === 'inactive') return undefined;
  const known = host.swarm?.nodeId || host.lastNodeId;
  if (known !== undefined) return swarm.nodes.find(({ id }) => id === known);
  // A host that was never asked is known by its address, unless another one is that node.
  return swarm.nodes.find(({ id, address }) => address === host.address && !claimed.has(id));
}

function membershipOf(host: ClusterHostFacts, node: ClusterNode | undefined, { id, nodes }: ObservedSwarm): Membership {
  const { swarm: own } = host;
  if (!host.reachable || own === undefined) return 'away';
  if (own.state !== 'inactive' && isStranded(node)) return 'stranded';
  switch (own.state) {
    case 'inactive':
      return 'outside';
    case 'pending':
      return 'unsettled';
    case 'locked':
      return 'locked';
    case 'error':
    case 'active': {
      if (own.clusterId !== undefined && own.clusterId !== id) return 'foreign';
      if (node !== undefined) return own.state === 'active' ? 'member' : 'failed';
      const isOurs =
        own.clusterId === id || own.remoteManagers.some((each) => nodes.some((known) => known.id === each));
      return isOurs ? 'dropped' : 'foreign';
    }
  }
}

/** It has the role and is heard of no more, and no member of the log: so a recovery leaves the managers that it gave up. */
function isStranded(node: ClusterNode | undefined): boolean {
  return node?.role === 'manager' && node.manager === undefined && node.state === 'down';
}

/** In the order that plans name hosts in. */
export function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
