import type { ServiceInspect } from '../../model/service.ts';
import type { TaskInspect } from '../../model/task.ts';
import type { FakeCluster } from './cluster.ts';
import { type FakeService, type FakeTask, hasEnded, isWanted } from './objects.ts';

export function inspectService(service: FakeService): ServiceInspect {
  const isJob = service.spec.Mode?.ReplicatedJob != null || service.spec.Mode?.GlobalJob != null;
  const ports = service.spec.EndpointSpec?.Ports ?? [];
  return {
    ID: service.id,
    Version: { Index: service.version },
    CreatedAt: service.createdAt,
    UpdatedAt: service.updatedAt,
    Spec: service.spec,
    ...(service.previousSpec === null ? {} : { PreviousSpec: service.previousSpec }),
    Endpoint: {
      Spec: service.spec.EndpointSpec ?? {},
      ...(ports.length > 0 ? { Ports: ports } : {}),
    },
    ...(service.updateStatus == null ? {} : { UpdateStatus: service.updateStatus }),
    ...(isJob
      ? {
          JobStatus: {
            JobIteration: service.jobIteration === 0 ? {} : { Index: service.jobIteration },
            LastExecution: service.lastExecution,
          },
        }
      : {}),
  };
}

/** What a list with `status` counts. */
export function serviceStatus(
  cluster: FakeCluster,
  service: FakeService,
): NonNullable<ServiceInspect['ServiceStatus']> {
  const tasks = [...cluster.tasks.values()].filter((task) => task.serviceId === service.id);
  const { Replicated, ReplicatedJob } = service.spec.Mode ?? {};
  const current = tasks.filter((task) => task.jobIteration === null || task.jobIteration === service.jobIteration);
  return {
    RunningTasks: tasks.filter((task) => task.status.State === 'running' && isWanted(task)).length,
    DesiredTasks:
      Replicated?.Replicas ??
      ReplicatedJob?.MaxConcurrent ??
      current.filter((task) => task.desiredState !== 'shutdown' && task.desiredState !== 'remove').length,
    CompletedTasks: current.filter((task) => task.jobIteration !== null && task.status.State === 'complete').length,
  };
}

export function inspectTask(cluster: FakeCluster, task: FakeTask): TaskInspect {
  const { Runtime: _runtime, ...spec } = task.spec;
  const container = containerOf(cluster, task);
  return {
    ID: task.id,
    Version: { Index: task.version },
    CreatedAt: task.createdAt,
    UpdatedAt: task.updatedAt,
    Labels: {},
    Spec: spec,
    ServiceID: task.serviceId,
    ...(task.slot === 0 ? {} : { Slot: task.slot }),
    ...(task.nodeId === null ? {} : { NodeID: task.nodeId }),
    Status: task.status,
    DesiredState: task.desiredState,
    NetworksAttachments: (task.spec.Networks ?? []).map(({ Target }) => {
      const network = cluster.networks.get(Target);
      const address = container?.endpoints.get(Target)?.IPAddress;
      return {
        Network: { ID: Target, Spec: { Name: network?.Name ?? Target, Labels: network?.Labels ?? {}, Scope: 'swarm' } },
        ...(address && !hasEnded(task) ? { Addresses: [`${address}/24`] } : {}),
      };
    }),
    ...(task.jobIteration === null
      ? {}
      : { JobIteration: task.jobIteration === 0 ? {} : { Index: task.jobIteration } }),
  };
}

/** The container of a task, wherever it is. */
export function containerOf(cluster: FakeCluster, task: FakeTask) {
  const node = task.nodeId === null ? undefined : cluster.nodes.get(task.nodeId);
  return node?.member.world.containers.get(task.containerId ?? '');
}
