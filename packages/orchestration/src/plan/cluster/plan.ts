import type { ClusterNode, ObservedCluster, ObservedSwarm } from '../../model/cluster/observed.ts';
import type { ClusterPlan, ClusterStep, ClusterStepDetails } from '../../model/cluster/step.ts';
import type { WantedCluster } from '../../model/cluster/wanted.ts';
import { planWithoutSwarm, unlockStep } from './blocked.ts';
import { waysIn } from './engine-versions.ts';
import { managerCountProblem } from './manager-count.ts';
import { isSuperseded, planManagers } from './managers.ts';
import { judgeMembers, type Member, type Members } from './membership.ts';
import { planNode } from './node-changes.ts';

/** The next steps that bring a Swarm and its hosts to what is wanted; carried out again and again, it ends with none. */
export function planCluster(observed: ObservedCluster, wanted: WantedCluster): ClusterPlan {
  const invalid = managerCountProblem(wanted.managers);
  if (invalid !== undefined) return { steps: [], problem: { code: 'invalid', message: invalid }, notices: [] };
  const several = differentSwarms(observed, wanted);
  if (several !== undefined) return { steps: [], problem: { code: 'several-swarms', message: several }, notices: [] };
  return observed.swarm === undefined
    ? planWithoutSwarm(observed, wanted)
    : planWithin(judgeMembers(observed, observed.swarm, wanted), observed.swarm, wanted);
}

function differentSwarms({ hosts }: ObservedCluster, { clusterId }: WantedCluster): string | undefined {
  if (clusterId !== undefined) return undefined;
  const bySwarm = new Map<string, string[]>();
  for (const { name, swarm } of hosts)
    if (swarm?.clusterId !== undefined) bySwarm.set(swarm.clusterId, [...(bySwarm.get(swarm.clusterId) ?? []), name]);
  if (bySwarm.size < 2) return undefined;
  const groups = [...bySwarm.values()].map((names) => names.sort().join(', ')).sort();
  return `hosts are in different Swarms: ${groups.join(' | ')}; let all but one of these groups leave theirs (docker swarm leave), or put them into an environment of their own`;
}

function planWithin(members: Members, swarm: ObservedSwarm, wanted: WantedCluster): ClusterPlan {
  const last = lastToLeave(members, swarm, wanted);
  if (last !== undefined) return { steps: [last], notices: [] };
  const managers = planManagers(members, wanted, swarm);
  const joining = managers.step?.kind === 'swarm-join' ? managers.step.hostId : undefined;
  const steps: ClusterStep[] = [
    ...updateOf(swarm, wanted),
    ...(wanted.rotate ?? []).map(
      (token): ClusterStep => ({
        kind: 'swarm-rotate',
        target: 'Swarm',
        token,
        causes: [`a new ${token} is asked for`],
      }),
    ),
    ...members.hosts.flatMap((member) => (member.host.id === joining ? [] : planHost(member, swarm))),
    ...(managers.step === undefined ? [] : [managers.step]),
    ...removals(members, wanted),
  ];
  return { steps, notices: [...members.hosts.flatMap(noticeOf), ...managers.notices] };
}

/** The step that ends the Swarm, once every other node is gone and that is wanted. */
function lastToLeave({ hosts }: Members, { nodes }: ObservedSwarm, { mayEnd }: WantedCluster): ClusterStep | undefined {
  const last = hosts.find(({ isLeaving, membership }) => isLeaving && membership === 'member');
  if (mayEnd !== true || nodes.length !== 1 || last === undefined) return undefined;
  const { id: hostId, name: target } = last.host;
  return {
    kind: 'swarm-leave',
    target,
    hostId,
    force: true,
    causes: ['it is the last one, and the Swarm ends with it'],
  };
}

function updateOf({ spec }: ObservedSwarm, wanted: WantedCluster): readonly ClusterStep[] {
  const change: ClusterStepDetails['swarm-update'] = {
    ...(differs(wanted.heartbeatMs, spec.heartbeatMs) ? { heartbeatMs: wanted.heartbeatMs as number } : {}),
    ...(differs(wanted.taskHistory, spec.taskHistory) ? { taskHistory: wanted.taskHistory as number } : {}),
    ...(differs(wanted.autolock, spec.autolock) ? { autolock: wanted.autolock as boolean } : {}),
  };
  const causes = [
    ...(change.heartbeatMs === undefined ? [] : [`heartbeat: ${spec.heartbeatMs} → ${change.heartbeatMs} ms`]),
    ...(change.taskHistory === undefined ? [] : [`ended tasks kept: ${spec.taskHistory} → ${change.taskHistory}`]),
    ...(change.autolock === undefined ? [] : [`autolock: ${onOff(spec.autolock)} → ${onOff(change.autolock)}`]),
  ];
  return causes.length === 0 ? [] : [{ kind: 'swarm-update', target: 'Swarm', ...change, causes }];
}

