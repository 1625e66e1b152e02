import type { ServiceId } from '@drover/base';
import type { JobIteration, SwarmObject } from './swarm.ts';
import type { NetworkAttachmentConfig, TaskSpec } from './task.ts';
import type { StringMap, Wire } from './wire.ts';

/** Exactly one of these; `replicated` with one task when none is given. It cannot be changed by an update. */
export type ServiceMode = Wire<{
  Replicated: Wire<{ Replicas: number }>;
  Global: Record<string, never>;
  /** At most `MaxConcurrent` (1) tasks at once until `TotalCompletions` (as many as those) ended with 0. */
  ReplicatedJob: Wire<{ MaxConcurrent: number; TotalCompletions: number }>;
  /** One task on each node that fits, until it ended with 0. */
  GlobalJob: Record<string, never>;
}>;

/** How tasks are replaced. */
export type UpdateConfig = Wire<{
  /** Tasks at once; 0 is all. */
  Parallelism: number;
  /** Nanoseconds between two rounds. */
  Delay: number;
  /** `pause` by default; a `RollbackConfig` knows no `rollback`. */
  FailureAction: 'pause' | 'continue' | 'rollback';
  /** Nanoseconds for which a new task is watched after its start; a failure within them is the update's. 0 is 5 s. */
  Monitor: number;
  /** 0 to 1: failures beyond this part of the tasks are a failure of the update. */
  MaxFailureRatio: number;
  /** `stop-first` by default. */
  Order: 'stop-first' | 'start-first' | '';
}>;

/** A port of a service. */
export type PublishedPortConfig = Wire<{
  Name: string;
  Protocol: 'tcp' | 'udp' | 'sctp';
  TargetPort: number;
  /** Absent or 0 takes one of 30000 to 32767 (ingress) or the node's next free one (host). */
  PublishedPort: number;
  /** `ingress`, the default, listens on every node and needs IPVS; `host` on the nodes of the tasks. */
  PublishMode: 'ingress' | 'host';
}>;

export type EndpointSpec = Wire<{
  /** `dnsrr` answers the addresses of all tasks, and takes no port in `ingress` mode. */
  Mode: 'vip' | 'dnsrr';
  Ports: readonly PublishedPortConfig[];
}>;

/** What a service is asked to be. An update replaces the whole of it. */
export type ServiceSpec = { readonly Name: string } & Wire<{
  Labels: StringMap;
  TaskTemplate: TaskSpec;
  Mode: ServiceMode;
  UpdateConfig: UpdateConfig;
  RollbackConfig: UpdateConfig;
  /** Before `TaskTemplate.Networks`, which newer engines want; deprecated since API 1.44. */
  Networks: readonly NetworkAttachmentConfig[];
  EndpointSpec: EndpointSpec;
}>;

export type ServiceUpdateState =
  | 'updating'
  | 'paused'
  | 'completed'
  | 'rollback_started'
  | 'rollback_paused'
  | 'rollback_completed';

/** `GET /services/{id}`, and one line of `GET /services`. */
export interface ServiceInspect extends SwarmObject {
  readonly ID: ServiceId;
  readonly Spec: ServiceSpec;
  /** What a rollback returns to. */
  readonly PreviousSpec?: ServiceSpec | null;
  readonly Endpoint: {
    readonly Spec?: EndpointSpec | null;
    /** With the ports that were taken. */
    readonly Ports?: readonly PublishedPortConfig[] | null;
    readonly VirtualIPs?: readonly { readonly NetworkID: string; readonly Addr?: string }[] | null;
  };
  /** Absent until the first update. */
  readonly UpdateStatus?: {
    readonly State?: ServiceUpdateState;
    readonly StartedAt?: string;
    readonly CompletedAt?: string;
    /** In words: `update paused due to failure or early termination of task …`. */
    readonly Message?: string;
  } | null;
  /** Only in a list that asked for `status`. */
  readonly ServiceStatus?: {
    readonly RunningTasks: number;
    readonly DesiredTasks: number;
    /** Of jobs. */
    readonly CompletedTasks: number;
  } | null;
  /** Of jobs only; `JobIteration` grows with every update. */
  readonly JobStatus?: { readonly JobIteration: JobIteration; readonly LastExecution?: string } | null;
}

export interface ServiceCreated {
  readonly ID: ServiceId;
  readonly Warnings: readonly string[];
}
