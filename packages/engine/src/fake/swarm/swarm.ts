import type { EngineSwarm } from '../../api/swarm.ts';
import type { ClusterInfo, SwarmInfo } from '../../model/swarm.ts';
import { conflict, Refusal } from '../failure.ts';
import type { Gate } from '../gate.ts';
import type { FakeCluster } from './cluster.ts';
import type { FakeMember } from './fabric.ts';
import { refuseStale } from './find.ts';
import {
  completeSwarmSpec,
  initSwarm,
  joinSwarm,
  leaveSwarm,
  lockedMessage,
  managedBy,
  outsideMessage,
} from './membership.ts';

function inspectCluster(cluster: FakeCluster): ClusterInfo {
  return {
    ID: cluster.id,
    Version: { Index: cluster.version },
    CreatedAt: cluster.createdAt,
    UpdatedAt: cluster.updatedAt,
    Spec: cluster.spec,
    TLSInfo: {},
    RootRotationInProgress: false,
    DefaultAddrPool: ['10.0.0.0/8'],
    SubnetSize: 24,
    DataPathPort: 4789,
  };
}

/** The Swarm section of an engine's `info`. */
export function swarmInfo(member: FakeMember): SwarmInfo {
  const { cluster, nodeId } = member;
  const node = nodeId === null ? undefined : cluster?.nodes.get(nodeId);
  const base = { NodeAddr: cluster === null ? '' : member.address, Error: '', RemoteManagers: null };
  if (cluster === null || nodeId === null)
    return { ...base, NodeID: '', LocalNodeState: 'inactive', ControlAvailable: false };
  if (member.locked)
    return { ...base, NodeID: '', LocalNodeState: 'locked', ControlAvailable: false, Error: lockedMessage };
  const managers = cluster.managers();
  const known = {
    ...base,
    NodeID: nodeId,
    LocalNodeState: 'active',
    RemoteManagers: managers.map((manager) => ({ NodeID: manager.id, Addr: `${manager.member.address}:2377` })),
  } as const;
  if (node?.spec.Role !== 'manager') return { ...known, ControlAvailable: false };
  if (!cluster.hasQuorum(member)) {
    const error =
      "rpc error: code = Unknown desc = The swarm does not have a leader. It's possible that too few managers are online. Make sure more than half of the managers are online.";
    return { ...known, ControlAvailable: true, Error: error };
  }
  return {
    ...known,
    ControlAvailable: true,
    Nodes: cluster.nodes.size,
    Managers: managers.length,
    Cluster: inspectCluster(cluster),
  };
}

/** The header `Swarm` of a ping. */
export function swarmPing(member: FakeMember): string {
  const info = swarmInfo(member);
  if (info.LocalNodeState !== 'active') return info.LocalNodeState;
  return `active/${info.ControlAvailable ? 'manager' : 'worker'}`;
}

export function createFakeSwarmCalls(member: FakeMember, gate: Gate): EngineSwarm {
  const { world } = member;
  return {
    inspect: (options) =>
      gate.pass({ name: 'swarm.inspect', target: '' }, 'reading the Swarm', options, () => {
        const cluster = managedBy(member);
        return { ...inspectCluster(cluster), JoinTokens: cluster.tokens };
      }),
    init: (body, options) =>
      gate.pass({ name: 'swarm.init', target: '' }, 'making a Swarm', options, () => initSwarm(member, body)),
    join: (body, options) => {
      const doing = `joining the Swarm at ${body.RemoteAddrs?.join(', ') || 'no address'}`;
      return gate.pass({ name: 'swarm.join', target: '' }, doing, options, () => joinSwarm(member, body));
    },
    leave: (options) =>
      gate.pass({ name: 'swarm.leave', target: '' }, 'leaving the Swarm', options, () =>
        leaveSwarm(member, options?.force === true),
      ),
    update: (version, spec, options) =>
      gate.pass({ name: 'swarm.update', target: '' }, 'changing the Swarm', options, () => {
        const cluster = managedBy(member);
        if (spec.Name && spec.Name !== 'default')
          throw new Refusal('bad-request', 'swarm spec must be named "default"');
        refuseStale(cluster, version);
        cluster.spec = completeSwarmSpec(spec);
        const { Worker, Manager } = cluster.tokens;
        cluster.tokens = {
          Worker: options?.rotateWorkerToken === true ? cluster.newToken() : Worker,
          Manager: options?.rotateManagerToken === true ? cluster.newToken() : Manager,
        };
        if (options?.rotateManagerUnlockKey === true) cluster.unlockKey = `SWMKEY-1-${world.newId()}`;
        cluster.touch(cluster);
      }),
    unlockKey: (options) =>
      gate.pass({ name: 'swarm.unlockKey', target: '' }, 'reading the unlock key of the Swarm', options, () => {
        const cluster = managedBy(member);
        return cluster.spec.EncryptionConfig?.AutoLockManagers === true ? cluster.unlockKey : '';
      }),
    unlock: (unlockKey, options) =>
      gate.pass({ name: 'swarm.unlock', target: '' }, 'unlocking the Swarm', options, () => {
        if (member.cluster === null) throw new Refusal('not-in-swarm', outsideMessage);
        if (!member.locked) throw conflict('swarm is not locked');
        if (unlockKey !== member.cluster.unlockKey)
          throw new Refusal('unauthorized', 'swarm could not be unlocked: invalid key provided');
        member.locked = false;
        member.cluster.wake();
      }),
  };
}