function differs<T>(wanted: T | undefined, standing: T): boolean {
  return wanted !== undefined && wanted !== standing;
}

function onOff(on: boolean): string {
  return on ? 'on' : 'off';
}

function planHost(member: Member, swarm: ObservedSwarm): readonly ClusterStep[] {
  const { host, membership, node, isLeaving } = member;
  const on = { target: host.name, hostId: host.id };
  switch (membership) {
    case 'member': {
      if (node === undefined) return [];
      if (!isLeaving) return planNode(member, node);
      const isWorker = node.role === 'worker' && node.manager === undefined && host.swarm?.controlAvailable !== true;
      return isWorker ? [{ kind: 'swarm-leave', ...on, force: false, causes: ['it leaves the environment'] }] : [];
    }
    case 'outside': {
      const { availability, address } = host;
      const via = waysIn(swarm, host);
      const join = { kind: 'swarm-join' as const, ...on, role: 'worker' as const, via, availability };
      const causes = ['it is in no Swarm yet'];
      return isLeaving ? [] : [{ ...join, ...(address === undefined ? {} : { address }), causes }];
    }
    case 'dropped':
      return [{ kind: 'swarm-leave', ...on, force: true, causes: ['the managers do not list it any more'] }];
    case 'stranded':
      return [
        { kind: 'swarm-leave', ...on, force: true, causes: ['it is a manager of the state before the recovery'] },
      ];
    case 'locked':
      return [unlockStep(host)];
    case 'away':
      return node === undefined || isLeaving ? [] : planNode(member, node);
    case 'foreign':
    case 'unsettled':
    case 'failed':
      return [];
  }
}

function noticeOf({ host, membership }: Member): readonly string[] {
  switch (membership) {
    case 'foreign':
      return [
        `${host.name} is in another Swarm and is left alone; to use it here, let it leave that one (docker swarm leave)`,
      ];
    case 'failed':
      return [`${host.name} cannot take part: ${host.swarm?.error || 'its engine does not say why'}`];
    case 'unsettled':
      return [`${host.name} is joining or starting`];
    default:
      return [];
  }
}

/** Nodes that are taken off the list: of removed hosts, left behind by a host that is another node now, or dead for long. */
function removals({ hosts, others }: Members, wanted: WantedCluster): readonly ClusterStep[] {
  const removed = new Set(wanted.removedNodes);
  const dead = hosts.filter(({ membership, isLeaving }) => membership === 'away' && !isLeaving);
  const leaving = hosts.filter(({ isLeaving, membership }) => isLeaving && membership !== 'member');
  const step = (node: ClusterNode, target: string, cause: string): readonly ClusterStep[] =>
    node.manager === undefined && (node.role === 'worker' || node.state === 'down')
      ? [{ kind: 'node-remove', target, nodeId: node.id, causes: [cause] }]
      : [];
  return [
    ...others.flatMap((node) => {
      if (removed.has(node.id)) return step(node, node.hostname, 'its host was removed');
      if (isSuperseded(node, hosts)) return step(node, node.hostname, 'its host is another node now, or left');
      return isDead(node, wanted) ? step(node, node.hostname, deadCause(wanted)) : [];
    }),
    ...leaving.flatMap(({ host, node }) =>
      node === undefined || node.state !== 'down' ? [] : step(node, host.name, 'its host was removed'),
    ),
    ...dead.flatMap(({ host, node }) =>
      node === undefined || !isDead(node, wanted) ? [] : step(node, host.name, deadCause(wanted)),
    ),
  ];
}

function isDead({ state, downForMs = 0 }: ClusterNode, { removeDeadAfterMs }: WantedCluster): boolean {
  return removeDeadAfterMs !== undefined && state === 'down' && downForMs >= removeDeadAfterMs;
}

function deadCause({ removeDeadAfterMs = 0 }: WantedCluster): string {
  return `it has been down for more than ${Math.round(removeDeadAfterMs / 60_000)} minutes`;
}
