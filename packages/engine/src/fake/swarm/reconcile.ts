import type { ServiceId } from '@drover/base';
import { dropTask, stepTask } from './agent.ts';
import type { FakeCluster } from './cluster.ts';
import { setDesired } from './make-task.ts';
import { watchNodes } from './nodes-alive.ts';
import { type FakeTask, hasEnded, slotOf } from './objects.ts';
import { orchestrate } from './orchestrate.ts';
import { releaseHeld } from './restart.ts';
import { schedule } from './schedule.ts';

const defaultHistory = 5;

/** One look at everything; what it changes wakes the next one. */
export function reconcile(cluster: FakeCluster): void {
  watchNodes(cluster);
  const byService = new Map<ServiceId, FakeTask[]>();
  for (const task of cluster.tasks.values())
    byService.set(task.serviceId, [...(byService.get(task.serviceId) ?? []), task]);
  for (const [serviceId, tasks] of byService) {
    if (cluster.services.has(serviceId)) continue;
    for (const task of tasks) setDesired(cluster, task, 'remove');
  }
  for (const service of cluster.services.values()) orchestrate(cluster, service, byService.get(service.id) ?? []);
  releaseHeld(cluster);
  schedule(cluster);
  for (const task of cluster.tasks.values()) {
    const node = task.nodeId === null ? undefined : cluster.nodes.get(task.nodeId);
    if (node !== undefined && task.status.State !== 'pending') {
      if (cluster.isUp(node)) stepTask(cluster, cluster.services.get(task.serviceId), task, node);
      else if (node.state === 'down' && task.desiredState === 'remove') dropTask(cluster, task, undefined);
    } else if (setAside(task) && (task.desiredState === 'remove' || node === undefined)) {
      dropTask(cluster, task, node);
    }
  }
  reap(cluster);
}

/** A task that never got to a node, or whose node is gone, and that nobody wants. */
function setAside(task: FakeTask): boolean {
  return task.desiredState === 'remove' || task.desiredState === 'shutdown';
}

/** Forgets ended tasks beyond the number that is kept a slot. */
function reap(cluster: FakeCluster): void {
  const kept = cluster.spec.Orchestration?.TaskHistoryRetentionLimit ?? defaultHistory;
  if (kept < 0) return;
  const slots = new Map<string, FakeTask[]>();
  for (const task of cluster.tasks.values()) {
    const key = `${task.serviceId} ${slotOf(task)}`;
    slots.set(key, [...(slots.get(key) ?? []), task]);
  }
  for (const tasks of slots.values()) {
    const ended = tasks.filter((task) => hasEnded(task) && task.desiredState === 'shutdown');
    for (const task of ended.slice(0, Math.max(0, tasks.length - kept))) {
      const node = task.nodeId === null ? undefined : cluster.nodes.get(task.nodeId);
      if (node === undefined || cluster.isUp(node)) dropTask(cluster, task, node);
    }
  }
}
