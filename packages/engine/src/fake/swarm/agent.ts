import { type FakeContainer, isRunning } from '../container.ts';
import { startContainer, stopContainer } from '../lifecycle.ts';
import type { FakeCluster } from './cluster.ts';
import { createTaskContainer, removeTaskContainer } from './container-of-task.ts';
import { setState } from './make-task.ts';
import { type FakeNode, type FakeService, type FakeTask, hasEnded, isBeyond } from './objects.ts';

/** Brings one task on its node a step nearer to what is wanted, and takes over what its container says. */
export function stepTask(cluster: FakeCluster, service: FakeService | undefined, task: FakeTask, node: FakeNode): void {
  if (!hasEnded(task)) {
    if (isBeyond(task.desiredState, 'complete')) endTask(cluster, task, node);
    else if (service !== undefined) advance(cluster, service, task, node);
  }
  if (task.desiredState === 'remove' && hasEnded(task)) dropTask(cluster, task, node);
}

/** Takes a task and its container away for good. */
export function dropTask(cluster: FakeCluster, task: FakeTask, node: FakeNode | undefined): void {
  if (node !== undefined) removeTaskContainer(node.member.world, task);
  cluster.tasks.delete(task.id);
  cluster.wake();
}

function containerOf(task: FakeTask, node: FakeNode) {
  return task.containerId === null ? undefined : node.member.world.containers.get(task.containerId);
}

function endTask(cluster: FakeCluster, task: FakeTask, node: FakeNode): void {
  const container = containerOf(task, node);
  if (container === undefined || !isRunning(container)) {
    setState(cluster, task, 'shutdown', 'shutdown', { exitCode: container?.exitCode ?? 0 });
    return;
  }
  if (task.stopping) return;
  task.stopping = true;
  void stopContainer(node.member.world, container, undefined).finally(() => cluster.wake());
}

function advance(cluster: FakeCluster, service: FakeService, task: FakeTask, node: FakeNode): void {
  switch (task.status.State) {
    case 'assigned':
      setState(cluster, task, 'accepted', 'accepted');
      break;
    case 'accepted':
      setState(cluster, task, 'preparing', 'preparing');
      break;
    case 'preparing':
      prepare(cluster, service, task, node);
      break;
    case 'ready':
      if (task.desiredState !== 'ready') setState(cluster, task, 'starting', 'starting');
      break;
    case 'starting':
    case 'running':
      follow(cluster, task, node);
      break;
    default:
      break;
  }
}

function prepare(cluster: FakeCluster, service: FakeService, task: FakeTask, node: FakeNode): void {
  try {
    task.containerId = createTaskContainer(cluster, service, task, node);
    setState(cluster, task, 'ready', 'prepared');
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown.message : String(thrown);
    setState(cluster, task, 'rejected', 'preparing', { error });
  }
}

/** Starts the container and takes over what it says. */
function follow(cluster: FakeCluster, task: FakeTask, node: FakeNode): void {
  const container = containerOf(task, node);
  if (container === undefined) {
    setState(cluster, task, 'failed', 'started', { error: 'task: non-zero exit (137)', exitCode: 137 });
    return;
  }
  if (container.status === 'created' && !start(cluster, task, node, container)) return;
  if (!isRunning(container)) {
    takeExit(cluster, task, container.exitCode);
    return;
  }
  if (container.health?.Status === 'unhealthy') {
    if (task.stopping) return;
    task.stopping = true;
    void stopContainer(node.member.world, container, undefined).finally(() => cluster.wake());
    return;
  }
  const isHealthy = container.health === null || container.health.Status === 'healthy';
  if (task.status.State === 'starting' && isHealthy) setState(cluster, task, 'running', 'started');
}

function start(cluster: FakeCluster, task: FakeTask, node: FakeNode, container: FakeContainer): boolean {
  try {
    startContainer(node.member.world, container);
    return true;
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    const error = `starting container failed: ${reason}`;
    setState(cluster, task, 'failed', 'starting', { error, exitCode: container.exitCode });
    return false;
  }
}

function takeExit(cluster: FakeCluster, task: FakeTask, exitCode: number): void {
  // The agent itself stops a container only when it is unhealthy; an orderly end is handled before.
  const unhealthy = task.stopping;
  if (exitCode === 0 && !unhealthy) {
    setState(cluster, task, 'complete', 'finished');
    return;
  }
  const error = `task: non-zero exit (${exitCode})${unhealthy ? ': dockerexec: unhealthy container' : ''}`;
  setState(cluster, task, 'failed', 'started', { error, exitCode });
}
