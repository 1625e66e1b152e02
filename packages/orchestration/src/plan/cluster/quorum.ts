import type { ClusterNode } from '../../model/cluster/observed.ts';

export interface Quorum {
  /** Members of the managers' log. */
  readonly managers: number;
  readonly reachable: number;
  /** How many have to be reachable for the Swarm to take changes. */
  readonly needed: number;
  /** How many more may be lost; negative: the quorum is lost. */
  readonly spare: number;
}

/** How many of so many managers have to agree. */
export function quorumOf(managers: number): number {
  return Math.floor(managers / 2) + 1;
}

/** What the managers can bear. */
export function describeQuorum(nodes: readonly ClusterNode[]): Quorum {
  const members = nodes.filter(({ manager }) => manager !== undefined);
  const reachable = members.filter(({ manager }) => manager?.reachable === true).length;
  const needed = quorumOf(members.length);
  return { managers: members.length, reachable, needed, spare: reachable - needed };
}

/** Whether the others have a quorum once this node is no manager any more. */
export function bearsLossOf(node: ClusterNode, nodes: readonly ClusterNode[]): boolean {
  const others = nodes.filter(({ id }) => id !== node.id);
  const { managers, spare } = describeQuorum(others);
  return managers > 0 && spare >= 0;
}
