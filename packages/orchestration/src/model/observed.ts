import type { ContainerId } from '@drover/base';
import type { ContainerConfig, EndpointSettings, HostConfig, ImageConfig, MountKind } from './container-body.ts';
import type { Ipam } from './network-body.ts';
import type { StringMap } from './wire.ts';

export type ContainerStatus = 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';

/** What plans read of `GET /containers/{id}/json`; an answer of the engine is one as it comes. */
export interface ObservedContainer {
  readonly Id: ContainerId;
  /** RFC 3339. */
  readonly Created: string;
  /** With a leading slash. */
  readonly Name: string;
  /** The image's id. */
  readonly Image: string;
  readonly RestartCount: number;
  readonly State: {
    readonly Status: ContainerStatus;
    readonly ExitCode: number;
    readonly OOMKilled: boolean;
    readonly StartedAt: string;
    readonly FinishedAt: string;
    readonly Health?: { readonly Status: 'none' | 'starting' | 'healthy' | 'unhealthy' } | null;
  };
  readonly Config: ContainerConfig;
  readonly HostConfig: HostConfig;
  readonly Mounts: readonly {
    readonly Type: MountKind;
    readonly Name?: string;
    readonly Source: string;
    readonly Destination: string;
    readonly RW: boolean;
  }[];
  readonly NetworkSettings: { readonly Networks: { readonly [network: string]: EndpointSettings } };
}

/** A network of the engine, as its list tells it. */
export interface ObservedNetwork {
  readonly Id: string;
  readonly Name: string;
  readonly Driver: string;
  readonly Scope: string;
  readonly EnableIPv4?: boolean;
  readonly EnableIPv6: boolean;
  readonly IPAM: Ipam;
  readonly Internal: boolean;
  readonly Attachable: boolean;
  readonly Options: StringMap | null;
  readonly Labels: StringMap | null;
}

export interface ObservedVolume {
  readonly Name: string;
  readonly Driver: string;
  readonly Labels: StringMap | null;
  readonly Options: StringMap | null;
}

/** A container that is not the project's, as far as it can be in its way. */
export interface ForeignContainer {
  readonly id: ContainerId;
  readonly name: string;
  /** The project whose label it has. */
  readonly project?: string;
  readonly running: boolean;
  /** Names or ids of the networks that it is attached to. */
  readonly networks: readonly string[];
  readonly ports: readonly PublishedPort[];
}

export interface PublishedPort {
  /** Empty is every address. */
  readonly hostIp: string;
  readonly port: number;
  readonly protocol: string;
}

/** What the engine can do, as far as plans depend on it. */
export interface EngineFacts {
  readonly apiVersion: string;
  readonly os: 'linux' | 'windows';
  /** The log driver that a container gets which names none; absent where it was not asked for. */
  readonly loggingDriver?: string;
  readonly cgroupVersion?: 1 | 2;
  /** Whether it is part of a Swarm. */
  readonly swarm?: boolean;
  /** The container runtimes that it knows. */
  readonly runtimes?: readonly string[];
}

/** Everything a plan needs to know about what stands in the engine now. */
export interface Observed {
  readonly project: string;
  /** The project's containers by its label, one-off ones too. */
  readonly containers: readonly ObservedContainer[];
  /** All other containers of the engine. */
  readonly foreign: readonly ForeignContainer[];
  readonly networks: readonly ObservedNetwork[];
  readonly volumes: readonly ObservedVolume[];
  /** The settings of images that containers of the project run and `Desired` does not name, by id; missing where they are gone. */
  readonly images: ReadonlyMap<string, ImageConfig>;
  readonly engine: EngineFacts;
}
