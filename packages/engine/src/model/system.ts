import type { ApiVersion } from '../api-version.ts';
import type { ContainerSummary } from './container.ts';
import type { ImageSummary } from './image.ts';
import type { SwarmInfo } from './swarm.ts';
import type { VolumeInspect } from './volume.ts';
import type { StringMap } from './wire.ts';

/** The headers of `/_ping`. */
export interface EnginePing {
  /** The newest version that the engine speaks. */
  readonly apiVersion: ApiVersion;
  readonly osType: 'linux' | 'windows';
  /** `2` where the daemon builds with BuildKit by default. */
  readonly builderVersion: '1' | '2';
  readonly experimental: boolean;
  /** `inactive`, `active/manager`, `active/worker`, `pending`, `locked` or `error`; null on engines before API 1.42. */
  readonly swarm: string | null;
}

export interface EngineVersion {
  readonly Version: string;
  readonly ApiVersion: string;
  readonly MinAPIVersion: string;
  readonly GitCommit: string;
  readonly GoVersion: string;
  readonly Os: string;
  readonly Arch: string;
  readonly KernelVersion?: string;
  readonly Platform: { readonly Name: string };
  readonly Components: readonly {
    readonly Name: string;
    readonly Version: string;
    readonly Details: StringMap | null;
  }[];
}

export interface EngineInfo {
  readonly ID: string;
  readonly Name: string;
  readonly ServerVersion: string;
  readonly OperatingSystem: string;
  readonly OSType: 'linux' | 'windows';
  readonly OSVersion: string;
  readonly Architecture: string;
  readonly KernelVersion: string;
  readonly NCPU: number;
  /** Bytes. */
  readonly MemTotal: number;
  readonly Containers: number;
  readonly ContainersRunning: number;
  readonly ContainersPaused: number;
  readonly ContainersStopped: number;
  readonly Images: number;
  readonly Driver: string;
  readonly DriverStatus: readonly (readonly string[])[] | null;
  readonly DockerRootDir: string;
  readonly LoggingDriver: string;
  readonly CgroupDriver: string;
  readonly CgroupVersion?: string;
  readonly MemoryLimit: boolean;
  readonly SwapLimit: boolean;
  readonly PidsLimit: boolean;
  readonly CpuCfsQuota: boolean;
  readonly CPUShares: boolean;
  readonly CPUSet: boolean;
  readonly OomKillDisable: boolean;
  readonly IPv4Forwarding: boolean;
  readonly Labels: readonly string[] | null;
  readonly Runtimes: { readonly [name: string]: unknown } | null;
  readonly DefaultRuntime: string;
  readonly SecurityOptions: readonly string[] | null;
  readonly LiveRestoreEnabled: boolean;
  readonly Swarm: SwarmInfo;
  readonly Plugins: {
    readonly Volume: readonly string[] | null;
    readonly Network: readonly string[] | null;
    readonly Authorization: readonly string[] | null;
    readonly Log: readonly string[] | null;
  };
  readonly ExperimentalBuild: boolean;
  readonly Warnings: readonly string[] | null;
}

export interface BuildCacheRecord {
  readonly ID: string;
  readonly Type: string;
  readonly Description: string;
  readonly InUse: boolean;
  readonly Shared: boolean;
  /** Bytes. */
  readonly Size: number;
  readonly CreatedAt: string;
  readonly LastUsedAt: string | null;
  readonly UsageCount: number;
}

/** What uses the disk, in one shape for all API versions; sizes in bytes, -1 where the engine did not work them out. */
export interface DiskUsage {
  /** All image layers, each counted once. */
  readonly layersSize: number;
  readonly images: readonly ImageSummary[];
  readonly containers: readonly ContainerSummary[];
  readonly volumes: readonly VolumeInspect[];
  readonly buildCache: readonly BuildCacheRecord[];
}

export interface PruneReport {
  /** Ids or names of what is gone. */
  readonly removed: readonly string[];
  /** Bytes. */
  readonly spaceReclaimed: number;
}
