import type { FakeCluster } from './cluster.ts';
import { makeTask, setDesired } from './make-task.ts';
import { type FakeService, type FakeTask, hasEnded, slotOf } from './objects.ts';

const defaultDelayNanoseconds = 5e9;

function keyOf(task: FakeTask): string {
  return `${task.serviceId} ${slotOf(task)} ${task.specNumber} ${task.jobIteration ?? ''}`;
}

/** Whether the restart policy wants another task in the place of this one. */
export function mayRestart(cluster: FakeCluster, task: FakeTask): boolean {
  const policy = task.spec.RestartPolicy;
  const condition = policy?.Condition ?? 'any';
  if (condition === 'none' || (condition === 'on-failure' && task.status.State === 'complete')) return false;
  const limit = policy?.MaxAttempts ?? 0;
  if (limit === 0) return true;
  const window = cluster.fabric.milliseconds(policy?.Window ?? 0);
  const restarts = cluster.restarts.get(keyOf(task)) ?? [];
  return restarts.filter((time) => window === 0 || time > performance.now() - window).length < limit;
}

/** Gives a task up and, if the policy says so, puts another one into its place after the delay. */
export function restartTask(cluster: FakeCluster, service: FakeService, task: FakeTask): void {
  setDesired(cluster, task, 'shutdown');
  if (!mayRestart(cluster, task)) return;
  const node = task.nodeId === null ? undefined : cluster.nodes.get(task.nodeId);
  const isGlobal = service.spec.Mode?.Global != null || service.spec.Mode?.GlobalJob != null;
  const next = makeTask(cluster, service, {
    slot: task.slot,
    nodeId: isGlobal ? task.nodeId : null,
    desiredState: 'ready',
  });
  if ((task.spec.RestartPolicy?.MaxAttempts ?? 0) > 0) {
    cluster.restarts.set(keyOf(next), [...(cluster.restarts.get(keyOf(next)) ?? []).slice(-1000), performance.now()]);
  }
  const delay = node?.spec.Availability === 'drain' ? 0 : (task.spec.RestartPolicy?.Delay ?? defaultDelayNanoseconds);
  hold(cluster, next, cluster.fabric.milliseconds(delay), !hasEnded(task) && node?.state !== 'down' ? task : null);
}

/** Keeps a task `ready` for some milliseconds and until another one has ended. */
export function hold(cluster: FakeCluster, task: FakeTask, milliseconds: number, other: FakeTask | null): void {
  task.heldUntil = performance.now() + milliseconds;
  task.waitsFor = other?.id ?? null;
  cluster.wakeAfter(milliseconds);
}

/** Lets those tasks run that are held no longer. */
export function releaseHeld(cluster: FakeCluster): void {
  for (const task of cluster.tasks.values()) {
    if (task.desiredState !== 'ready') continue;
    const other = task.waitsFor === null ? undefined : cluster.tasks.get(task.waitsFor);
    const otherNode = other?.nodeId == null ? undefined : cluster.nodes.get(other.nodeId);
    const isFree = other === undefined || hasEnded(other) || otherNode === undefined || otherNode.state === 'down';
    // Timers may fire a little early.
    if (!isFree || task.heldUntil > performance.now() + 1) continue;
    setDesired(cluster, task, task.jobIteration === null ? 'running' : 'complete');
  }
}
