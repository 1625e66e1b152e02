import type { FakeCluster } from './cluster.ts';
import { satisfies } from './constraint.ts';
import { makeTask, setDesired } from './make-task.ts';
import { type FakeNode, type FakeService, type FakeTask, hasEnded, isWanted, slotOf } from './objects.ts';
import { mayRestart, restartTask } from './restart.ts';
import { stepUpdate } from './update.ts';

/** Makes and gives up tasks until a service has those that its spec wants. */
export function orchestrate(cluster: FakeCluster, service: FakeService, tasks: readonly FakeTask[]): void {
  const mode = service.spec.Mode ?? {};
  if (mode.ReplicatedJob != null || mode.GlobalJob != null) {
    orchestrateJob(cluster, service, tasks);
    return;
  }
  for (const task of tasks) {
    if (!isWanted(task)) continue;
    if (hasEnded(task) || !isPlaceable(cluster, task)) restartTask(cluster, service, task);
  }
  if (mode.Global != null) fillNodes(cluster, service, tasks);
  else fillSlots(cluster, service, tasks, mode.Replicated?.Replicas ?? 1);
  stepUpdate(cluster, service);
}

/** Whether a task may stay on its node. */
function isPlaceable(cluster: FakeCluster, task: FakeTask): boolean {
  if (task.nodeId === null) return true;
  const node = cluster.nodes.get(task.nodeId);
  if (node === undefined || node.state === 'down' || node.spec.Availability === 'drain') return false;
  return (task.spec.Placement?.Constraints ?? []).every((constraint) => satisfies(node, constraint));
}

function tasksOf(cluster: FakeCluster, service: FakeService): readonly FakeTask[] {
  return [...cluster.tasks.values()].filter((task) => task.serviceId === service.id);
}

/** Slots that are filled: by a wanted task, or by one that has ended and is not to be run again. */
function filledSlots(cluster: FakeCluster, tasks: readonly FakeTask[]): Map<string, FakeTask[]> {
  const slots = new Map<string, FakeTask[]>();
  for (const task of tasks) {
    if (!isWanted(task) && !(hasEnded(task) && task.desiredState === 'shutdown' && !mayRestart(cluster, task)))
      continue;
    const slot = slots.get(slotOf(task)) ?? [];
    slot.push(task);
    slots.set(slotOf(task), slot);
  }
  return slots;
}

function fillSlots(cluster: FakeCluster, service: FakeService, _: readonly FakeTask[], replicas: number): void {
  const tasks = tasksOf(cluster, service);
  const filled = filledSlots(cluster, tasks);
  const alive = [...filled].filter(([, slot]) => slot.some(isWanted));
  for (let slot = 1; filled.size < replicas; slot += 1) {
    if (filled.has(`slot ${slot}`)) continue;
    filled.set(`slot ${slot}`, [makeTask(cluster, service, { slot, nodeId: null, desiredState: 'running' })]);
  }
  const surplus = filled.size - replicas;
  if (surplus <= 0) return;
  // Those that do not run yet go first, then the youngest.
  const runs = (slot: readonly FakeTask[]) => (slot.some((task) => task.status.State === 'running') ? 0 : 1);
  const leaving = alive.sort(([, a], [, b]) => runs(b) - runs(a) || (b[0]?.slot ?? 0) - (a[0]?.slot ?? 0));
  for (const [, slot] of leaving.slice(0, surplus))
    for (const task of slot) if (isWanted(task)) setDesired(cluster, task, 'remove');
}

function eligibleNodes(cluster: FakeCluster, service: FakeService): readonly FakeNode[] {
  const constraints = service.spec.TaskTemplate?.Placement?.Constraints ?? [];
  return [...cluster.nodes.values()].filter(
    (node) =>
      node.state === 'ready' &&
      node.spec.Availability !== 'drain' &&
      constraints.every((constraint) => satisfies(node, constraint)),
  );
}

function fillNodes(cluster: FakeCluster, service: FakeService, _: readonly FakeTask[]): void {
  const filled = filledSlots(cluster, tasksOf(cluster, service));
  for (const node of eligibleNodes(cluster, service)) {
    if (filled.has(`node ${node.id}`) || node.spec.Availability === 'pause') continue;
    makeTask(cluster, service, { slot: 0, nodeId: node.id, desiredState: 'running' });
  }
}

function orchestrateJob(cluster: FakeCluster, service: FakeService, tasks: readonly FakeTask[]): void {
  const current = tasks.filter((task) => task.jobIteration === service.jobIteration);
  for (const task of tasks) {
    if (task.jobIteration !== service.jobIteration && isWanted(task) && !hasEnded(task))
      setDesired(cluster, task, 'remove');
  }
  for (const task of current) {
    if (!isWanted(task) || task.status.State === 'complete') continue;
    if (hasEnded(task) || !isPlaceable(cluster, task)) restartTask(cluster, service, task);
  }
  const now = tasksOf(cluster, service).filter((task) => task.jobIteration === service.jobIteration);
  const job = service.spec.Mode?.ReplicatedJob;
  if (job == null) {
    const have = new Set(now.map((task) => task.nodeId));
    for (const node of eligibleNodes(cluster, service)) {
      if (have.has(node.id) || node.spec.Availability === 'pause') continue;
      makeTask(cluster, service, { slot: 0, nodeId: node.id, desiredState: 'complete' });
    }
    return;
  }
  const concurrent = job.MaxConcurrent ?? 1;
  const total = job.TotalCompletions ?? concurrent;
  // A slot whose attempts are used up stays given up, as in the real one.
  const taken = new Set(now.map((task) => task.slot));
  let running = new Set(now.filter((task) => isWanted(task) && !hasEnded(task)).map((task) => task.slot)).size;
  const givenUp = [...taken].filter((slot) => now.every((task) => task.slot !== slot || hasEnded(task)));
  const failed = givenUp.filter((slot) => !now.some((task) => task.slot === slot && task.status.State === 'complete'));
  for (let slot = 0; slot < total && running + failed.length < concurrent; slot += 1) {
    if (taken.has(slot)) continue;
    makeTask(cluster, service, { slot, nodeId: null, desiredState: 'complete' });
    running += 1;
  }
}
