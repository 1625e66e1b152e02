import type { ContainerId } from '@drover/base';
import type { HealthConfig } from './health.ts';
import type { HostConfig } from './host-config.ts';
import type { EndpointSettings, PortBinding } from './network.ts';
import type { KeySet, StringMap, Wire } from './wire.ts';

/** The states of the Engine; `stopping` is a word of API 1.52 and newer daemons only in transit. */
export type ContainerStatus = 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';

export type HealthStatus = 'none' | 'starting' | 'healthy' | 'unhealthy';

/** What runs inside a container, apart from its host. In `inspect` it is already joined with the image's own settings. */
export type ContainerConfig = Wire<{
  Hostname: string;
  Domainname: string;
  User: string;
  AttachStdin: boolean;
  AttachStdout: boolean;
  AttachStderr: boolean;
  /** Keys are `80/tcp`. */
  ExposedPorts: KeySet;
  Tty: boolean;
  OpenStdin: boolean;
  StdinOnce: boolean;
  /** `NAME=value`; a bare `NAME` in a create body unsets what the image has. */
  Env: readonly string[];
  /** Absent inherits the image's, `[]` also inherits; clearing it needs an `Entrypoint`. */
  Cmd: readonly string[];
  Healthcheck: HealthConfig;
  ArgsEscaped: boolean;
  /** In a create body the reference to run; in `inspect` the text that was given at creation. */
  Image: string;
  /** Anonymous volumes by path. */
  Volumes: KeySet;
  WorkingDir: string;
  /** Absent inherits the image's; `['']` clears it. */
  Entrypoint: readonly string[];
  NetworkDisabled: boolean;
  /** Up to API 1.43; from 1.44 on it belongs to the endpoint (`EndpointSettings.MacAddress`). */
  MacAddress: string;
  OnBuild: readonly string[];
  Labels: StringMap;
  StopSignal: string;
  /** Seconds until a stop turns into a kill. */
  StopTimeout: number;
  Shell: readonly string[];
}>;

/**
 * The body of a container's creation.
 * Below API 1.44 `EndpointsConfig` may name one network only (the engine answers `bad-request`): create with the primary
 * network, then `networks.connect` the others before the start.
 */
export type ContainerCreateBody = ContainerConfig &
  Wire<{
    HostConfig: HostConfig;
    NetworkingConfig: { readonly EndpointsConfig: { readonly [network: string]: EndpointSettings } };
  }>;

export interface ContainerCreated {
  readonly Id: ContainerId;
  readonly Warnings: readonly string[];
}

export interface HealthProbe {
  readonly Start: string;
  readonly End: string;
  /** 0 healthy, 1 unhealthy, anything else an error of the probe. */
  readonly ExitCode: number;
  readonly Output: string;
}

export interface ContainerHealth {
  readonly Status: HealthStatus;
  readonly FailingStreak: number;
  readonly Log: readonly HealthProbe[] | null;
}

export interface ContainerState {
  readonly Status: ContainerStatus;
  readonly Running: boolean;
  readonly Paused: boolean;
  readonly Restarting: boolean;
  readonly OOMKilled: boolean;
  readonly Dead: boolean;
  readonly Pid: number;
  readonly ExitCode: number;
  /** Why the last start failed, or empty. */
  readonly Error: string;
  /** RFC 3339, `0001-01-01T00:00:00Z` for never. */
  readonly StartedAt: string;
  readonly FinishedAt: string;
  /** Absent without a health check. */
  readonly Health?: ContainerHealth | null;
}

export type MountKind = 'bind' | 'volume' | 'tmpfs' | 'npipe' | 'cluster' | 'image';

/** A mount as it stands in a container. */
export interface MountPoint {
  readonly Type: MountKind;
  /** The volume's name; absent for binds. */
  readonly Name?: string;
  /** The path on the host, or the volume's. */
  readonly Source: string;
  readonly Destination: string;
  readonly Driver?: string;
  readonly Mode: string;
  readonly RW: boolean;
  readonly Propagation: string;
}

export interface NetworkSettings {
  readonly SandboxID: string;
  readonly SandboxKey: string;
  /** Keys are `80/tcp`; `null` is exposed but not published. */
  readonly Ports: { readonly [port: string]: readonly PortBinding[] | null } | null;
  /** By network name. Its addresses are the truth; the copies of the bridge's one level up ended with API 1.52. */
  readonly Networks: { readonly [network: string]: EndpointSettings };
}

/** `GET /containers/{id}/json`. */
export interface ContainerInspect {
  readonly Id: ContainerId;
  readonly Created: string;
  readonly Path: string;
  readonly Args: readonly string[];
  readonly State: ContainerState;
  /** The image's id (`sha256:…`), with `Config.Image` as the text it was asked for by. */
  readonly Image: string;
  /** With a leading slash. */
  readonly Name: string;
  readonly RestartCount: number;
  readonly Driver: string;
  /** The operating system, `linux` or `windows`. */
  readonly Platform: string;
  readonly LogPath?: string | null;
  readonly ExecIDs?: readonly string[] | null;
  readonly HostConfig: HostConfig;
  readonly Mounts: readonly MountPoint[];
  readonly Config: ContainerConfig;
  readonly NetworkSettings: NetworkSettings;
  /** Which manifest of a multi-platform image runs; API 1.48, containerd image store. */
  readonly ImageManifestDescriptor?: ManifestDescriptor | null;
  readonly SizeRw?: number | null;
  readonly SizeRootFs?: number | null;
}

export interface ManifestDescriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly platform?: {
    readonly architecture: string;
    readonly os: string;
    readonly variant?: string;
    readonly 'os.version'?: string;
  } | null;
}

export interface PublishedPort {
  readonly IP?: string;
  readonly PrivatePort: number;
  /** Absent where the port is only exposed. */
  readonly PublicPort?: number;
  readonly Type: 'tcp' | 'udp' | 'sctp';
}

/** One line of `GET /containers/json`. */
export interface ContainerSummary {
  readonly Id: ContainerId;
  /** With a leading slash. */
  readonly Names: readonly string[];
  /** The text the container was asked for by; the image's id once that tag points elsewhere. */
  readonly Image: string;
  readonly ImageID: string;
  readonly Command: string;
  /** Seconds since 1970. */
  readonly Created: number;
  readonly Ports: readonly PublishedPort[];
  readonly Labels: StringMap;
  readonly State: ContainerStatus;
  /** In words: `Up 3 seconds (healthy)`. */
  readonly Status: string;
  readonly HostConfig: { readonly NetworkMode?: string };
  readonly NetworkSettings: { readonly Networks: { readonly [network: string]: EndpointSettings } } | null;
  readonly Mounts: readonly MountPoint[];
  /** API 1.52; before, only in the words of `Status`. */
  readonly Health?: { readonly Status: HealthStatus; readonly FailingStreak: number } | null;
  readonly SizeRw?: number | null;
  readonly SizeRootFs?: number | null;
}

export interface ContainerExit {
  readonly StatusCode: number;
  /** What went wrong in the waiting or the start, or null. */
  readonly Error: string | null;
}

export interface ProcessTable {
  readonly Titles: readonly string[];
  readonly Processes: readonly (readonly string[])[];
}

/** What `stat` says of a path in a container (header `X-Docker-Container-Path-Stat`). */
export interface PathStat {
  readonly name: string;
  readonly size: number;
  /** Go's `os.FileMode`: permission bits below 0o1000, the directory bit is 2 ** 31. */
  readonly mode: number;
  readonly mtime: string;
  readonly linkTarget: string;
}
