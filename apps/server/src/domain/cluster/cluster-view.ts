import type { ClusterNode, ClusterPlan, ObservedCluster } from '@drover/orchestration';
import { describeQuorum, type Quorum } from '@drover/orchestration';

/** - `none`: there is no Swarm yet. `changing`: steps are under way or to come. `degraded`: it works, with warnings. `blocked`: it does not take changes. */
export type ClusterState = 'none' | 'ready' | 'changing' | 'degraded' | 'blocked';

export interface ClusterNodeView {
  readonly nodeId: string;
  /** Absent where no host of the environment is this node. */
  readonly hostId?: string;
  readonly name: string;
  readonly role: 'manager' | 'worker';
  readonly isLeader: boolean;
  /** Of managers: whether the others reach it. */
  readonly isReachable?: boolean;
  readonly availability: 'active' | 'pause' | 'drain';
  readonly state: ClusterNode['state'];
  readonly address?: string;
  readonly labels: { readonly [name: string]: string };
}

/** A Swarm as API and UI show it. It holds no token and no key. */
export interface ClusterView {
  readonly state: ClusterState;
  readonly clusterId: string | null;
  readonly leader: string | null;
  readonly quorum: (Quorum & { readonly words: string }) | null;
  readonly heartbeatMs: number | null;
  readonly autolock: boolean | null;
  /** By name. */
  readonly nodes: readonly ClusterNodeView[];
  /** What is being done, in words. */
  readonly doing: readonly string[];
  /** What somebody should know or do, in words. */
  readonly warnings: readonly string[];
}

export const noCluster: ClusterView = {
  state: 'none',
  clusterId: null,
  leader: null,
  quorum: null,
  heartbeatMs: null,
  autolock: null,
  nodes: [],
  doing: [],
  warnings: [],
};

/** What is known of a Swarm in words and figures; `failures` are those of steps that were tried last. */
export function describeCluster(
  { hosts, swarm }: ObservedCluster,
  plan: ClusterPlan,
  failures: readonly string[],
): ClusterView {
  const doing = plan.steps.map(({ kind, target, causes }) => `${kind} ${target}: ${causes.join('; ')}`);
  const problem = plan.problem === undefined ? [] : [plan.problem.message];
  if (swarm === undefined) {
    const warnings = [...problem, ...plan.notices, ...failures];
    return { ...noCluster, state: plan.problem === undefined ? 'changing' : 'blocked', doing, warnings };
  }
  const hostOf = new Map(hosts.flatMap((host) => (host.lastNodeId === undefined ? [] : [[host.lastNodeId, host]])));
  const nodes = swarm.nodes.map((node) => nodeView(node, hostOf.get(node.id)));
  const quorum = describeQuorum(swarm.nodes);
  const warnings = [...problem, ...lossWarnings(nodes, quorum), ...plan.notices, ...failures];
  return {
    state:
      plan.problem !== undefined
        ? 'blocked'
        : doing.length > 0
          ? 'changing'
          : warnings.length > 0
            ? 'degraded'
            : 'ready',
    clusterId: swarm.id,
    leader: nodes.find(({ isLeader }) => isLeader)?.name ?? null,
    quorum: { ...quorum, words: quorumWords(quorum) },
    heartbeatMs: swarm.spec.heartbeatMs,
    autolock: swarm.spec.autolock,
    nodes: nodes.sort((a, b) => (a.name < b.name ? -1 : 1)),
    doing,
    warnings,
  };
}

function nodeView(node: ClusterNode, host: ObservedCluster['hosts'][number] | undefined): ClusterNodeView {
  const { id: nodeId, role, availability, state, labels, manager, address } = node;
  return {
    nodeId,
    ...(host === undefined ? {} : { hostId: host.id }),
    name: host?.name ?? node.hostname,
    role,
    isLeader: manager?.leader === true,
    ...(manager === undefined ? {} : { isReachable: manager.reachable }),
    availability,
    state,
    ...(address === undefined ? {} : { address }),
    labels,
  };
}

/** `3 of 3 managers reachable; 1 may be lost`. */
export function quorumWords({ managers, reachable, spare }: Quorum): string {
  const reach = `${reachable} of ${managers} ${managers === 1 ? 'manager' : 'managers'} reachable`;
  if (spare < 0) return `${reach}; the quorum is lost`;
  if (spare === 0) return `${reach}; none may be lost`;
  return reachable === managers ? `${reach}; ${spare} may be lost` : `${reach}; ${spare} more may be lost`;
}

function lossWarnings(nodes: readonly ClusterNodeView[], quorum: Quorum): readonly string[] {
  const away = nodes.filter(({ state, isReachable }) => state === 'down' || isReachable === false);
  return [
    ...away.map(({ name, role }) => `${name} (${role}) is away`),
    ...(quorum.reachable < quorum.managers && quorum.spare === 0 ? [quorumWords(quorum)] : []),
  ];
}
