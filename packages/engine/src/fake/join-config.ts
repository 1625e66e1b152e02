import { type ApiVersion, speaks } from '../api-version.ts';
import type { ContainerConfig, ContainerCreateBody } from '../model/container.ts';
import type { HealthConfig } from '../model/health.ts';
import type { HostConfig } from '../model/host-config.ts';
import type { ImageConfig } from '../model/image.ts';
import { Refusal } from './failure.ts';
import type { FakeImage } from './image.ts';

/** What `inspect` shows as a container's configuration: the body's, joined with the image's as the engine does it. */
export function joinConfig(body: ContainerCreateBody, image: FakeImage, id: string): ContainerConfig {
  const ofImage: ImageConfig = image.definition.config ?? {};
  const noEntrypoint = (body.Entrypoint ?? []).length === 0;
  const command = noEntrypoint && (body.Cmd ?? []).length === 0 ? ofImage.Cmd : body.Cmd;
  const entrypoint = body.Entrypoint ?? ofImage.Entrypoint;
  const cleared = entrypoint?.length === 1 && entrypoint[0] === '';
  const { HostConfig: _host, NetworkingConfig: _networking, ...own } = body;
  return {
    Domainname: '',
    AttachStdin: false,
    AttachStdout: false,
    AttachStderr: false,
    Tty: false,
    OpenStdin: false,
    StdinOnce: false,
    OnBuild: null,
    ...own,
    Hostname: body.Hostname || (body.HostConfig?.NetworkMode === 'host' ? 'fake' : id.slice(0, 12)),
    User: body.User || (ofImage.User ?? ''),
    Env: joinEnvironment(body.Env ?? [], ofImage.Env ?? [defaultPath]),
    Cmd: command ?? null,
    Entrypoint: cleared ? null : (entrypoint ?? null),
    WorkingDir: body.WorkingDir || (ofImage.WorkingDir ?? ''),
    Labels: { ...ofImage.Labels, ...body.Labels },
    Volumes: joinSets(ofImage.Volumes, body.Volumes),
    ...presentOrNothing('ExposedPorts', joinSets(ofImage.ExposedPorts, body.ExposedPorts)),
    ...presentOrNothing('Healthcheck', joinHealth(body.Healthcheck, ofImage.Healthcheck)),
    ...presentOrNothing('StopSignal', body.StopSignal || ofImage.StopSignal),
  };
}

const defaultPath = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

function presentOrNothing<Name extends keyof ContainerConfig>(
  name: Name,
  value: ContainerConfig[Name],
): Pick<ContainerConfig, Name> {
  return (value == null ? {} : { [name]: value }) as Pick<ContainerConfig, Name>;
}

function joinSets(a: ContainerConfig['Volumes'], b: ContainerConfig['Volumes']): ContainerConfig['Volumes'] {
  const joined = { ...a, ...b };
  return Object.keys(joined).length === 0 ? null : joined;
}

function joinEnvironment(own: readonly string[], ofImage: readonly string[]): readonly string[] {
  const nameOf = (entry: string) => entry.split('=', 1)[0];
  const names = new Set(own.map(nameOf));
  const set = own.filter((entry) => entry.includes('='));
  return [...set, ...ofImage.filter((entry) => !names.has(nameOf(entry)))];
}

function joinHealth(
  own: HealthConfig | null | undefined,
  ofImage: HealthConfig | null | undefined,
): HealthConfig | null {
  if (own == null) return ofImage ?? null;
  const merged: { -readonly [K in keyof HealthConfig]: HealthConfig[K] } = { ...ofImage };
  if ((own.Test ?? []).length > 0) merged.Test = own.Test;
  for (const field of ['Interval', 'Timeout', 'Retries', 'StartPeriod', 'StartInterval'] as const) {
    if (own[field]) merged[field] = own[field];
  }
  return merged;
}

/** A host configuration with the engine's defaults, as `inspect` shows it. */
export function completeHostConfig(asked: HostConfig, apiVersion: ApiVersion): HostConfig {
  const named = speaks(apiVersion, '1.44');
  const restart = asked.RestartPolicy;
  if (restart?.Name && restart.Name !== 'on-failure' && (restart.MaximumRetryCount ?? 0) > 0) {
    throw new Refusal('bad-request', "invalid restart policy: maximum retry count can only be used with 'on-failure'");
  }
  return {
    Binds: null,
    ContainerIDFile: '',
    PortBindings: {},
    AutoRemove: false,
    VolumeDriver: '',
    VolumesFrom: null,
    ConsoleSize: [0, 0],
    CapAdd: null,
    CapDrop: null,
    CgroupnsMode: asked.Privileged ? 'host' : 'private',
    Dns: null,
    DnsOptions: null,
    DnsSearch: null,
    ExtraHosts: null,
    GroupAdd: null,
    Cgroup: '',
    Links: null,
    OomScoreAdj: 0,
    PidMode: '',
    Privileged: false,
    PublishAllPorts: false,
    ReadonlyRootfs: false,
    SecurityOpt: null,
    UTSMode: '',
    UsernsMode: '',
    Isolation: '',
    CpuShares: 0,
    Memory: 0,
    NanoCpus: 0,
    CgroupParent: '',
    BlkioWeight: 0,
    CpuPeriod: 0,
    CpuQuota: 0,
    CpuRealtimePeriod: 0,
    CpuRealtimeRuntime: 0,
    CpusetCpus: '',
    CpusetMems: '',
    Devices: null,
    DeviceCgroupRules: null,
    DeviceRequests: null,
    MemoryReservation: 0,
    MemorySwappiness: null,
    OomKillDisable: false,
    PidsLimit: null,
    Ulimits: null,
    CpuCount: 0,
    CpuPercent: 0,
    IOMaximumIOps: 0,
    IOMaximumBandwidth: 0,
    ...asked,
    IpcMode: asked.IpcMode || 'private',
    Runtime: asked.Runtime || 'runc',
    ShmSize: asked.ShmSize || 67_108_864,
    MemorySwap: asked.MemorySwap || (asked.Memory ?? 0) * 2,
    NetworkMode:
      !asked.NetworkMode || asked.NetworkMode === 'default' ? (named ? 'bridge' : 'default') : asked.NetworkMode,
    RestartPolicy: { Name: restart?.Name || (named ? 'no' : ''), MaximumRetryCount: restart?.MaximumRetryCount ?? 0 },
    LogConfig: { Type: asked.LogConfig?.Type || 'json-file', Config: asked.LogConfig?.Config ?? {} },
    MaskedPaths: asked.Privileged ? null : (asked.MaskedPaths ?? maskedPaths),
    ReadonlyPaths: asked.Privileged ? null : (asked.ReadonlyPaths ?? readonlyPaths),
  };
}

const maskedPaths = [
  '/proc/asound',
  '/proc/acpi',
  '/proc/interrupts',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/proc/sched_debug',
  '/proc/scsi',
  '/sys/firmware',
  '/sys/devices/virtual/powercap',
];

const readonlyPaths = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'];
