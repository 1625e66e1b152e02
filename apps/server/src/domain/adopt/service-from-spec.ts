import {
  type DeployConfig,
  formatDuration,
  type Service,
  type ServiceNetwork,
  type ServiceVolume,
} from '@drover/compose';
import type { HealthConfig, Mount, ServiceSpec, ServiceUpdateConfig, TaskContainer } from '@drover/orchestration';
import { dropEmpty } from './drop-empty.ts';
import { ownLabels } from './own-labels.ts';

export interface SpecNames {
  /** The service's key in the project. */
  readonly name: string;
  /** The name of a network by what a task names it. */
  readonly networkName: (target: string) => string;
  /** The key of a network by what a task names it. */
  readonly networkKey: (target: string) => string;
  readonly volumeKey: (mount: Mount) => string;
}

/** What a Compose file would have to say to make this service of a Swarm. */
export function serviceFromSpec(spec: ServiceSpec, names: SpecNames): Service {
  const container = spec.TaskTemplate?.ContainerSpec ?? {};
  const { stack, ...own } = imageNames(spec, container);
  return dropEmpty({
    image: stack ?? own.image,
    entrypoint: container.Command ?? null,
    command: container.Args ?? null,
    environment: environment(container.Env),
    labels: ownLabels(container.Labels),
    hostname: container.Hostname ? plain(container.Hostname) : undefined,
    user: container.User || undefined,
    working_dir: container.Dir || undefined,
    group_add: container.Groups ?? [],
    init: container.Init ?? undefined,
    tty: container.TTY || undefined,
    stdin_open: container.OpenStdin || undefined,
    read_only: container.ReadOnly || undefined,
    stop_signal: container.StopSignal || undefined,
    stop_grace_period: container.StopGracePeriod == null ? undefined : duration(container.StopGracePeriod),
    healthcheck: healthcheck(container.Healthcheck),
    extra_hosts: (container.Hosts ?? []).map((entry) => entry.split(' ').reverse().join('=')),
    dns: container.DNSConfig?.Nameservers ?? [],
    dns_search: container.DNSConfig?.Search ?? [],
    dns_opt: container.DNSConfig?.Options ?? [],
    sysctls: container.Sysctls ?? {},
    cap_add: container.CapabilityAdd ?? [],
    cap_drop: container.CapabilityDrop ?? [],
    ulimits: Object.fromEntries(
      (container.Ulimits ?? []).map(({ Name, Soft, Hard }) => [Name, { soft: Soft, hard: Hard }]),
    ),
    isolation: container.Isolation || undefined,
    oom_score_adj: container.OomScoreAdj || undefined,
    volumes: (container.Mounts ?? []).map((mount) => volume(mount, names)),
    secrets: (container.Secrets ?? []).map(({ SecretName, File }) => fileReference(SecretName, File)),
    configs: (container.Configs ?? [])
      .filter(({ Runtime }) => Runtime == null)
      .map(({ ConfigName, File }) => fileReference(ConfigName, File)),
    ports: (spec.EndpointSpec?.Ports ?? []).map(({ Protocol, TargetPort, PublishedPort, PublishMode }) =>
      dropEmpty({
        mode: PublishMode || 'ingress',
        target: TargetPort ?? 0,
        published: PublishedPort ? String(PublishedPort) : undefined,
        protocol: Protocol || 'tcp',
      }),
    ),
    ...networking(spec, names),
    logging: logging(spec),
    deploy: deployConfig(spec),
  }) as Service;
}

/** The image by the name that `docker stack` keeps of it, else as the task names it, without the digest that Swarm adds to a tag. */
function imageNames(spec: ServiceSpec, { Image }: TaskContainer): { stack?: string; image: string | undefined } {
  const stack = spec.Labels?.['com.docker.stack.image'];
  const image = Image?.replace(/^(.+:[^/@]+)@sha256:[0-9a-f]{64}$/, '$1');
  return stack === undefined ? { image } : { stack, image };
}

function networking(
  { TaskTemplate, Networks }: ServiceSpec,
  { name, networkName, networkKey }: SpecNames,
): Partial<Service> {
  const joined = TaskTemplate?.Networks ?? Networks ?? [];
  const networks: Record<string, ServiceNetwork | null> = {};
  for (const { Target, Aliases, DriverOpts } of joined) {
    const network = networkName(Target ?? '');
    if (network === 'host' || network === 'bridge') return { network_mode: network };
    const settings: ServiceNetwork = dropEmpty({
      aliases: (Aliases ?? []).filter((alias) => alias !== name),
      driver_opts: DriverOpts ?? {},
    });
    networks[networkKey(Target ?? '')] = Object.keys(settings).length === 0 ? null : settings;
  }
  return { networks };
}

