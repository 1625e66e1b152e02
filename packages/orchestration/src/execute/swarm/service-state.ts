import type { ServiceInspect, TaskInspect } from '@drover/engine';
import { checksHealth } from '../../model/health-test.ts';
import { isCurrentTask } from '../../model/swarm/current-task.ts';
import { settlingMs } from '../starts.ts';
import type { StackView } from './stack-watch.ts';

/** How far a service is. */
export type ServiceState =
  | { readonly state: 'done'; readonly done: number; readonly wanted: number }
  | {
      readonly state: 'waiting';
      readonly done: number;
      readonly wanted: number;
      /** A task that no host can take, in Swarm's own words, if that is what is waited for. */
      readonly unplaced?: TaskInspect;
      /** When it is done unless a task ends before, on the clock of `performance.now`: tasks only have to run on until then. */
      readonly settledAt?: number;
    }
  | {
      readonly state: 'failed';
      readonly why: 'ended' | 'rejected' | 'update';
      /** The one that tells why. */
      readonly task?: TaskInspect;
      /** How often tasks in its place ended. */
      readonly times: number;
    };

export interface JudgeRequest {
  readonly service: ServiceInspect;
  readonly view: StackView;
  readonly condition: 'running' | 'healthy' | 'completed';
  /** Ids of tasks that had ended before anything was done. */
  readonly endedBefore: ReadonlySet<string>;
  /** Milliseconds for which tasks without a health check must have run. */
  readonly settleMs: number;
  /** On the clock of `performance.now`. */
  readonly now: number;
}

/** Ends of a task in one place after which it is not given another chance. */
const endsBorne = 3;

/** Refusals that no other try changes. */
const lastingRefusal = /^No such image: |^invalid mount config |^invalid reference format|pull access denied/;

/** Judges a service by its tasks of the current version. */
export function judgeService(request: JudgeRequest): ServiceState {
  const { service, view, condition, endedBefore } = request;
  const all = view.tasks.get(service.ID) ?? [];
  const current = all.filter((task) => isCurrentTask(task, service));
  const fresh = current.filter(({ ID }) => !endedBefore.has(ID));
  const failure = failureOf(service, fresh) ?? stoppedUpdate(service, all, fresh);
  if (failure !== undefined) return failure;
  const isJob = service.Spec.Mode?.ReplicatedJob != null || service.Spec.Mode?.GlobalJob != null;
  const wanted = wantedTasks(service, current);
  const good = isJob || condition === 'completed' ? current.filter(isComplete) : current.filter(isGood(service));
  const lastAt = isJob ? request.now : Math.max(request.now, ...good.map((task) => settledAt(request, task)));
  const isUpdating = service.UpdateStatus?.State === 'updating';
  // A service on every host has no tasks in the first moment; one that fits no host never has any.
  const isBegun = wanted > 0 || !isEverywhere(service);
  const counts = { done: Math.min(good.length, wanted), wanted };
  if (good.length >= wanted && isBegun && !isUpdating)
    return lastAt > request.now ? { state: 'waiting', ...counts, settledAt: lastAt } : { state: 'done', ...counts };
  const unplaced = current.find(({ Status }) => Status.State === 'pending' && (Status.Err ?? '') !== '');
  return { state: 'waiting', ...counts, ...(unplaced === undefined ? {} : { unplaced }) };
}

/** Whether the service has a task on every host that fits. */
export function isEverywhere({ Spec }: ServiceInspect): boolean {
  return Spec.Mode?.Global != null || Spec.Mode?.GlobalJob != null;
}

function wantedTasks(service: ServiceInspect, current: readonly TaskInspect[]): number {
  const { Replicated, ReplicatedJob } = service.Spec.Mode ?? {};
  if (Replicated != null) return Replicated.Replicas ?? 1;
  if (ReplicatedJob != null) return ReplicatedJob.TotalCompletions ?? ReplicatedJob.MaxConcurrent ?? 1;
  if (service.Spec.Mode?.GlobalJob != null) return new Set(current.map(({ NodeID }) => NodeID)).size;
  const meant = current.filter(({ DesiredState }) => DesiredState === 'running' || DesiredState === 'ready');
  return Math.max(service.ServiceStatus?.DesiredTasks ?? 0, meant.length);
}

/** It runs, or it has done its work and is not made to start again. */
function isGood({ Spec }: ServiceInspect): (task: TaskInspect) => boolean {
  const condition = Spec.TaskTemplate?.RestartPolicy?.Condition ?? 'any';
  return (task) =>
    (task.Status.State === 'running' && task.DesiredState === 'running') || (condition !== 'any' && isComplete(task));
}

function isComplete({ Status }: TaskInspect): boolean {
  return Status.State === 'complete';
}

