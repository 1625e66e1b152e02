import type { Service } from '@drover/compose';
import type {
  Privileges,
  ServiceSpec,
  ServiceUpdateConfig,
  TaskContainer,
  TaskPlacement,
  TaskResources,
  TaskRestartPolicy,
} from '../../../model/swarm/service-spec.ts';
import {
  type Canonical,
  capabilities,
  count,
  flag,
  health,
  limits,
  list,
  map,
  set,
  text,
} from '../../compare/canonical.ts';
import { standingMode } from '../spec/task-mode.ts';

/** One setting, read alike from the wanted service and from the one that stands; undefined is what Swarm does by itself. */
export interface ServiceRule {
  /** In the words of causes. */
  readonly field: string;
  read(spec: ServiceSpec): Canonical;
  /** A change of it makes the tasks anew. */
  readonly ofTasks: boolean;
  /** The values are no secret. */
  readonly shown?: true;
  /** It is compared only where the author asks for it. */
  readonly asked?: (service: Service) => boolean;
}

const second = 1e9;

const container = (spec: ServiceSpec): TaskContainer => spec.TaskTemplate?.ContainerSpec ?? {};
const placement = (spec: ServiceSpec): TaskPlacement => spec.TaskTemplate?.Placement ?? {};
const resources = (spec: ServiceSpec): TaskResources => spec.TaskTemplate?.Resources ?? {};

const ofTasks = (field: string, read: ServiceRule['read'], more: Partial<ServiceRule> = {}): ServiceRule => ({
  field,
  read,
  ofTasks: true,
  ...more,
});
const ofService = (field: string, read: ServiceRule['read'], more: Partial<ServiceRule> = {}): ServiceRule => ({
  field,
  read,
  ofTasks: false,
  ...more,
});

const shown = { shown: true } as const;

/** Every setting that is a value by itself. What has names of its own (variables, mounts, ports, …) is compared by name. */
export const serviceRules: readonly ServiceRule[] = [
  ofTasks('entry point', (spec) => list(container(spec).Command)),
  ofTasks('command', (spec) => list(container(spec).Args)),
  ofTasks('hostname', (spec) => text(container(spec).Hostname), shown),
  ofTasks('working directory', (spec) => text(container(spec).Dir), shown),
  ofTasks('user', (spec) => text(container(spec).User), shown),
  ofTasks('groups', (spec) => set(container(spec).Groups)),
  ofTasks('security options', (spec) => privileges(container(spec).Privileges)),
  ofTasks('init', (spec) => own(container(spec).Init), shown),
  ofTasks('stop signal', (spec) => text(container(spec).StopSignal), shown),
  ofTasks('stop grace period', (spec) => unless(10 * second, container(spec).StopGracePeriod)),
  ofTasks('terminal', (spec) => flag(container(spec).TTY)),
  ofTasks('standard input', (spec) => flag(container(spec).OpenStdin)),
  ofTasks('read-only file system', (spec) => flag(container(spec).ReadOnly)),
  ofTasks('health check', (spec) => health(container(spec).Healthcheck)),
  ofTasks('extra hosts', (spec) => set(container(spec).Hosts)),
  ofTasks('DNS servers', (spec) => list(container(spec).DNSConfig?.Nameservers)),
  ofTasks('DNS search domains', (spec) => list(container(spec).DNSConfig?.Search)),
  ofTasks('DNS options', (spec) => list(container(spec).DNSConfig?.Options)),
  ofTasks('isolation', (spec) => unlessWord('default', container(spec).Isolation), shown),
  ofTasks('kernel parameters', (spec) => map(container(spec).Sysctls)),
  ofTasks('added capabilities', (spec) => capabilities(container(spec).CapabilityAdd)),
  ofTasks('dropped capabilities', (spec) => capabilities(container(spec).CapabilityDrop)),
  ofTasks('resource limits (ulimits)', (spec) => limits(container(spec).Ulimits)),
  ofTasks('OOM score', (spec) => count(container(spec).OomScoreAdj), shown),
  ofTasks('CPU limit', (spec) => cores(resources(spec).Limits?.NanoCPUs), shown),
  ofTasks('memory limit', (spec) => count(resources(spec).Limits?.MemoryBytes), shown),
  ofTasks('process limit', (spec) => count(resources(spec).Limits?.Pids), shown),
  ofTasks('reserved CPU', (spec) => cores(resources(spec).Reservations?.NanoCPUs), shown),
  ofTasks('reserved memory', (spec) => count(resources(spec).Reservations?.MemoryBytes), shown),
  ofTasks('reserved generic resources', (spec) => generic(resources(spec).Reservations)),
  ofTasks('swap limit', (spec) => own(resources(spec).SwapBytes), shown),
  ofTasks('swappiness', (spec) => own(resources(spec).MemorySwappiness), shown),
  ofTasks('restart policy', (spec) => restart(spec.TaskTemplate?.RestartPolicy), shown),
  ofTasks('placement constraints', (spec) => constraints(placement(spec).Constraints)),
  ofTasks('placement preferences', (spec) =>
    list(placement(spec).Preferences?.map((each) => each.Spread?.SpreadDescriptor ?? '')),
  ),
  ofTasks('replicas per host', (spec) => count(placement(spec).MaxReplicas), shown),
  ofTasks(
    'platform',
    (spec) => set(placement(spec).Platforms?.map(({ OS, Architecture }) => `${OS}/${Architecture}`)),
    {
      ...shown,
      asked: ({ platform = '' }) => platform !== '',
    },
  ),
  ofTasks('logging', (spec) => logging(spec)),
  ofTasks('endpoint mode', (spec) => unlessWord('vip', spec.EndpointSpec?.Mode), shown),
  ofService('replicas', (spec) => replicas(spec), shown),
  ofService('update settings', (spec) => updates(spec.UpdateConfig), {
    asked: ({ deploy }) => deploy?.update_config !== undefined,
  }),
  ofService('update order', (spec) => unlessWord('stop-first', spec.UpdateConfig?.Order), {
    ...shown,
    asked: ({ deploy }) => (deploy?.update_config?.order ?? '') !== '',
  }),
  ofService(
    'rollback settings',
    ({ RollbackConfig }) => [
      updates(RollbackConfig),
      unlessWord('pause', RollbackConfig?.FailureAction),
      unlessWord('stop-first', RollbackConfig?.Order),
    ],
    { asked: ({ deploy }) => deploy?.rollback_config !== undefined },
  ),
];