function deployConfig(spec: ServiceSpec): DeployConfig {
  const { Resources, RestartPolicy, Placement } = spec.TaskTemplate ?? {};
  const { Replicated, Global, ReplicatedJob, GlobalJob } = spec.Mode ?? {};
  const mode = Global ? 'global' : ReplicatedJob ? 'replicated-job' : GlobalJob ? 'global-job' : undefined;
  const replicas = Replicated?.Replicas ?? ReplicatedJob?.TotalCompletions ?? undefined;
  return {
    ...dropEmpty({
      mode,
      replicas: replicas === 1 && mode === undefined ? undefined : replicas,
      labels: ownLabels(spec.Labels),
      endpoint_mode: spec.EndpointSpec?.Mode === 'dnsrr' ? 'dnsrr' : undefined,
      update_config: updateConfig(spec.UpdateConfig),
      rollback_config: updateConfig(spec.RollbackConfig),
      restart_policy:
        RestartPolicy == null
          ? undefined
          : dropEmpty({
              condition: RestartPolicy.Condition || undefined,
              delay: RestartPolicy.Delay == null ? undefined : duration(RestartPolicy.Delay),
              max_attempts: RestartPolicy.MaxAttempts || undefined,
              window: RestartPolicy.Window ? duration(RestartPolicy.Window) : undefined,
            }),
    }),
    resources: dropEmpty({
      limits: dropEmpty({
        cpus: Resources?.Limits?.NanoCPUs ? Resources.Limits.NanoCPUs / 1e9 : undefined,
        memory: bytes(Resources?.Limits?.MemoryBytes),
        pids: Resources?.Limits?.Pids || undefined,
      }),
      reservations: dropEmpty({
        cpus: Resources?.Reservations?.NanoCPUs ? Resources.Reservations.NanoCPUs / 1e9 : undefined,
        memory: bytes(Resources?.Reservations?.MemoryBytes),
        generic_resources: (Resources?.Reservations?.GenericResources ?? []).flatMap(
          ({ DiscreteResourceSpec: some }) =>
            some == null ? [] : [{ discrete_resource_spec: { kind: some.Kind ?? '', value: some.Value ?? 0 } }],
        ),
      }),
    }),
    placement: dropEmpty({
      constraints: Placement?.Constraints ?? [],
      preferences: (Placement?.Preferences ?? []).map(({ Spread }) => ({ spread: Spread?.SpreadDescriptor ?? '' })),
      max_replicas_per_node: Placement?.MaxReplicas || undefined,
    }),
  };
}

function updateConfig(config: ServiceUpdateConfig | null | undefined): DeployConfig['update_config'] {
  if (config == null) return undefined;
  return dropEmpty({
    parallelism: config.Parallelism ?? undefined,
    delay: config.Delay ? duration(config.Delay) : undefined,
    failure_action: config.FailureAction || undefined,
    monitor: config.Monitor ? duration(config.Monitor) : undefined,
    max_failure_ratio: config.MaxFailureRatio || undefined,
    order: config.Order || undefined,
  });
}

function volume(mount: Mount, { volumeKey }: SpecNames): ServiceVolume {
  const { Type: type, Source: source, Target: target, ReadOnly, BindOptions, VolumeOptions, TmpfsOptions } = mount;
  return dropEmpty({
    type,
    source: source ? (type === 'volume' ? volumeKey(mount) : plain(source)) : undefined,
    target: plain(target ?? ''),
    read_only: ReadOnly || undefined,
    bind: dropEmpty({
      propagation: BindOptions?.Propagation || undefined,
      recursive: BindOptions?.NonRecursive === true ? 'disabled' : undefined,
    }),
    volume: dropEmpty({
      nocopy: VolumeOptions?.NoCopy || undefined,
      subpath: VolumeOptions?.Subpath || undefined,
    }),
    tmpfs: dropEmpty({
      size: bytes(TmpfsOptions?.SizeBytes),
      mode: TmpfsOptions?.Mode ?? undefined,
    }),
  }) as ServiceVolume;
}

function fileReference(source: string | null | undefined, file: NonNullable<TaskContainer['Secrets']>[number]['File']) {
  return dropEmpty({
    source: source ?? '',
    target: file?.Name || undefined,
    uid: file?.UID || undefined,
    gid: file?.GID || undefined,
    mode: file?.Mode == null ? undefined : file.Mode.toString(8).padStart(4, '0'),
  });
}

function healthcheck(own: HealthConfig | null | undefined): Service['healthcheck'] {
  if (own == null) return undefined;
  if (own.Test?.[0] === 'NONE') return { disable: true };
  const optional = (value: number | null | undefined) => (value ? duration(value) : undefined);
  return dropEmpty({
    test: own.Test ?? undefined,
    interval: optional(own.Interval),
    timeout: optional(own.Timeout),
    start_period: optional(own.StartPeriod),
    start_interval: optional(own.StartInterval),
    retries: own.Retries || undefined,
  });
}

function logging({ TaskTemplate }: ServiceSpec): Service['logging'] {
  const driver = TaskTemplate?.LogDriver;
  return driver == null ? undefined : dropEmpty({ driver: driver.Name ?? '', options: driver.Options ?? {} });
}

function environment(entries: readonly string[] | null | undefined): Record<string, string | null> {
  return Object.fromEntries(
    (entries ?? []).map((entry) => {
      const equals = entry.indexOf('=');
      return equals < 0 ? [entry, null] : [entry.slice(0, equals), plain(entry.slice(equals + 1))];
    }),
  );
}

/** A text of a service's template that stands for itself. */
function plain(text: string): string {
  return text.replaceAll('{{"{{"}}', '{{');
}

function duration(nanoseconds: number): string {
  return formatDuration(BigInt(nanoseconds));
}

function bytes(value: number | null | undefined): string | undefined {
  return value ? String(value) : undefined;
}
