import type { ServiceSpec, UpdateConfig } from '../../model/service.ts';
import type { NetworkAttachmentConfig, TaskSpec } from '../../model/task.ts';
import { Refusal } from '../failure.ts';
import type { FakeWorld } from '../world.ts';
import type { FakeCluster } from './cluster.ts';

/** A service's spec as the managers keep it: ids of networks, their defaults, nothing that is empty. */
export function completeServiceSpec(cluster: FakeCluster, world: FakeWorld, spec: ServiceSpec): ServiceSpec {
  const { Mode, TaskTemplate, UpdateConfig, RollbackConfig, EndpointSpec, Networks } = spec;
  return withoutEmpty({
    Name: spec.Name,
    Labels: spec.Labels ?? {},
    TaskTemplate: completeTaskSpec(cluster, world, TaskTemplate ?? {}, Networks ?? []),
    Mode: completeMode(Mode ?? {}),
    UpdateConfig: UpdateConfig == null ? null : completeUpdate(UpdateConfig),
    RollbackConfig: RollbackConfig == null ? null : completeUpdate(RollbackConfig),
    EndpointSpec:
      EndpointSpec == null
        ? null
        : {
            Mode: EndpointSpec.Mode ?? 'vip',
            Ports: (EndpointSpec.Ports ?? []).map((port) => ({
              ...port,
              Protocol: port.Protocol ?? 'tcp',
              PublishMode: port.PublishMode ?? 'ingress',
            })),
          },
  });
}

function completeTaskSpec(
  cluster: FakeCluster,
  world: FakeWorld,
  task: TaskSpec,
  networksOfService: readonly NetworkAttachmentConfig[],
): TaskSpec {
  const networks = (task.Networks ?? []).length > 0 ? (task.Networks ?? []) : networksOfService;
  const restart = task.RestartPolicy;
  return {
    ...task,
    ContainerSpec: withoutEmpty({ ...task.ContainerSpec, Isolation: task.ContainerSpec?.Isolation || 'default' }),
    RestartPolicy:
      restart == null
        ? null
        : { ...restart, Condition: restart.Condition ?? 'any', MaxAttempts: restart.MaxAttempts ?? 0 },
    Networks: networks.map((network) => ({ ...network, Target: networkId(cluster, world, network.Target) })),
    ForceUpdate: task.ForceUpdate ?? 0,
    Runtime: task.Runtime || 'container',
  };
}

function networkId(cluster: FakeCluster, world: FakeWorld, target: string): string {
  const shared = cluster.networks.get(target) ?? [...cluster.networks.values()].find(({ Name }) => Name === target);
  const found = shared ?? (['bridge', 'host', 'none'].includes(target) ? world.findNetwork(target) : undefined);
  if (found === undefined) throw new Refusal('server', `network ${target} not found`);
  if (found.Ingress)
    throw new Refusal('bad-request', `Service cannot be explicitly attached to the ingress network "${found.Name}"`);
  return shared === undefined ? target : found.Id;
}

function completeMode(mode: NonNullable<ServiceSpec['Mode']>): NonNullable<ServiceSpec['Mode']> {
  if (mode.Global != null) return { Global: {} };
  if (mode.GlobalJob != null) return { GlobalJob: {} };
  if (mode.ReplicatedJob != null) {
    const MaxConcurrent = mode.ReplicatedJob.MaxConcurrent ?? 1;
    return {
      ReplicatedJob: { MaxConcurrent, TotalCompletions: mode.ReplicatedJob.TotalCompletions ?? MaxConcurrent },
    };
  }
  return { Replicated: { Replicas: mode.Replicated?.Replicas ?? 1 } };
}

function completeUpdate(config: UpdateConfig): UpdateConfig {
  return {
    ...config,
    Parallelism: config.Parallelism ?? 0,
    FailureAction: config.FailureAction || 'pause',
    MaxFailureRatio: config.MaxFailureRatio ?? 0,
    Order: config.Order || 'stop-first',
  };
}

const defaultUpdate: UpdateConfig = {
  Parallelism: 1,
  FailureAction: 'pause',
  Monitor: 5e9,
  MaxFailureRatio: 0,
  Order: 'stop-first',
};

/** What `insertDefaults` adds. */
export function insertDefaults(spec: ServiceSpec): ServiceSpec {
  const task = spec.TaskTemplate ?? {};
  return {
    ...spec,
    TaskTemplate: {
      ...task,
      ContainerSpec: { StopGracePeriod: 10e9, DNSConfig: {}, ...task.ContainerSpec },
      Resources: task.Resources ?? {},
      RestartPolicy: { Condition: 'any', Delay: 5e9, MaxAttempts: 0, ...task.RestartPolicy },
      Placement: task.Placement ?? {},
    },
    UpdateConfig: { ...defaultUpdate, ...spec.UpdateConfig },
    RollbackConfig: { ...defaultUpdate, ...spec.RollbackConfig },
    EndpointSpec: { Mode: 'vip', ...spec.EndpointSpec },
  };
}

/** Maps whose keys and values are the user's. */
const userMaps = new Set(['Labels', 'Options', 'Sysctls', 'DriverOpts']);

/** Without fields that Go leaves out of its JSON, at every depth. */
function withoutEmpty<T extends object>(value: T): T {
  const entries = Object.entries(value).flatMap(([key, inner]): [string, unknown][] => {
    if (inner == null || inner === '' || inner === false || (Array.isArray(inner) && inner.length === 0)) return [];
    if (typeof inner !== 'object' || Array.isArray(inner)) return [[key, inner]];
    if (!userMaps.has(key)) return [[key, withoutEmpty(inner)]];
    return Object.keys(inner).length > 0 || 'TaskTemplate' in value ? [[key, inner]] : [];
  });
  return Object.fromEntries(entries) as T;
}
