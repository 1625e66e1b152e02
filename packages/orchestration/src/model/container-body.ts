import type { KeySet, StringMap, Wire } from './wire.ts';

/*
 * What Drover asks of a container, in the Engine API's own spelling, so that a body can be sent and an answer of `inspect`
 * can be compared without a translation. Only what plans write or read is here; planning never imports the engine client.
 */

/** Times are nanoseconds. */
export type HealthConfig = Wire<{
  Test: readonly string[];
  Interval: number;
  Timeout: number;
  Retries: number;
  StartPeriod: number;
  StartInterval: number;
}>;

export type ContainerConfig = Wire<{
  Hostname: string;
  Domainname: string;
  User: string;
  AttachStdin: boolean;
  AttachStdout: boolean;
  AttachStderr: boolean;
  ExposedPorts: KeySet;
  Tty: boolean;
  OpenStdin: boolean;
  StdinOnce: boolean;
  Env: readonly string[];
  Cmd: readonly string[];
  Healthcheck: HealthConfig;
  Image: string;
  Volumes: KeySet;
  WorkingDir: string;
  Entrypoint: readonly string[];
  NetworkDisabled: boolean;
  MacAddress: string;
  Labels: StringMap;
  StopSignal: string;
  StopTimeout: number;
}>;

export type ThrottleDevice = { readonly Path: string; readonly Rate: number };

export type DeviceRequest = Wire<{
  Driver: string;
  Count: number;
  DeviceIDs: readonly string[];
  Capabilities: readonly (readonly string[])[];
  Options: StringMap;
}>;

/** What `docker update` can change while a container runs, and its likes. */
export type Resources = Wire<{
  CpuShares: number;
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
  Devices: readonly Wire<{ PathOnHost: string; PathInContainer: string; CgroupPermissions: string }>[];
  DeviceCgroupRules: readonly string[];
  DeviceRequests: readonly DeviceRequest[];
  MemoryReservation: number;
  MemorySwap: number;
  MemorySwappiness: number;
  NanoCpus: number;
  OomKillDisable: boolean;
  Init: boolean;
  PidsLimit: number;
  Ulimits: readonly { readonly Name: string; readonly Soft: number; readonly Hard: number }[];
  CpuCount: number;
  CpuPercent: number;
}>;

export type RestartPolicy = Wire<{
  Name: '' | 'no' | 'always' | 'unless-stopped' | 'on-failure';
  MaximumRetryCount: number;
}>;

export type MountKind = 'bind' | 'volume' | 'tmpfs' | 'npipe' | 'cluster' | 'image';

export type Mount = Wire<{
  Target: string;
  Source: string;
  Type: MountKind;
  ReadOnly: boolean;
  Consistency: string;
  BindOptions: Wire<{
    Propagation: 'private' | 'rprivate' | 'shared' | 'rshared' | 'slave' | 'rslave' | '';
    NonRecursive: boolean;
    CreateMountpoint: boolean;
    ReadOnlyNonRecursive: boolean;
    ReadOnlyForceRecursive: boolean;
  }>;
  VolumeOptions: Wire<{
    NoCopy: boolean;
    Labels: StringMap;
    Subpath: string;
    DriverConfig: Wire<{ Name: string; Options: StringMap }>;
  }>;
  ImageOptions: Wire<{ Subpath: string }>;
  /** `Options`, as words and pairs, only a Swarm takes. */
  TmpfsOptions: Wire<{ SizeBytes: number; Mode: number; Options: readonly (readonly string[])[] }>;
  ClusterOptions: Record<string, never>;
}>;

export type PortBinding = Wire<{ HostIp: string; HostPort: string }>;

export type HostConfig = Resources &
  Wire<{
    Binds: readonly string[];
    LogConfig: Wire<{ Type: string; Config: StringMap }>;
    NetworkMode: string;
    PortBindings: { readonly [port: string]: readonly PortBinding[] | null };
    RestartPolicy: RestartPolicy;
    AutoRemove: boolean;
    VolumeDriver: string;
    VolumesFrom: readonly string[];
    Mounts: readonly Mount[];
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
    Links: readonly string[];
    OomScoreAdj: number;
    PidMode: string;
    Privileged: boolean;
    ReadonlyRootfs: boolean;
    SecurityOpt: readonly string[];
    StorageOpt: StringMap;
    Tmpfs: StringMap;
    UTSMode: string;
    UsernsMode: string;
    ShmSize: number;
    Sysctls: StringMap;
    Runtime: string;
    Isolation: 'default' | 'process' | 'hyperv' | '';
    MaskedPaths: readonly string[];
    ReadonlyPaths: readonly string[];
  }>;

export type EndpointSettings = Wire<{
  IPAMConfig: Wire<{ IPv4Address: string; IPv6Address: string; LinkLocalIPs: readonly string[] }>;
  Links: readonly string[];
  MacAddress: string;
  Aliases: readonly string[];
  DriverOpts: StringMap;
  GwPriority: number;
  NetworkID: string;
}>;

/** The body of a container's creation. */
export type ContainerBody = ContainerConfig &
  Wire<{
    HostConfig: HostConfig;
    NetworkingConfig: { readonly EndpointsConfig: { readonly [network: string]: EndpointSettings } };
  }>;

/** What an image gives its containers. */
export type ImageConfig = Wire<{
  User: string;
  ExposedPorts: KeySet;
  Env: readonly string[];
  Cmd: readonly string[];
  Healthcheck: HealthConfig;
  Volumes: KeySet;
  WorkingDir: string;
  Entrypoint: readonly string[];
  Labels: StringMap;
  StopSignal: string;
}>;
