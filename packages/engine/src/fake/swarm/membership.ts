import type { NodeId } from '@drover/base';
import type { NodeSpec } from '../../model/node.ts';
import type { SwarmInitBody, SwarmJoinBody, SwarmSpec } from '../../model/swarm.ts';
import { Refusal } from '../failure.ts';
import { removeContainer } from '../lifecycle.ts';
import { FakeCluster } from './cluster.ts';
import type { FakeMember } from './fabric.ts';
import { setNodeState } from './nodes-alive.ts';
import type { FakeNode } from './objects.ts';
import { forgetOverlays, makeIngress, showOverlays } from './overlay.ts';

export const outsideMessage =
  'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.';
export const lockedMessage =
  'Swarm is encrypted and needs to be unlocked before it can be used. Please use "docker swarm unlock" to unlock it.';

/** The Swarm that an engine can be asked about, as its manager; else the refusal of the real one. */
export function managedBy(member: FakeMember): FakeCluster {
  const { cluster } = member;
  if (cluster === null || member.nodeId === null) throw new Refusal('not-in-swarm', outsideMessage);
  if (member.locked) throw new Refusal('swarm-locked', lockedMessage);
  if (cluster.nodes.get(member.nodeId)?.spec.Role !== 'manager') {
    throw new Refusal(
      'not-a-manager',
      "This node is not a swarm manager. Worker nodes can't be used to view or modify cluster state. Please run this command on a manager node or promote the current node to a manager.",
    );
  }
  if (!cluster.hasQuorum(member)) {
    throw new Refusal(
      'no-leader',
      "The swarm does not have a leader. It's possible that too few managers are online. Make sure more than half of the managers are online.",
    );
  }
  cluster.canWork();
  return cluster;
}

const defaultSpec: SwarmSpec = {
  Name: 'default',
  Labels: {},
  Orchestration: { TaskHistoryRetentionLimit: 5 },
  Raft: {
    SnapshotInterval: 10_000,
    KeepOldSnapshots: 0,
    LogEntriesForSlowFollowers: 500,
    ElectionTick: 10,
    HeartbeatTick: 1,
  },
  Dispatcher: { HeartbeatPeriod: 5e9 },
  CAConfig: { NodeCertExpiry: 7.776e15 },
  TaskDefaults: {},
  EncryptionConfig: { AutoLockManagers: false },
};

/** A complete spec of a Swarm, with the defaults of the real one. */
export function completeSwarmSpec(spec: SwarmSpec): SwarmSpec {
  const merged = Object.entries(defaultSpec).map(([section, defaults]) => {
    const given = spec[section as keyof SwarmSpec];
    if (given == null) return [section, defaults];
    return [section, typeof given === 'object' ? { ...(defaults as object), ...given } : given];
  });
  return Object.fromEntries(merged);
}

function addNode(
  cluster: FakeCluster,
  member: FakeMember,
  role: NonNullable<NodeSpec['Role']>,
  availability: NodeSpec['Availability'],
): FakeNode {
  const id = member.fabric.newId() as NodeId;
  const spec: NodeSpec = { Labels: {}, Role: role, Availability: availability || 'active' };
  const node: FakeNode = { id, member, ...cluster.born(), spec, state: 'unknown', silentSince: null };
  cluster.nodes.set(id, node);
  member.cluster = cluster;
  member.nodeId = id;
  member.locked = false;
  cluster.publish('node', 'create', id, { name: '' });
  setNodeState(cluster, node, 'ready');
  if (role === 'manager') showOverlays(cluster, member);
  return node;
}

/** Makes a Swarm, or a new one of the same state where the quorum is lost. */
export function initSwarm(member: FakeMember, body: SwarmInitBody): NodeId {
  if (member.cluster !== null && body.ForceNewCluster === true) return forceNewCluster(member, member.cluster);
  refuseIfInSwarm(member);
  if (body.Spec?.Name && body.Spec.Name !== 'default')
    throw new Refusal('bad-request', 'swarm spec must be named "default"');
  const spec = completeSwarmSpec(body.Spec ?? {});
  const autolock = body.AutoLockManagers === true || spec.EncryptionConfig?.AutoLockManagers === true;
  const cluster = new FakeCluster(member.fabric, { ...spec, EncryptionConfig: { AutoLockManagers: autolock } });
  cluster.version = cluster.nextIndex();
  makeIngress(cluster);
  const node = addNode(cluster, member, 'manager', body.Availability);
  cluster.leaderId = node.id;
  return node.id;
}

function forceNewCluster(member: FakeMember, cluster: FakeCluster): NodeId {
  const own = member.nodeId === null ? undefined : cluster.nodes.get(member.nodeId);
  if (own === undefined || own.spec.Role !== 'manager') {
    throw new Refusal('not-a-manager', 'This node is not a swarm manager.');
  }
  for (const node of cluster.managers()) if (node !== own) node.spec = { ...node.spec, Role: 'worker' };
  cluster.leaderId = own.id;
  cluster.touch(own);
  return own.id;
}

function refuseIfInSwarm(member: FakeMember): void {
  if (member.cluster === null) return;
  throw new Refusal(
    'already-in-swarm',
    'This node is already part of a swarm. Use "docker swarm leave" to leave this swarm and join another one.',
  );
}