/** For how long after it has run for long enough a task may have ended unknown to its manager, and of which tasks more is known. */
export interface Doubt {
  readonly unsureMs: number;
  /** Ids of those that ran before anything was done, or whose host was asked since they have run for long enough. */
  readonly sure: ReadonlySet<string>;
}

/** The tasks without a health check that run by what their manager says, and may have ended all the same. */
export function doubtfulTasks(
  request: Pick<JudgeRequest, 'service' | 'view' | 'settleMs'>,
  { unsureMs, sure }: Doubt,
): readonly TaskInspect[] {
  const { service, view } = request;
  const now = performance.now();
  const tasks = (view.tasks.get(service.ID) ?? []).filter((task) => isCurrentTask(task, service));
  return tasks.filter((task) => {
    const at = settledAt({ ...request, now }, task);
    return Number.isFinite(at) && (at > now - unsureMs || !sure.has(task.ID));
  });
}

/** When a task has run for long enough; nothing is waited for where its health is checked, or it has done its work. */
function settledAt(
  { service, view, settleMs, now }: Pick<JudgeRequest, 'service' | 'view' | 'settleMs' | 'now'>,
  { ID, Status }: TaskInspect,
): number {
  const { Test } = service.Spec.TaskTemplate?.ContainerSpec?.Healthcheck ?? {};
  if (checksHealth(Test) || Status.State !== 'running') return Number.NEGATIVE_INFINITY;
  const { since, tookMs } = view.running.get(ID) ?? { since: now, tookMs: 0 };
  return since + settlingMs(settleMs, tookMs);
}

/** The task of the current version that tells best why the service does not run as it should; undefined where none failed. */
export function failedTask(service: ServiceInspect, tasks: readonly TaskInspect[]): TaskInspect | undefined {
  const current = tasks.filter((task) => isCurrentTask(task, service));
  return mostTelling(current.filter(isFailedEnd(service)));
}

type Failed = Extract<ServiceState, { readonly state: 'failed' }>;

function failureOf(service: ServiceInspect, fresh: readonly TaskInspect[]): Failed | undefined {
  const ended = fresh.filter(isFailedEnd(service));
  const rejected = ended.find(({ Status }) => Status.State === 'rejected' && lastingRefusal.test(Status.Err ?? ''));
  if (rejected !== undefined) return { state: 'failed', why: 'rejected', task: rejected, times: 1 };
  const places = Map.groupBy(ended, ({ Slot, NodeID }) => Slot ?? NodeID);
  const limit = endsAllowed(service);
  for (const tasks of places.values()) {
    const task = mostTelling(tasks);
    if (tasks.length >= limit && task !== undefined)
      return {
        state: 'failed',
        why: task.Status.State === 'rejected' ? 'rejected' : 'ended',
        task,
        times: tasks.length,
      };
  }
  return undefined;
}

/** Swarm gave the update up, or undid it. */
function stoppedUpdate(
  service: ServiceInspect,
  all: readonly TaskInspect[],
  fresh: readonly TaskInspect[],
): Failed | undefined {
  const { State = '', Message = '' } = service.UpdateStatus ?? {};
  if (State !== 'paused' && !State.startsWith('rollback')) return undefined;
  const id = /\btask (\w+)/.exec(Message)?.[1];
  const named = all.find(({ ID }) => ID === id);
  // Swarm also names one that it stopped itself, because of another.
  const task = named === undefined || isComplete(named) ? mostTelling(fresh.filter(isFailedEnd(service))) : named;
  return { state: 'failed', why: 'update', ...(task === undefined ? {} : { task }), times: 1 };
}

/** Of a service that is always started again, an end with code 0 is one like any other. */
function isFailedEnd({ Spec }: ServiceInspect): (task: TaskInspect) => boolean {
  const isJob = Spec.Mode?.ReplicatedJob != null || Spec.Mode?.GlobalJob != null;
  const restarts = !isJob && (Spec.TaskTemplate?.RestartPolicy?.Condition ?? 'any') === 'any';
  return ({ Status: { State } }) => State === 'failed' || State === 'rejected' || (restarts && State === 'complete');
}

function endsAllowed({ Spec }: ServiceInspect): number {
  const { Condition, MaxAttempts } = Spec.TaskTemplate?.RestartPolicy ?? {};
  if (Condition === 'none') return 1;
  return MaxAttempts ? Math.min(endsBorne, MaxAttempts + 1) : endsBorne;
}

/** The latest that failed, else the latest: one that was stopped ended well, and says nothing of why. */
function mostTelling(tasks: readonly TaskInspect[]): TaskInspect | undefined {
  const [told] = [...tasks].sort(
    (a, b) => Number(isComplete(a)) - Number(isComplete(b)) || (timeOf(a) < timeOf(b) ? 1 : -1),
  );
  return told;
}

function timeOf({ Status, UpdatedAt }: TaskInspect): string {
  return Status.Timestamp ?? UpdatedAt;
}