function own(value: boolean | number | null | undefined): Canonical {
  return value === null || value === undefined ? undefined : String(value);
}

function unless(usual: number, value: number | null | undefined): Canonical {
  return value === usual ? undefined : own(value);
}

function unlessWord(usual: string, value: string | null | undefined): Canonical {
  return value === usual ? undefined : text(value);
}

/** Compose counts cores in single precision, docker exactly: a millionth of a core apart is nothing. */
function cores(nano: number | null | undefined): Canonical {
  return count(Math.round((nano ?? 0) / 1000) / 1e6);
}

function privileges(wanted: Privileges | null | undefined): Canonical {
  const { SELinuxContext: label, CredentialSpec: account, Seccomp, AppArmor, NoNewPrivileges } = wanted ?? {};
  const parts = [
    NoNewPrivileges === true,
    unlessWord('default', Seccomp?.Mode),
    unlessWord('default', AppArmor?.Mode),
    label?.Disable === true,
    ...[label?.User, label?.Role, label?.Type, label?.Level].map(text),
    ...[account?.Config, account?.File, account?.Registry].map(text),
  ];
  return parts.every((part) => part === false || part === undefined) ? undefined : parts.map((part) => part ?? '');
}

function generic(reserved: TaskResources['Reservations']): Canonical {
  return set(
    reserved?.GenericResources?.map(({ DiscreteResourceSpec: some, NamedResourceSpec: one }) =>
      some ? `${some.Kind}=${some.Value}` : `${one?.Kind}:${one?.Value}`,
    ),
  );
}

function restart(policy: TaskRestartPolicy | null | undefined): Canonical {
  const { Condition, Delay, MaxAttempts, Window } = policy ?? {};
  const words = [
    Condition || 'any',
    ...((Delay ?? 5 * second) === 5 * second ? [] : [`after ${(Delay ?? 0) / second}s`]),
    ...(MaxAttempts ? [`at most ${MaxAttempts} times`] : []),
    ...(Window ? [`within ${Window / second}s`] : []),
  ];
  return words.length === 1 && words[0] === 'any' ? undefined : words.join(' ');
}

function constraints(values: readonly string[] | null | undefined): Canonical {
  return set(values?.map((value) => value.replaceAll(/\s+/g, '')));
}

function logging({ TaskTemplate }: ServiceSpec): Canonical {
  const { Name, Options } = TaskTemplate?.LogDriver ?? {};
  const options = map(Options);
  return text(Name) === undefined && options === undefined ? undefined : [Name ?? '', options ?? []];
}

function replicas({ Mode }: ServiceSpec): Canonical {
  const mode = standingMode(Mode);
  if (mode === 'replicated') return String(Mode?.Replicated?.Replicas ?? 1);
  return mode === 'replicated-job' ? String(Mode?.ReplicatedJob?.TotalCompletions ?? 1) : undefined;
}

function updates(config: ServiceUpdateConfig | null | undefined): Canonical {
  const { Parallelism, Delay, Monitor, MaxFailureRatio } = config ?? {};
  return [Parallelism ?? 0, Delay ?? 0, Monitor || 5 * second, MaxFailureRatio ?? 0];
}
