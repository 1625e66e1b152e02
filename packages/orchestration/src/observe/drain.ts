import { mapBounded } from '@drover/base';
import { type Engine, isEngineError, type NodeInspect, type ServiceInspect, type TaskInspect } from '@drover/engine';
import type { DrainNode, DrainObserved, DrainService } from '../model/cluster/drain.ts';
import { checksHealth } from '../model/health-test.ts';
import { nodeOf } from './cluster.ts';

export interface CollectDrainRequest {
  /** Any manager. */
  readonly manager: Engine;
  /** The host itself; absent where it cannot be asked, and then nothing is known of containers that Swarm does not run. */
  readonly host?: Engine;
  readonly signal?: AbortSignal | undefined;
}

/** On every container of a task. */
const taskLabel = 'com.docker.swarm.task.id';
const serviceLabel = 'com.docker.swarm.service.id';

const imagesAtOnce = 8;

/** How often nodes of which nothing is known yet are asked about again, and the milliseconds in between. */
const nodeTries = 20;
const nodeRetryMs = 500;

/** Reads what a plan for draining a host depends on. */
export async function collectDrain({ manager, host, signal }: CollectDrainRequest): Promise<DrainObserved> {
  const call = { signal };
  const [nodes, services, tasks, containers] = await Promise.all([
    knownNodes(manager, signal),
    manager.services.list(call),
    manager.tasks.list({ ...call, filters: { 'desired-state': ['running'] } }),
    host === undefined ? [] : host.containers.list(call),
  ]);
  const here = new Set(containers.map(({ Labels }) => Labels?.[serviceLabel]));
  const checks = await mapBounded(services, imagesAtOnce, (service) =>
    hasHealthCheck(service, here.has(service.ID) ? host : undefined, signal),
  );
  return {
    nodes: nodes.map(drainNodeOf),
    services: services.map((service, index) => drainServiceOf(service, checks[index] ?? false)),
    tasks: tasks.flatMap(placedTask),
    pinned: containers
      .filter(({ Labels }) => Labels?.[taskLabel] === undefined)
      .map(({ Names }) => (Names[0] ?? '').slice(1)),
  };
}

/** A manager that begins to lead knows of no node whether it is there until it gives a sign of life, which takes some seconds. */
async function knownNodes(manager: Engine, signal: AbortSignal | undefined): Promise<readonly NodeInspect[]> {
  for (let tries = 1; ; tries += 1) {
    const nodes = await manager.nodes.list({ signal });
    if (tries === nodeTries || nodes.every(({ Status }) => Status.State !== 'unknown')) return nodes;
    await new Promise((resolve) => setTimeout(resolve, nodeRetryMs));
    signal?.throwIfAborted();
  }
}

function placedTask({ ID, ServiceID, NodeID }: TaskInspect) {
  return NodeID === undefined ? [] : [{ id: ID, serviceId: ServiceID, nodeId: NodeID }];
}

/** Its own, or that of its image, which the host that runs it knows. */
async function hasHealthCheck({ Spec }: ServiceInspect, host: Engine | undefined, signal: AbortSignal | undefined) {
  const { Image = '', Healthcheck } = Spec.TaskTemplate?.ContainerSpec ?? {};
  const own = Healthcheck?.Test ?? [];
  if (own.length > 0 || host === undefined) return checksHealth(own);
  const image = await host.images.inspect(Image ?? '', { signal }).catch((thrown: unknown) => {
    if (isEngineError(thrown, 'not-found')) return undefined;
    throw thrown;
  });
  return checksHealth(image?.Config?.Healthcheck?.Test);
}

function drainNodeOf(node: NodeInspect): DrainNode {
  const { Resources, Platform, Engine: engine } = node.Description;
  return {
    ...nodeOf(node),
    nanoCpus: Resources?.NanoCPUs ?? 0,
    memoryBytes: Resources?.MemoryBytes ?? 0,
    os: Platform?.OS ?? '',
    architecture: Platform?.Architecture ?? '',
    engineLabels: engine?.Labels ?? {},
  };
}

function drainServiceOf({ ID, Spec, Endpoint }: ServiceInspect, isChecked: boolean): DrainService {
  const task = Spec.TaskTemplate ?? {};
  const order = Spec.UpdateConfig?.Order;
  const { Mode } = Spec;
  return {
    id: ID,
    name: Spec.Name,
    mode:
      Mode?.Global != null ? 'global' : Mode?.ReplicatedJob != null || Mode?.GlobalJob != null ? 'job' : 'replicated',
    replicas: Mode?.Replicated?.Replicas ?? 0,
    ...(order === 'start-first' || order === 'stop-first' ? { order } : {}),
    hasHealthCheck: isChecked,
    constraints: task.Placement?.Constraints ?? [],
    mostPerNode: task.Placement?.MaxReplicas ?? 0,
    nanoCpus: task.Resources?.Reservations?.NanoCPUs ?? 0,
    memoryBytes: task.Resources?.Reservations?.MemoryBytes ?? 0,
    hostPorts: (Endpoint.Spec?.Ports ?? [])
      .filter(({ PublishMode, PublishedPort }) => PublishMode === 'host' && (PublishedPort ?? 0) > 0)
      .map(({ PublishedPort, Protocol }) => `${PublishedPort}/${Protocol ?? 'tcp'}`),
    mounts: (task.ContainerSpec?.Mounts ?? []).flatMap(({ Type, Source, Target, ReadOnly, VolumeOptions }) => {
      const isElsewhere = (VolumeOptions?.DriverConfig?.Name ?? 'local') !== 'local';
      if ((Type !== 'volume' && Type !== 'bind') || isElsewhere) return [];
      return [{ type: Type, source: Source || `of ${Target}`, isWritable: ReadOnly !== true }];
    }),
  };
}
