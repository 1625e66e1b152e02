import type { MountKind } from './container.ts';
import type { PortBinding } from './network.ts';
import type { StringMap, Wire } from './wire.ts';

/** The resources of a container that `containers.update` can change while it runs. */
export type Resources = Wire<{
  CpuShares: number;
  /** Bytes. */
  Memory: number;
  CgroupParent: string;
  BlkioWeight: number;
  BlkioWeightDevice: readonly { readonly Path: string; readonly Weight: number }[];
  BlkioDeviceReadBps: readonly ThrottleDevice[];
  BlkioDeviceWriteBps: readonly ThrottleDevice[];
  BlkioDeviceReadIOps: readonly ThrottleDevice[];
  BlkioDeviceWriteIOps: readonly ThrottleDevice[];
  CpuPeriod: number;
  CpuQuota: number;
  CpuRealtimePeriod: number;
  CpuRealtimeRuntime: number;
  CpusetCpus: string;
  CpusetMems: string;
  Devices: readonly DeviceMapping[];
  DeviceCgroupRules: readonly string[];
  DeviceRequests: readonly DeviceRequest[];
  /** Refused since API 1.42, as is `KernelMemoryTCP` from 1.52 on. */
  KernelMemory: number;
  KernelMemoryTCP: number;
  MemoryReservation: number;
  /** Bytes of memory and swap together; -1 is unlimited swap. */
  MemorySwap: number;
  MemorySwappiness: number;
  /** Billionths of a CPU. */
  NanoCpus: number;
  OomKillDisable: boolean;
  Init: boolean;
  PidsLimit: number;
  Ulimits: readonly Ulimit[];
  CpuCount: number;
  CpuPercent: number;
  IOMaximumIOps: number;
  IOMaximumBandwidth: number;
}>;

/** What a container asks of its host. */
export type HostConfig = Resources &
  Wire<{
    /** `source:target[:options]`; the engine makes a bind's missing source folder. */
    Binds: readonly string[];
    ContainerIDFile: string;
    LogConfig: Wire<{ Type: string; Config: StringMap }>;
    /** `bridge`, `host`, `none`, `container:ID` or a network's name: the primary network. */
    NetworkMode: string;
    /** Keys are `80/tcp`. */
    PortBindings: { readonly [port: string]: readonly PortBinding[] | null };
    RestartPolicy: RestartPolicy;
    AutoRemove: boolean;
    VolumeDriver: string;
    VolumesFrom: readonly string[];
    Mounts: readonly Mount[];
    /** Height and width; API 1.42. */
    ConsoleSize: readonly [number, number] | readonly number[];
    /** API 1.43. */
    Annotations: StringMap;
    CapAdd: readonly string[];
    CapDrop: readonly string[];
    CgroupnsMode: 'private' | 'host' | '';
    Dns: readonly string[];
    DnsOptions: readonly string[];
    DnsSearch: readonly string[];
    ExtraHosts: readonly string[];
    GroupAdd: readonly string[];
    IpcMode: string;
    Cgroup: string;
    Links: readonly string[];
    OomScoreAdj: number;
    PidMode: string;
    Privileged: boolean;
    PublishAllPorts: boolean;
    ReadonlyRootfs: boolean;
    SecurityOpt: readonly string[];
    StorageOpt: StringMap;
    Tmpfs: StringMap;
    UTSMode: string;
    UsernsMode: string;
    /** API 1.56. */
    Umask: number;
    ShmSize: number;
    Sysctls: StringMap;
    Runtime: string;
    Isolation: 'default' | 'process' | 'hyperv' | '';
    MaskedPaths: readonly string[];
    ReadonlyPaths: readonly string[];
  }>;

export type RestartPolicy = Wire<{
  /** Empty means `no`. */
  Name: '' | 'no' | 'always' | 'unless-stopped' | 'on-failure';
  MaximumRetryCount: number;
}>;

export interface ThrottleDevice {
  readonly Path: string;
  readonly Rate: number;
}

export type DeviceMapping = Wire<{ PathOnHost: string; PathInContainer: string; CgroupPermissions: string }>;

export type DeviceRequest = Wire<{
  Driver: string;
  /** -1 is all. */
  Count: number;
  DeviceIDs: readonly string[];
  /** An OR list of AND lists. */
  Capabilities: readonly (readonly string[])[];
  Options: StringMap;
}>;

export interface Ulimit {
  readonly Name: string;
  readonly Soft: number;
  readonly Hard: number;
}

/** A mount as it is asked for. */
export type Mount = Wire<{
  Target: string;
  Source: string;
  /** `image` from API 1.48 on. */
  Type: MountKind;
  ReadOnly: boolean;
  Consistency: string;
  BindOptions: Wire<{
    Propagation: 'private' | 'rprivate' | 'shared' | 'rshared' | 'slave' | 'rslave' | '';
    NonRecursive: boolean;
    /** API 1.42; an older engine refuses a missing source. */
    CreateMountpoint: boolean;
    /** API 1.44. */
    ReadOnlyNonRecursive: boolean;
    ReadOnlyForceRecursive: boolean;
  }>;
  VolumeOptions: Wire<{
    NoCopy: boolean;
    Labels: StringMap;
    DriverConfig: Wire<{ Name: string; Options: StringMap }>;
    /** API 1.45. */
    Subpath: string;
  }>;
  /** API 1.48. */
  ImageOptions: Wire<{ Subpath: string }>;
  TmpfsOptions: Wire<{ SizeBytes: number; Mode: number; Options: readonly (readonly string[])[] }>;
}>;
