import type { HostConfig } from '../../model/container-body.ts';
import { cleanPath } from '../spec/mounts.ts';
import {
  type Canonical,
  capabilities,
  count,
  deviceRequests,
  devices,
  flag,
  health,
  limits,
  list,
  map,
  ports,
  set,
  text,
  throttles,
  weights,
} from './canonical.ts';
import type { ContainerView } from './container-view.ts';

/**
 * One field of a container that is compared. `read` gives the same for two values that mean the same, and undefined where
 * nothing was asked for. What an engine fills in then is told by `filledIn`: absent, nothing is ever filled in.
 */
export interface FieldRule {
  /** In words, at the start of a cause. */
  readonly field: string;
  readonly read: (view: ContainerView) => Canonical;
  readonly filledIn?: (value: Canonical, view: ContainerView) => boolean;
  /** May be shown in a cause; false where it can hold a secret. */
  readonly shown?: true;
  /** `docker update` changes it behind everybody's back, and can change it back. */
  readonly updatable?: true;
}

const anything = (): boolean => true;
const oneOf =
  (...values: Canonical[]) =>
  (value: Canonical): boolean =>
    values.includes(value);

/** Whether the container borrows its network, and with it names, from elsewhere. */
function borrowsNetwork({ host }: ContainerView): boolean {
  return host.NetworkMode === 'host' || (host.NetworkMode ?? '').startsWith('container:');
}

const fields: readonly FieldRule[] = [
  {
    field: 'hostname',
    read: ({ config }) => text(config.Hostname),
    filledIn: (value, view) => borrowsNetwork(view) || view.host.UTSMode === 'host' || value === view.id.slice(0, 12),
    shown: true,
  },
  {
    field: 'domain name',
    read: ({ config }) => text(config.Domainname),
    filledIn: (_, view) => borrowsNetwork(view),
    shown: true,
  },
  { field: 'user', read: ({ config }) => text(config.User), shown: true },
  {
    field: 'working directory',
    read: ({ config }) => text(config.WorkingDir ? cleanPath(config.WorkingDir) : ''),
    filledIn: oneOf('/'),
    shown: true,
  },
  { field: 'entrypoint', read: ({ config }) => list(config.Entrypoint) },
  { field: 'command', read: ({ config }) => list(config.Cmd) },
  { field: 'terminal', read: ({ config }) => flag(config.Tty) },
  { field: 'open standard input', read: ({ config }) => flag(config.OpenStdin) },
  { field: 'stop signal', read: ({ config }) => text(config.StopSignal), filledIn: oneOf('SIGTERM'), shown: true },
  {
    field: 'stop grace period',
    read: ({ config }) => config.StopTimeout ?? undefined,
    filledIn: oneOf(10),
    shown: true,
  },
  { field: 'exposed ports', read: ({ config }) => ports(config.ExposedPorts) },
  { field: 'health check', read: ({ config }) => health(config.Healthcheck) },
  {
    field: 'MAC address',
    read: ({ config }) => text(config.MacAddress?.toLowerCase()),
    filledIn: anything,
    shown: true,
  },

  { field: 'tmpfs', read: ({ host }) => map(host.Tmpfs) },
  {
    field: 'restart policy',
    read: ({ host }) => {
      const { Name, MaximumRetryCount } = host.RestartPolicy ?? {};
      const name = Name || 'no';
      return name === 'on-failure' && MaximumRetryCount ? `${name}:${MaximumRetryCount}` : name;
    },
    shown: true,
    updatable: true,
  },
  { field: 'added capabilities', read: ({ host }) => capabilities(host.CapAdd) },
  { field: 'dropped capabilities', read: ({ host }) => capabilities(host.CapDrop) },
  { field: 'privileged', read: ({ host }) => flag(host.Privileged) },
  { field: 'read-only root file system', read: ({ host }) => flag(host.ReadonlyRootfs) },
  { field: 'security options', read: ({ host }) => securityOptions(host), filledIn: anything },
  {
    field: 'masked paths',
    read: ({ host }) => (host.MaskedPaths?.length === 0 ? 'none' : undefined),
  },
  { field: 'init process', read: ({ host }) => host.Init ?? undefined, filledIn: oneOf(false) },
  { field: 'IPC mode', read: ({ host }) => text(host.IpcMode), filledIn: oneOf('private', 'shareable') },
  { field: 'PID mode', read: ({ host }) => text(host.PidMode) },
  { field: 'UTS mode', read: ({ host }) => text(host.UTSMode), shown: true },
  {
    field: 'cgroup namespace',
    read: ({ host }) => text(host.CgroupnsMode),
    filledIn: oneOf('host', 'private'),
    shown: true,
  },
  { field: 'user namespace', read: ({ host }) => text(host.UsernsMode), shown: true },
  { field: 'isolation', read: ({ host }) => text(host.Isolation), filledIn: anything, shown: true },
  { field: 'runtime', read: ({ host }) => text(host.Runtime), filledIn: anything, shown: true },
  { field: 'cgroup parent', read: ({ host }) => text(host.CgroupParent), filledIn: anything, shown: true },
  { field: 'volume driver', read: ({ host }) => text(host.VolumeDriver), shown: true },
  { field: 'log driver', read: ({ host }) => text(host.LogConfig?.Type), filledIn: anything, shown: true },
  {
    field: 'log options',
    read: ({ host }) => (text(host.LogConfig?.Type) === undefined ? undefined : map(host.LogConfig?.Config)),
    filledIn: anything,
  },
  { field: 'DNS servers', read: ({ host }) => list(host.Dns) },
  { field: 'DNS search domains', read: ({ host }) => list(host.DnsSearch) },
  { field: 'DNS options', read: ({ host }) => list(host.DnsOptions) },
  { field: 'extra hosts', read: ({ host }) => set(host.ExtraHosts?.map((entry) => entry.replace('=', ':'))) },
  { field: 'supplementary groups', read: ({ host }) => set(host.GroupAdd) },
  { field: 'sysctls', read: ({ host }) => map(host.Sysctls) },
  { field: 'storage options', read: ({ host }) => map(host.StorageOpt) },
  { field: 'annotations', read: ({ host }) => map(host.Annotations), filledIn: anything },
  {
    field: 'shared memory size',
    read: ({ host }) => count(host.ShmSize),
    filledIn: oneOf(67_108_864),
    shown: true,
  },
  { field: 'OOM score', read: ({ host }) => count(host.OomScoreAdj), shown: true },
  { field: 'device rules', read: ({ host }) => set(host.DeviceCgroupRules) },
  { field: 'devices', read: ({ host }) => devices(host.Devices) },
  { field: 'device requests', read: ({ host }) => deviceRequests(host.DeviceRequests) },
  { field: 'ulimits', read: ({ host }) => limits(host.Ulimits) },
];

