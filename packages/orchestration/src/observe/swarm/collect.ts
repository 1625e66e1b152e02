import { mapBounded } from '@drover/base';
import {
  type Engine,
  isAway,
  isEngineError,
  type NetworkSummary,
  type ServiceInspect,
  type TaskInspect,
  type TaskState,
} from '@drover/engine';
import type { Desired } from '../../model/desired.ts';
import type { EngineFacts, Observed } from '../../model/observed.ts';
import { isCurrentTask } from '../../model/swarm/current-task.ts';
import type { SwarmDesired } from '../../model/swarm/desired.ts';
import { stackLabel } from '../../model/swarm/labels.ts';
import type { ForeignService, SwarmObserved, TaskSummary } from '../../model/swarm/observed.ts';
import { collectObserved } from '../collect.ts';
import { nodeUsage } from './node-usage.ts';

/** A host of the Swarm whose own engine can be asked. */
export interface SwarmHost {
  /** Its name in the environment. */
  readonly name: string;
  readonly nodeId: string;
  readonly engine: Engine;
  /** What is known of its engine; it is asked where nothing is, which costs it more than all else. */
  readonly facts?: EngineFacts | undefined;
}

export interface CollectSwarmRequest {
  readonly project: string;
  /** What will be planned against it, if anything. */
  readonly desired?: Pick<SwarmDesired, 'images'> | undefined;
  /** Given where a plan depends on what they have, see `concernsHosts`: then their engines are asked too. */
  readonly hosts?: readonly SwarmHost[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

const hostsAtOnce = 8;
const networksAtOnce = 4;

/** How long the engine of one host may take, in milliseconds; a host that does not answer must not stop the others. */
const hostMs = 10_000;

/**
 * Reads what stands in a Swarm of one stack: six lists of a manager, however much stands there, with each network that no
 * list tells, and one more and those of each host where there are pinned containers.
 */
export async function collectSwarmObserved(manager: Engine, request: CollectSwarmRequest): Promise<SwarmObserved> {
  const { project, hosts, signal } = request;
  const filters = { label: [`${stackLabel.namespace}=${project}`] };
  const [services, tasks, networks, secrets, configs, nodes, running, pinned] = await Promise.all([
    manager.services.list({ status: true, signal }),
    manager.tasks.list({ filters, signal }),
    manager.networks.list({ signal }),
    manager.secrets.list({ signal }),
    manager.configs.list({ signal }),
    manager.nodes.list({ signal }),
    hosts === undefined ? undefined : manager.tasks.list({ filters: { 'desired-state': ['running'] }, signal }),
    hosts === undefined ? undefined : collectPinned(hosts, request),
  ]);
  const isOwn = ({ Spec }: ServiceInspect): boolean => Spec.Labels?.[stackLabel.namespace] === project;
  const own = services.filter(isOwn);
  const unlisted = await collectUnlisted(manager, own, networks, signal);
  const reached = hosts?.filter(({ name }) => pinned?.has(name) === true);
  return {
    project,
    services: own,
    foreign: services.filter((service) => !isOwn(service)).map(foreignService),
    networks: [...networks, ...unlisted],
    secrets,
    configs,
    nodes,
    tasks: summarizeTasks(own, tasks),
    ...(running === undefined ? {} : { usage: nodeUsage(running, reached ?? [], pinned ?? new Map()) }),
    ...(reached === undefined ? {} : { hosts: new Map(reached.map(({ nodeId, name }) => [nodeId, name])) }),
    ...(pinned === undefined ? {} : { pinned }),
  };
}

/** Networks of services that no list tells: the `host` and `bridge` that every node has stand in the Swarm under ids of their own. */
async function collectUnlisted(
  manager: Engine,
  services: readonly ServiceInspect[],
  networks: readonly NetworkSummary[],
  signal: AbortSignal | undefined,
): Promise<readonly NetworkSummary[]> {
  const listed = new Set<string>(networks.map(({ Id }) => Id));
  const targets = services.flatMap(({ Spec }) => Spec.TaskTemplate?.Networks ?? Spec.Networks ?? []);
  const ids = new Set(targets.flatMap(({ Target }) => (Target === undefined || listed.has(Target) ? [] : [Target])));
  const found = await mapBounded([...ids], networksAtOnce, async (id) => {
    try {
      return [await manager.networks.inspect(id, { signal })];
    } catch (thrown) {
      if (!isEngineError(thrown, 'not-found')) throw thrown;
      return [];
    }
  });
  return found.flat();
}

/** How far the tasks of each service's current version are, by the service's id. */
export function summarizeTasks(
  services: readonly ServiceInspect[],
  tasks: readonly TaskInspect[],
): ReadonlyMap<string, TaskSummary> {
  const byService = Map.groupBy(tasks, ({ ServiceID }) => ServiceID as string);
  return new Map(services.map((service) => [service.ID, summarize(service, byService.get(service.ID) ?? [])]));
}

const ended: ReadonlySet<TaskState> = new Set(['complete', 'failed', 'rejected', 'shutdown', 'orphaned', 'remove']);

function summarize(service: ServiceInspect, tasks: readonly TaskInspect[]): TaskSummary {
  const { ReplicatedJob, GlobalJob } = service.Spec.Mode ?? {};
  const isJob = ReplicatedJob != null || GlobalJob != null;
  const current = tasks.filter((task) => isCurrentTask(task, service));
  const running = current.filter(
    ({ Status, DesiredState }) => Status.State === 'running' && (isJob || DesiredState === 'running'),
  );
  const places = [...Map.groupBy(current, ({ Slot, NodeID }) => Slot ?? NodeID).values()];
  const hasCompleted = (place: readonly TaskInspect[]): boolean =>
    place.some(({ Status }) => Status.State === 'complete');
  // Where tasks are always started again, one that ended with 0 has done nothing for good.
  const mayEnd = isJob || (service.Spec.TaskTemplate?.RestartPolicy?.Condition ?? 'any') !== 'any';
  const failed = places.filter(
    (place) => !hasCompleted(place) && place.every(({ Status }) => ended.has(Status.State)),
  ).length;
  return {
    running: running.length,
    desired: wantedTasks(service),
    completed: mayEnd ? places.filter(hasCompleted).length : 0,
    ...(isJob ? { failed } : {}),
  };
}

function wantedTasks({ Spec, ServiceStatus }: ServiceInspect): number {
  const { Replicated, ReplicatedJob } = Spec.Mode ?? {};
  if (Replicated != null) return Replicated.Replicas ?? 1;
  if (ReplicatedJob != null) return ReplicatedJob.TotalCompletions ?? ReplicatedJob.MaxConcurrent ?? 1;
  return ServiceStatus?.DesiredTasks ?? 0;
}

function foreignService({ ID, Spec }: ServiceInspect): ForeignService {
  const stack = Spec.Labels?.[stackLabel.namespace];
  const { ContainerSpec, Networks } = Spec.TaskTemplate ?? {};
  const uses = [
    ...(Networks ?? Spec.Networks ?? []).map(({ Target }) => Target),
    ...(ContainerSpec?.Secrets ?? []).map(({ SecretID }) => SecretID as string),
    ...(ContainerSpec?.Configs ?? []).map(({ ConfigID }) => ConfigID as string),
  ];
  return {
    id: ID,
    name: Spec.Name,
    ...(stack === undefined ? {} : { stack }),
    ports: Spec.EndpointSpec?.Ports ?? [],
    uses,
  };
}

/** What stands in the engines of the hosts that answer, by their names. */
async function collectPinned(
  hosts: readonly SwarmHost[],
  { project, desired, signal }: CollectSwarmRequest,
): Promise<ReadonlyMap<string, Observed>> {
  const images: Desired['images'] = new Map(
    [...(desired?.images ?? [])].flatMap(([key, { local }]) => (local === undefined ? [] : [[key, local] as const])),
  );
  const found = await mapBounded(hosts, hostsAtOnce, async ({ name, engine, facts }) => {
    const limit = AbortSignal.timeout(hostMs);
    const both = signal === undefined ? limit : AbortSignal.any([signal, limit]);
    try {
      const observed = await collectObserved(engine, {
        project,
        ...(desired === undefined ? {} : { desired: { images } }),
        facts,
        signal: both,
      });
      return [[name, observed] as const];
    } catch (thrown) {
      signal?.throwIfAborted();
      if (!limit.aborted && !isAway(thrown)) throw thrown;
      return [];
    }
  });
  return new Map(found.flat());
}
