import type { UpdateConfig } from '../../model/service.ts';
import type { FakeCluster } from './cluster.ts';
import { isDirty, makeTask, setDesired } from './make-task.ts';
import { type FakeService, type FakeTask, type FakeUpdate, hasEnded, isBeyond, isWanted, slotOf } from './objects.ts';
import { hold } from './restart.ts';

const defaultMonitorNanoseconds = 5e9;

/** Goes on with the update of a service: rounds of slots, failures, the watch after the last one. */
export function stepUpdate(cluster: FakeCluster, service: FakeService): void {
  const state = service.updateStatus?.State;
  if (state === 'paused' || state === 'rollback_paused') return;
  const slots = wantedSlots(cluster, service);
  const dirty = [...slots].filter(([, tasks]) => tasks.length > 1 || tasks.some((task) => isDirty(service, task)));
  const isRollback = state === 'rollback_started';
  if (service.update === null) {
    if (!dirty.some(([, tasks]) => tasks.some((task) => isDirty(service, task)))) {
      if (state === 'updating' || isRollback) complete(cluster, service);
      return;
    }
    service.update = begin(dirty.length);
    if (service.updateStatus == null) {
      service.updateStatus = { State: 'updating', StartedAt: new Date().toISOString(), Message: 'update in progress' };
      tell(cluster, service, { 'updatestate.new': 'updating' });
    }
  }
  const { update } = service;
  const config = (isRollback ? service.spec.RollbackConfig : service.spec.UpdateConfig) ?? { Parallelism: 1 };
  if (countFailures(cluster, service, update, config)) return;
  freeSlots(cluster, update, config, slots);
  const parallelism = config.Parallelism || update.total;
  for (const [key, tasks] of dirty) {
    if (update.working.size >= parallelism) return;
    if (!update.taken.has(key)) takeSlot(cluster, service, update, config, key, tasks);
  }
  if (update.working.size > 0) return;
  const monitor = cluster.fabric.milliseconds(config.Monitor || defaultMonitorNanoseconds);
  if (update.monitorUntil === null) {
    update.monitorUntil = performance.now() + monitor;
    cluster.wakeAfter(monitor);
  }
  if (update.monitorUntil <= performance.now() + 1) complete(cluster, service);
}

function begin(total: number): FakeUpdate {
  return { total, taken: new Set(), working: new Map(), tasks: new Map(), failed: new Set(), monitorUntil: null };
}

function wantedSlots(cluster: FakeCluster, service: FakeService): Map<string, FakeTask[]> {
  const slots = new Map<string, FakeTask[]>();
  for (const task of cluster.tasks.values()) {
    if (task.serviceId !== service.id || !isWanted(task)) continue;
    slots.set(slotOf(task), [...(slots.get(slotOf(task)) ?? []), task]);
  }
  return slots;
}

function takeSlot(
  cluster: FakeCluster,
  service: FakeService,
  update: FakeUpdate,
  config: UpdateConfig,
  key: string,
  tasks: readonly FakeTask[],
): void {
  update.taken.add(key);
  const old = tasks.filter((task) => isDirty(service, task));
  const clean = tasks.find((task) => !isDirty(service, task));
  if (old.length === 0) return;
  const [first] = old;
  const next =
    clean ??
    makeTask(cluster, service, {
      slot: first?.slot ?? 0,
      nodeId: service.spec.Mode?.Global == null ? null : (first?.nodeId ?? null),
      desiredState: 'ready',
    });
  if (clean === undefined) update.tasks.set(next.id, null);
  update.working.set(key, { taskId: next.id, freeAt: null });
  const startFirst = config.Order === 'start-first' && clean === undefined;
  if (!startFirst) for (const task of old) setDesired(cluster, task, 'shutdown');
  if (next.desiredState === 'ready') hold(cluster, next, 0, startFirst ? null : (first ?? null));
}