export function joinSwarm(member: FakeMember, body: SwarmJoinBody): void {
  refuseIfInSwarm(member);
  const remotes = body.RemoteAddrs ?? [];
  if (remotes.length === 0) throw new Refusal('bad-request', 'at least 1 RemoteAddr is required to join');
  const token = body.JoinToken ?? '';
  if (!/^SWMTKN-\d+-[a-z0-9]+-[a-z0-9]+$/.test(token)) throw new Refusal('unauthorized', 'invalid join token');
  const managers = remotes.flatMap((remote) => member.fabric.members.get(remote.replace(/:\d+$/, '')) ?? []);
  const cluster = managers.find((other) => isReachable(other) && member.linked)?.cluster;
  if (cluster == null || !cluster.hasQuorum()) {
    throw new Refusal(
      'unavailable',
      'Timeout was reached before node joined. The attempt to join the swarm will continue in the background. Use the "docker info" command to see the current swarm status of your node.',
    );
  }
  if (!token.startsWith(`SWMTKN-1-${cluster.id}-`)) {
    throw new Refusal('unauthorized', 'remote CA does not match fingerprint. Expected: of another Swarm');
  }
  if (token !== cluster.tokens.Worker && token !== cluster.tokens.Manager)
    throw new Refusal('unauthorized', 'A valid join token is necessary to join this cluster');
  addNode(cluster, member, token === cluster.tokens.Manager ? 'manager' : 'worker', body.Availability);
}

function isReachable(member: FakeMember): boolean {
  const node = member.nodeId === null ? undefined : member.cluster?.nodes.get(member.nodeId);
  return node?.spec.Role === 'manager' && member.running && member.linked && !member.locked;
}

export function leaveSwarm(member: FakeMember, force: boolean): void {
  const { cluster, nodeId } = member;
  if (cluster === null || nodeId === null) throw new Refusal('not-in-swarm', 'This node is not part of a swarm');
  if (!force) refuseToLeave(member, cluster, nodeId);
  const node = cluster.nodes.get(nodeId);
  for (const task of cluster.tasks.values()) {
    const container = task.nodeId === nodeId ? member.world.containers.get(task.containerId ?? '') : undefined;
    if (container !== undefined) removeContainer(member.world, container, { force: true, volumes: true });
  }
  member.cluster = null;
  member.nodeId = null;
  member.locked = false;
  forgetOverlays(cluster, member);
  if (node !== undefined) setNodeState(cluster, node, 'down');
}

function refuseToLeave(member: FakeMember, cluster: FakeCluster, nodeId: NodeId): void {
  if (member.locked) {
    throw new Refusal(
      'swarm-locked',
      'Swarm is encrypted and locked. Please unlock it first or use `--force` to ignore this message.',
    );
  }
  if (cluster.nodes.get(nodeId)?.spec.Role !== 'manager') return;
  const managers = cluster.managers();
  const reachable = managers.filter((node) => cluster.isUp(node)).length;
  const start = 'You are attempting to leave the swarm on a node that is participating as a manager. ';
  if (managers.length === 1) {
    throw new Refusal(
      'unavailable',
      `${start}Removing the last manager erases all current state of the swarm. Use \`--force\` to ignore this message.`,
    );
  }
  const loses =
    (reachable - 1) * 2 <= managers.length
      ? `Removing this node leaves ${reachable - 1} managers out of ${managers.length}. Without a Raft quorum your swarm will be inaccessible. `
      : '';
  throw new Refusal(
    'unavailable',
    `${start}${loses}The only way to restore a swarm that has lost consensus is to reinitialize it with \`--force-new-cluster\`. Use \`--force\` to suppress this message.`,
  );
}

/** Changes what a node is asked to be, with the checks of a demotion. */
export function changeNode(cluster: FakeCluster, node: FakeNode, spec: NodeSpec): void {
  const before = node.spec;
  if (before.Role === 'manager' && spec.Role === 'worker') {
    const managers = cluster.managers();
    if (managers.length === 1) throw new Refusal('bad-request', 'attempting to demote the last manager of the swarm');
    const left = managers.filter((other) => other !== node);
    if (left.filter((other) => cluster.isUp(other)).length * 2 <= left.length) {
      throw new Refusal('bad-request', "can't remove member from the raft: this would result in a loss of quorum");
    }
  }
  node.spec = {
    ...spec,
    Labels: spec.Labels ?? {},
    Role: spec.Role ?? 'worker',
    Availability: spec.Availability ?? 'active',
  };
  if (before.Role !== node.spec.Role) {
    if (node.spec.Role === 'manager') showOverlays(cluster, node.member);
    else forgetOverlays(cluster, node.member);
  }
  cluster.touch(node);
  const changes = (['Availability', 'Role'] as const).flatMap((field) =>
    before[field] === node.spec[field]
      ? []
      : [
          [`${field.toLowerCase()}.new`, node.spec[field] ?? ''],
          [`${field.toLowerCase()}.old`, before[field] ?? ''],
        ],
  );
  cluster.publish('node', 'update', node.id, { name: node.member.hostname, ...Object.fromEntries(changes) });
}

/** Takes a node off the list. */
export function removeNode(cluster: FakeCluster, node: FakeNode, force: boolean): void {
  if (node.spec.Role === 'manager') {
    throw new Refusal(
      'bad-request',
      `node ${node.id} is a cluster manager and is a member of the raft cluster. It must be demoted to worker before removal`,
    );
  }
  if (!force && node.state === 'ready')
    throw new Refusal('bad-request', `node ${node.id} is not down and can't be removed`);
  cluster.nodes.delete(node.id);
  cluster.wake();
  cluster.publish('node', 'remove', node.id, { name: node.member.hostname });
}
