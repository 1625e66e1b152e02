import type { FakeCluster } from './cluster.ts';
import type { FakeNode } from './objects.ts';

const defaultHeartbeatNanoseconds = 5e9;
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
    if (node.state === 'down') continue;
    if (node.silentSince === null) {
      node.silentSince = Date.now();
      cluster.wakeAfter(grace);
    }
    if (Date.now() + 1 >= node.silentSince + grace) setNodeState(cluster, node, 'down');
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
