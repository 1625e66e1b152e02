import { formatDuration, type Service, type ServiceNetwork, type ServicePort } from '@drover/compose';
import {
  composeLabel,
  type HealthConfig,
  type HostConfig,
  type ImageConfig,
  isToolLabel,
  type ObservedContainer,
} from '@drover/orchestration';
import { dropEmpty } from './drop-empty.ts';
import { serviceVolumes, type VolumeNames } from './volumes-from-container.ts';

export interface ServiceRequest {
  readonly project: string;
  readonly name: string;
  /** The containers of the service, in the order of their numbers. */
  readonly containers: readonly ObservedContainer[];
  /** What the image gives by itself; empty where it is gone. */
  readonly image: ImageConfig;
  /** The project's key of a network by its name in the engine. */
  readonly networkKey: (name: string) => string;
  readonly volumes: VolumeNames;
  /** The service whose container has the id. */
  readonly serviceOf: (containerId: string) => string | undefined;
}

/**
 * What a Compose file would have to say to make these containers: what `inspect` tells, without what the image gives and what the
 * tools add.
 */
export function serviceFromContainers(request: ServiceRequest): Service {
  const [container] = request.containers;
  if (container === undefined) return { command: null, entrypoint: null };
  const { Config: config, HostConfig: host } = container;
  const { image } = request;
  const ownName = container.Name.replace(/^\//, '');
  const isPlainName = /^.+[-_]\d+$/.test(ownName) && ownName.startsWith(request.project);
  const entrypoint = sameList(config.Entrypoint, image.Entrypoint) ? null : (config.Entrypoint ?? []);
  return dropEmpty({
    image: config.Image ?? container.Image,
    container_name: isPlainName ? undefined : ownName,
    scale: request.containers.length === 1 ? undefined : request.containers.length,
    command: sameList(config.Cmd, image.Cmd) && entrypoint === null ? null : (config.Cmd ?? []),
    entrypoint,
    environment: environment(config.Env, image.Env),
    labels: labels(config.Labels, image.Labels),
    user: differing(config.User, image.User),
    working_dir: differing(config.WorkingDir, image.WorkingDir),
    hostname: config.Hostname === container.Id.slice(0, 12) ? undefined : config.Hostname || undefined,
    domainname: config.Domainname || undefined,
    tty: config.Tty || undefined,
    stdin_open: config.OpenStdin || undefined,
    stop_signal: differing(config.StopSignal, image.StopSignal),
    stop_grace_period:
      config.StopTimeout == null ? undefined : formatDuration(BigInt(config.StopTimeout) * 1_000_000_000n),
    healthcheck: healthcheck(config.Healthcheck, image.Healthcheck),
    depends_on: dependencies(config.Labels?.[composeLabel.dependsOn]),
    ports: ports(host.PortBindings),
    volumes: serviceVolumes(host, container.Mounts, request.volumes),
    tmpfs: Object.entries(host.Tmpfs ?? {}).map(([path, options]) => (options === '' ? path : `${path}:${options}`)),
    ...networking(container, request),
    ...hostSettings(host),
  });
}

function networking(container: ObservedContainer, request: ServiceRequest): Partial<Service> {
  const mode = container.HostConfig.NetworkMode ?? '';
  if (mode === 'host' || mode === 'none') return { network_mode: mode };
  if (mode.startsWith('container:')) {
    const service = request.serviceOf(mode.slice('container:'.length));
    return { network_mode: service === undefined ? mode : `service:${service}` };
  }
  const own = container.Name.replace(/^\//, '');
  const networks: Record<string, ServiceNetwork | null> = {};
  for (const [name, endpoint] of Object.entries(container.NetworkSettings.Networks)) {
    const given = new Set([request.name, own, container.Id.slice(0, 12)]);
    const aliases = [...new Set((endpoint.Aliases ?? []).filter((alias) => !given.has(alias)))].sort();
    const settings: ServiceNetwork = dropEmpty({
      aliases,
      ipv4_address: endpoint.IPAMConfig?.IPv4Address || undefined,
      ipv6_address: endpoint.IPAMConfig?.IPv6Address || undefined,
      link_local_ips: endpoint.IPAMConfig?.LinkLocalIPs ?? [],
      driver_opts: endpoint.DriverOpts ?? {},
      gw_priority: endpoint.GwPriority || undefined,
    });
    networks[request.networkKey(name)] = Object.keys(settings).length === 0 ? null : settings;
  }
  return { networks };
}

function hostSettings(host: HostConfig): Partial<Service> {
  const logging = host.LogConfig;
  return {
    restart: restart(host.RestartPolicy),
    cap_add: host.CapAdd ?? [],
    cap_drop: host.CapDrop ?? [],
    privileged: host.Privileged === true || undefined,
    read_only: host.ReadonlyRootfs === true || undefined,
    init: host.Init ?? undefined,
    dns: host.Dns ?? [],
    dns_opt: host.DnsOptions ?? [],
    dns_search: host.DnsSearch ?? [],
    extra_hosts: (host.ExtraHosts ?? []).map((entry) => entry.replace(':', '=')),
    group_add: host.GroupAdd ?? [],
    security_opt: host.SecurityOpt ?? [],
    sysctls: host.Sysctls ?? {},
    storage_opt: host.StorageOpt ?? {},
    pid: host.PidMode || undefined,
    ipc: host.IpcMode === 'private' || host.IpcMode === 'shareable' ? undefined : host.IpcMode || undefined,
    uts: host.UTSMode || undefined,
    userns_mode: host.UsernsMode || undefined,
    cgroup_parent: host.CgroupParent || undefined,
    runtime:
      host.Runtime === 'runc' || host.Runtime === 'io.containerd.runc.v2' ? undefined : host.Runtime || undefined,
    isolation: host.Isolation === 'default' ? undefined : host.Isolation || undefined,
    oom_score_adj: host.OomScoreAdj || undefined,
    oom_kill_disable: host.OomKillDisable === true || undefined,
    mem_limit: bytes(host.Memory),
    mem_reservation: bytes(host.MemoryReservation),
    memswap_limit: host.Memory && host.MemorySwap === 2 * host.Memory ? undefined : bytes(host.MemorySwap),
    shm_size: host.ShmSize === 64 * 1024 * 1024 ? undefined : bytes(host.ShmSize),
    cpus: host.NanoCpus ? host.NanoCpus / 1e9 : undefined,
    cpu_shares: host.CpuShares || undefined,
    cpu_period: host.CpuPeriod || undefined,
    cpu_quota: host.CpuQuota || undefined,
    cpuset: host.CpusetCpus || undefined,
    pids_limit: host.PidsLimit || undefined,
    ulimits: Object.fromEntries((host.Ulimits ?? []).map(({ Name, Soft, Hard }) => [Name, { soft: Soft, hard: Hard }])),
    devices: (host.Devices ?? []).map(({ PathOnHost, PathInContainer, CgroupPermissions }) =>
      dropEmpty({
        source: PathOnHost ?? undefined,
        target: PathInContainer ?? undefined,
        permissions: CgroupPermissions || undefined,
      }),
    ),
    device_cgroup_rules: host.DeviceCgroupRules ?? [],
    logging:
      logging?.Type && (logging.Type !== 'json-file' || Object.keys(logging.Config ?? {}).length > 0)
        ? dropEmpty({ driver: logging.Type, options: logging.Config ?? {} })
        : undefined,
  } as Partial<Service>;
}

function restart(policy: HostConfig['RestartPolicy']): string | undefined {
  const { Name, MaximumRetryCount } = policy ?? {};
  if (!Name || Name === 'no') return undefined;
  return Name === 'on-failure' && MaximumRetryCount ? `on-failure:${MaximumRetryCount}` : Name;
}

function ports(bindings: HostConfig['PortBindings']): ServicePort[] {
  return Object.entries(bindings ?? {}).flatMap(([port, places]) => {
    const [target = '', protocol = 'tcp'] = port.split('/');
    return (places ?? []).map((place) =>
      dropEmpty({
        mode: 'ingress',
        target: Number(target),
        protocol,
        published: place.HostPort || undefined,
        host_ip: place.HostIp || undefined,
      }),
    );
  });
}

function healthcheck(
  own: HealthConfig | null | undefined,
  image: HealthConfig | null | undefined,
): Service['healthcheck'] {
  if (own == null || JSON.stringify(own) === JSON.stringify(image)) return undefined;
  if (own.Test?.[0] === 'NONE') return { disable: true };
  const duration = (value: number | null | undefined) => (value ? formatDuration(BigInt(value)) : undefined);
  return dropEmpty({
    test: own.Test ?? undefined,
    interval: duration(own.Interval),
    timeout: duration(own.Timeout),
    start_period: duration(own.StartPeriod),
    start_interval: duration(own.StartInterval),
    retries: own.Retries || undefined,
  });
}

function environment(own: readonly string[] | null | undefined, image: readonly string[] | null | undefined) {
  const given = new Set(image ?? []);
  const entries = (own ?? []).filter((entry) => !given.has(entry)).map(splitEntry);
  return Object.fromEntries(entries);
}

function splitEntry(entry: string): [string, string | null] {
  const equals = entry.indexOf('=');
  return equals < 0 ? [entry, null] : [entry.slice(0, equals), entry.slice(equals + 1)];
}

function labels(own: ObservedContainer['Config']['Labels'], image: ImageConfig['Labels']) {
  return Object.fromEntries(
    Object.entries(own ?? {}).filter(([name, value]) => !isToolLabel(name) && image?.[name] !== value),
  );
}

function dependencies(label: string | undefined): Service['depends_on'] {
  const entries = (label ?? '').split(',').flatMap((part) => {
    const [on, condition = 'service_started', again] = part.split(':');
    if (!on) return [];
    return [[on, { condition, required: true, ...(again === 'true' ? { restart: true } : {}) }] as const];
  });
  return Object.fromEntries(entries) as Service['depends_on'];
}

function sameList(a: readonly string[] | null | undefined, b: readonly string[] | null | undefined): boolean {
  return JSON.stringify(a ?? []) === JSON.stringify(b ?? []);
}

function differing(own: string | null | undefined, image: string | null | undefined): string | undefined {
  return !own || own === image ? undefined : own;
}

function bytes(value: number | null | undefined): string | undefined {
  return value ? String(value) : undefined;
}
