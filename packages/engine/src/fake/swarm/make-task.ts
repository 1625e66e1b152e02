import type { NodeId, TaskId } from '@drover/base';
import type { TaskState } from '../../model/task.ts';
import type { FakeCluster } from './cluster.ts';
import type { FakeService, FakeTask } from './objects.ts';

/** What of a service's endpoint makes its tasks: ports on the nodes. */
export function endpointText(service: FakeService): string {
  return JSON.stringify((service.spec.EndpointSpec?.Ports ?? []).filter((port) => port.PublishMode === 'host'));
}

/** Whether a task is of another spec than its service's. */
export function isDirty(service: FakeService, task: FakeTask): boolean {
  if (task.specNumber === service.specNumber) return false;
  return (
    JSON.stringify(task.spec) !== JSON.stringify(service.spec.TaskTemplate ?? {}) ||
    task.endpoint !== endpointText(service)
  );
}

/** Makes a task of a service as it is now. */
export function makeTask(
  cluster: FakeCluster,
  service: FakeService,
  place: { readonly slot: number; readonly nodeId: NodeId | null; readonly desiredState: TaskState },
): FakeTask {
  const isJob = service.spec.Mode?.ReplicatedJob != null || service.spec.Mode?.GlobalJob != null;
  const task: FakeTask = {
    id: cluster.fabric.newId() as TaskId,
    ...cluster.born(),
    serviceId: service.id,
    slot: place.slot,
    nodeId: place.nodeId,
    spec: service.spec.TaskTemplate ?? {},
    endpoint: endpointText(service),
    specNumber: service.specNumber,
    jobIteration: isJob ? service.jobIteration : null,
    status: { Timestamp: new Date().toISOString(), State: 'new', Message: 'created', PortStatus: {} },
    desiredState: place.desiredState,
    containerId: null,
    heldUntil: 0,
    waitsFor: null,
    stopping: false,
  };
  cluster.tasks.set(task.id, task);
  return task;
}

/** Moves a task to a state. */
export function setState(
  cluster: FakeCluster,
  task: FakeTask,
  state: TaskState,
  message: string,
  more: { readonly error?: string; readonly exitCode?: number } = {},
): void {
  const container =
    task.containerId === null
      ? state === 'rejected'
        ? { ContainerStatus: { ContainerID: '', PID: 0, ExitCode: 0 } }
        : {}
      : {
          ContainerStatus: {
            ContainerID: task.containerId,
            PID: state === 'running' ? 4242 : 0,
            ExitCode: more.exitCode ?? 0,
          },
        };
  task.status = {
    Timestamp: new Date().toISOString(),
    State: state,
    Message: message,
    ...(more.error === undefined ? {} : { Err: more.error }),
    ...(container as Pick<FakeTask['status'], 'ContainerStatus'>),
    PortStatus: state === 'running' && task.endpoint !== '[]' ? { Ports: JSON.parse(task.endpoint) } : {},
  };
  cluster.touch(task);
}

/** Changes what is wanted of a task. */
export function setDesired(cluster: FakeCluster, task: FakeTask, desiredState: TaskState): void {
  if (task.desiredState === desiredState) return;
  task.desiredState = desiredState;
  cluster.touch(task);
}
