import type { ClusterHostFacts, ObservedCluster } from '../../model/cluster/observed.ts';
import { byName } from './membership.ts';
import { quorumOf } from './quorum.ts';

/** A manager that a Swarm without a quorum can go on from. */
export interface RecoveryChoice {
  readonly hostId: string;
  readonly hostName: string;
  /** What is known of its state, in words. */
  readonly reason: string;
}

export interface RecoveryPlan {
  /** Best first. Empty where nothing can be recovered, or nothing has to be. */
  readonly choices: readonly RecoveryChoice[];
  /** Managers that are given up, by host name, or by node id where no host is known. */
  readonly givenUp: readonly string[];
  /** What whoever decides has to know, in words. */
  readonly warnings: readonly string[];
  /** Why there is nothing to recover. */
  readonly refusal?: string;
}

/**
 * What a Swarm that lost its quorum can go on from. The Engine API shows neither terms nor log positions of managers; what can be
 * told is who led last: a leader has everything that was agreed on. Each other manager may lack the last moments.
 */
export function planRecovery({ hosts, leaderless, swarm, lastLeader }: ObservedCluster): RecoveryPlan {
  if (swarm !== undefined) return refused('the Swarm has a leader: there is nothing to recover');
  const answering = hosts.filter(({ id }) => leaderless.includes(id)).sort(byName);
  if (answering.length === 0)
    return refused('no manager of the Swarm can be asked; one that has its state must be back first');
  const managers = new Set(answering.flatMap(({ swarm: own }) => own?.remoteManagers ?? []));
  if (managers.size > 0 && answering.length >= quorumOf(managers.size))
    return refused(
      `${answering.length} of ${managers.size} managers can be reached: they elect a leader by themselves`,
    );
  const own = new Set(answering.map(({ swarm: state }) => state?.nodeId));
  const givenUp = [...managers].filter((nodeId) => !own.has(nodeId)).map((nodeId) => nameOf(nodeId, hosts));
  const ledBy = (host: ClusterHostFacts) => host.swarm?.nodeId === lastLeader;
  const sorted = [...answering].sort((a, b) => Number(ledBy(b)) - Number(ledBy(a)));
  return {
    choices: sorted.map((host) => ({ hostId: host.id, hostName: host.name, reason: reasonFor(host, ledBy(host)) })),
    givenUp: givenUp.sort(),
    warnings: warningsOf(answering, givenUp, sorted.some(ledBy)),
  };
}

function refused(refusal: string): RecoveryPlan {
  return { choices: [], givenUp: [], warnings: [], refusal };
}

function nameOf(nodeId: string, hosts: readonly ClusterHostFacts[]): string {
  return hosts.find(({ lastNodeId }) => lastNodeId === nodeId)?.name ?? nodeId;
}

function reasonFor({ swarm }: ClusterHostFacts, led: boolean): string {
  if (led) return 'it led when that could last be told, so it has everything that was agreed on';
  return `it is a manager of ${swarm?.remoteManagers.length ?? 0}; changes of the last moments may be missing there`;
}

function warningsOf(
  answering: readonly ClusterHostFacts[],
  givenUp: readonly string[],
  hasLeader: boolean,
): readonly string[] {
  return [
    ...(givenUp.length === 0
      ? []
      : [
          `${givenUp.join(', ')} must be gone for good, or be switched off until this is done: if they came back together they ` +
            'would go on from the old state, beside the new one',
        ]),
    ...(answering.length > 1
      ? ['the other managers that can be reached give up their state and join anew, as do those that come back']
      : []),
    ...(hasLeader || answering.length === 1 ? [] : ['which manager has the newest state cannot be told']),
    'tasks go on running; those on hosts that are away are started elsewhere',
  ];
}
