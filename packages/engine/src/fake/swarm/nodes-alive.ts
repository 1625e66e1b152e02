import type { FakeCluster } from './cluster.ts';
import { setState } from './make-task.ts';
import { type FakeNode, hasEnded } from './objects.ts';

const defaultHeartbeatNanoseconds = 5e9;
/** swarmkit `manager/dispatcher/dispatcher.go`, `defaultNodeDownPeriod`. */
const orphanedAfterNanoseconds = 24 * 3600e9;
/** Heartbeats that may be missing (swarmkit `manager/dispatcher/dispatcher.go`). */
const graceHeartbeats = 3;

/** Takes note of nodes that came and went. */
export function watchNodes(cluster: FakeCluster): void {
  const grace = cluster.fabric.milliseconds(
    (cluster.spec.Dispatcher?.HeartbeatPeriod || defaultHeartbeatNanoseconds) * graceHeartbeats,
  );
  for (const node of cluster.nodes.values()) {
    if (cluster.isUp(node)) {
      node.silentSince = null;
      if (node.state !== 'ready') setNodeState(cluster, node, 'ready');
      continue;
    }
    if (node.state === 'down') {
      orphanTasks(cluster, node);
      continue;
    }
    if (node.silentSince === null) {
      node.silentSince = performance.now();
      cluster.wakeAfter(grace);
    }
    if (performance.now() + 1 < node.silentSince + grace) continue;
    setNodeState(cluster, node, 'down');
    cluster.wakeAfter(cluster.fabric.milliseconds(orphanedAfterNanoseconds));
  }
}

/** After a day the tasks of a lost node are given up for good. */
function orphanTasks(cluster: FakeCluster, node: FakeNode): void {
  const day = cluster.fabric.milliseconds(orphanedAfterNanoseconds);
  if (node.silentSince === null || performance.now() + 1 < node.silentSince + day) return;
  for (const task of cluster.tasks.values()) {
    if (task.nodeId === node.id && !hasEnded(task)) setState(cluster, task, 'orphaned', task.status.Message ?? '');
  }
}

/** Changes the state of a node and tells of it. */
export function setNodeState(cluster: FakeCluster, node: FakeNode, state: FakeNode['state']): void {
  const old = node.state;
  node.state = state;
  cluster.touch(node);
  cluster.publish('node', 'update', node.id, {
    name: node.member.hostname,
    'state.new': state,
    'state.old': old,
  });
}