const resourceFields: readonly FieldRule[] = [
  amount('memory limit', (host) => host.Memory),
  amount('memory reservation', (host) => host.MemoryReservation),
  { ...amount('memory and swap limit', (host) => host.MemorySwap), filledIn: anything },
  {
    field: 'swappiness',
    read: ({ host }) => (host.MemorySwappiness === -1 ? undefined : (host.MemorySwappiness ?? undefined)),
  },
  amount('CPU limit', (host) => host.NanoCpus),
  amount('CPU shares', (host) => host.CpuShares),
  amount('CPU period', (host) => host.CpuPeriod),
  amount('CPU quota', (host) => host.CpuQuota),
  amount('CPU real-time period', (host) => host.CpuRealtimePeriod),
  amount('CPU real-time runtime', (host) => host.CpuRealtimeRuntime),
  amount('CPU count', (host) => host.CpuCount),
  amount('CPU percentage', (host) => host.CpuPercent),
  { field: 'CPU set', read: ({ host }) => text(host.CpusetCpus), shown: true, updatable: true },
  {
    field: 'process limit',
    read: ({ host }) => (host.PidsLimit === -1 ? undefined : count(host.PidsLimit)),
    filledIn: anything,
    shown: true,
    updatable: true,
  },
  { field: 'OOM killer off', read: ({ host }) => flag(host.OomKillDisable) },
  amount('block I/O weight', (host) => host.BlkioWeight),
  { field: 'block I/O device weights', read: ({ host }) => weights(host.BlkioWeightDevice) },
  { field: 'read rate of devices', read: ({ host }) => throttles(host.BlkioDeviceReadBps) },
  { field: 'write rate of devices', read: ({ host }) => throttles(host.BlkioDeviceWriteBps) },
  { field: 'read operations of devices', read: ({ host }) => throttles(host.BlkioDeviceReadIOps) },
  { field: 'write operations of devices', read: ({ host }) => throttles(host.BlkioDeviceWriteIOps) },
];

/** Every field that is compared one by one; environment, labels, mounts, ports and networks have rules of their own. */
export const fieldRules: readonly FieldRule[] = [...fields, ...resourceFields];

function amount(field: string, read: (host: HostConfig) => number | null | undefined): FieldRule {
  return { field, read: ({ host }) => count(read(host)), shown: true, updatable: true };
}

/** Label options are left out: an engine with SELinux adds some of its own. */
function securityOptions(host: HostConfig): Canonical {
  return set(
    host.SecurityOpt?.map((option) => option.replace(/^(seccomp|apparmor|label):/, '$1=')).map((option) =>
      option === 'no-new-privileges:true' || option === 'no-new-privileges=true' ? 'no-new-privileges' : option,
    ),
  );
}
