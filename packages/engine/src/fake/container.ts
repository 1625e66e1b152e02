import type { ContainerId } from '@drover/base';
import type { ContainerConfig, ContainerHealth, ContainerStatus, MountPoint } from '../model/container.ts';
import type { HostConfig } from '../model/host-config.ts';
import type { EndpointSettings, PortBinding } from '../model/network.ts';
import type { FakeBehaviour } from './behaviour.ts';
import type { FakeImage } from './image.ts';
import type { OutputLog } from './output-log.ts';
import type { FakeProcess } from './process.ts';

/** One container of the fake; `lifecycle.ts` changes it. */
export interface FakeContainer {
  readonly id: ContainerId;
  name: string;
  readonly image: FakeImage;
  /** Joined with the image's. */
  readonly config: ContainerConfig;
  hostConfig: HostConfig;
  readonly created: Date;
  readonly behaviour: FakeBehaviour;
  readonly mounts: readonly MountPoint[];
  /** By the network's id. */
  readonly endpoints: Map<string, EndpointSettings>;
  /** Contents of `putArchive`, by absolute path. */
  readonly files: Map<string, FakeFile>;
  readonly output: OutputLog;
  status: ContainerStatus;
  exitCode: number;
  error: string;
  startedAt: Date | null;
  finishedAt: Date | null;
  health: ContainerHealth | null;
  restartCount: number;
  readonly publishedPorts: Map<string, readonly PortBinding[]>;
  process: FakeProcess | null;
  readonly timers: Set<NodeJS.Timeout>;
  /** Whether a stop or kill was asked for, which ends the restart policy until the next start. */
  stoppedByUser: boolean;
  /** Told at every end (`exit`) and at the removal. */
  readonly waiters: Set<(moment: 'exit' | 'removed') => void>;
}

export interface FakeFile {
  readonly type: 'file' | 'directory' | 'symlink';
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly data: Uint8Array;
  readonly linkTarget: string;
}

export function isRunning(container: FakeContainer): boolean {
  return container.status === 'running' || container.status === 'paused' || container.status === 'restarting';
}