/** Lets those slots go whose new task runs, after the delay; with start-first their old tasks end then. */
function freeSlots(
  cluster: FakeCluster,
  update: FakeUpdate,
  config: UpdateConfig,
  slots: ReadonlyMap<string, readonly FakeTask[]>,
): void {
  for (const [key, work] of update.working) {
    const task = cluster.tasks.get(work.taskId);
    if (work.freeAt === null) {
      if (task !== undefined && !isBeyond(task.status.State, 'starting') && isWanted(task)) continue;
      if (task?.status.State === 'running') {
        for (const other of slots.get(key) ?? []) if (other !== task) setDesired(cluster, other, 'shutdown');
      }
      const delay = cluster.fabric.milliseconds(config.Delay ?? 0);
      work.freeAt = performance.now() + delay;
      cluster.wakeAfter(delay);
    }
    if (work.freeAt <= performance.now() + 1) update.working.delete(key);
  }
}

/** Counts new tasks that ended too soon; answers whether that ended the update. */
function countFailures(cluster: FakeCluster, service: FakeService, update: FakeUpdate, config: UpdateConfig): boolean {
  const monitor = cluster.fabric.milliseconds(config.Monitor || defaultMonitorNanoseconds);
  for (const [id, ranAt] of update.tasks) {
    const task = cluster.tasks.get(id);
    if (task === undefined) continue;
    if (ranAt === null && isBeyond(task.status.State, 'starting')) update.tasks.set(id, performance.now());
    if (!hasEnded(task) || update.failed.has(id) || (ranAt !== null && performance.now() - ranAt > monitor)) continue;
    update.failed.add(id);
    if (update.failed.size / update.total <= (config.MaxFailureRatio ?? 0)) continue;
    const rollsBack = service.updateStatus?.State === 'rollback_started';
    const action = config.FailureAction ?? 'pause';
    if (action === 'continue') continue;
    const because = `due to failure or early termination of task ${id}`;
    if (rollsBack) pause(cluster, service, 'rollback_paused', `rollback paused ${because}`);
    else if (action === 'pause') pause(cluster, service, 'paused', `update paused ${because}`);
    else rollBack(cluster, service, `update rolled back ${because}`);
    return true;
  }
  return false;
}

function pause(cluster: FakeCluster, service: FakeService, state: 'paused' | 'rollback_paused', message: string): void {
  changeState(cluster, service, { ...service.updateStatus, State: state, Message: message });
  service.update = null;
}

function rollBack(cluster: FakeCluster, service: FakeService, message: string): void {
  if (service.previousSpec === null) return;
  service.spec = service.previousSpec;
  service.registryAuth = service.previousAuth;
  service.previousSpec = null;
  service.specNumber += 1;
  service.update = null;
  changeState(cluster, service, { ...service.updateStatus, State: 'rollback_started', Message: message });
}

function complete(cluster: FakeCluster, service: FakeService): void {
  const isRollback = service.updateStatus?.State === 'rollback_started';
  service.update = null;
  changeState(cluster, service, {
    ...service.updateStatus,
    State: isRollback ? 'rollback_completed' : 'completed',
    Message: isRollback ? 'rollback completed' : 'update completed',
    CompletedAt: new Date().toISOString(),
  });
}

/** Changes the state of the update and tells of the old and the new one. */
export function changeState(
  cluster: FakeCluster,
  service: FakeService,
  status: NonNullable<FakeService['updateStatus']>,
): void {
  const old = service.updateStatus?.State;
  service.updateStatus = status;
  tell(cluster, service, {
    'updatestate.new': status.State ?? '',
    ...(old === undefined ? {} : { 'updatestate.old': old }),
  });
}

function tell(cluster: FakeCluster, service: FakeService, states: { readonly [name: string]: string }): void {
  cluster.touch(service);
  cluster.publish('service', 'update', service.id, { name: service.spec.Name, ...states });
}
