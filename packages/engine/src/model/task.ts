import type { ConfigId, ContainerId, NodeId, SecretId, ServiceId, TaskId } from '@drover/base';
import type { HealthConfig } from './health.ts';
import type { Mount, Ulimit } from './host-config.ts';
import type { GenericResource, NodePlatform, NodeResources } from './node.ts';
import type { PublishedPortConfig } from './service.ts';
import type { DriverSpec, JobIteration, SwarmObject } from './swarm.ts';
import type { StringMap, Wire } from './wire.ts';

/**
 * The states of a task, in the order in which it can only move forward.
 * `complete` ended with 0, `failed` with anything else or without health, `rejected` could not be started (no such
 * image, mount or device), `shutdown` was told to end, `orphaned` was on a node that is down for too long.
 */
export type TaskState =
  | 'new'
  | 'allocated'
  | 'pending'
  | 'assigned'
  | 'accepted'
  | 'preparing'
  | 'ready'
  | 'starting'
  | 'running'
  | 'complete'
  | 'shutdown'
  | 'failed'
  | 'rejected'
  | 'remove'
  | 'orphaned';

/** Where the content of a secret or config lies in the container. */
export interface FileTarget {
  /** A name below `/run/secrets` (secrets), or an absolute path. */
  readonly Name: string;
  readonly UID: string;
  readonly GID: string;
  /** Permission bits, for instance 0o444. */
  readonly Mode: number;
}

/** A secret in a task. Both id and name must be right. */
export type SecretReference = {
  readonly SecretID: SecretId;
  readonly SecretName: string;
} & Wire<{ File: FileTarget }>;

/** A config in a task; `Runtime` in the place of `File` is a config that something else reads (a credential spec). */
export type ConfigReference = {
  readonly ConfigID: ConfigId;
  readonly ConfigName: string;
} & Wire<{ File: FileTarget; Runtime: Record<string, never> }>;

export type Privileges = Wire<{
  CredentialSpec: Wire<{ Config: string; File: string; Registry: string }>;
  SELinuxContext: Wire<{ Disable: boolean; User: string; Role: string; Type: string; Level: string }>;
  /** API 1.44, as the two below. `Profile` is base64. */
  Seccomp: Wire<{ Mode: 'default' | 'unconfined' | 'custom'; Profile: string }>;
  AppArmor: Wire<{ Mode: 'default' | 'disabled' }>;
  NoNewPrivileges: boolean;
}>;

/**
 * The container of a task. `Env`, `Hostname` and the sources, targets and labels of `Mounts` are Go templates
 * (`{{.Node.Hostname}}`, `{{.Task.Slot}}`): a literal `{{` must be written `{{"{{"}}`.
 */
export type ContainerSpec = Wire<{
  /** Taken as it is; without a digest each node resolves the tag by itself. */
  Image: string;
  Labels: StringMap;
  /** The entry point. */
  Command: readonly string[];
  Args: readonly string[];
  Hostname: string;
  Env: readonly string[];
  Dir: string;
  User: string;
  Groups: readonly string[];
  Privileges: Privileges;
  Init: boolean;
  StopSignal: string;
  TTY: boolean;
  OpenStdin: boolean;
  ReadOnly: boolean;
  /** A bind's source must exist on the node. */
  Mounts: readonly Mount[];
  /** Nanoseconds, 10 s by default. */
  StopGracePeriod: number;
  /** The published description writes `HealthCheck`, the Engine answers this spelling. */
  Healthcheck: HealthConfig;
  /** `address name [alias …]`, the order of a hosts file. */
  Hosts: readonly string[];
  DNSConfig: Wire<{ Nameservers: readonly string[]; Search: readonly string[]; Options: readonly string[] }>;
  Secrets: readonly SecretReference[];
  Configs: readonly ConfigReference[];
  Isolation: 'default' | 'process' | 'hyperv' | '';
  Sysctls: StringMap;
  CapabilityAdd: readonly string[];
  CapabilityDrop: readonly string[];
  Ulimits: readonly Ulimit[];
  /** API 1.46. */
  OomScoreAdj: number;
}>;

export type TaskResources = Wire<{
  /** `Pids` from API 1.41 on. */
  Limits: Wire<{ NanoCPUs: number; MemoryBytes: number; Pids: number }>;
  Reservations: NodeResources;
  /** API 1.52, as the one below: bytes of swap, -1 unlimited. */
  SwapBytes: number;
  MemorySwappiness: number;
}>;

export type TaskRestartPolicy = Wire<{
  /** `any` by default. */
  Condition: 'none' | 'on-failure' | 'any';
  /** Nanoseconds between attempts, 5 s by default. */
  Delay: number;
  /** 0 is without an end. */
  MaxAttempts: number;
  /** Nanoseconds in which attempts are counted, 0 for ever. */
  Window: number;
}>;

export type Placement = Wire<{
  /** `node.labels.disk==ssd`, `node.role!=manager`, all of which must hold. */
  Constraints: readonly string[];
  Preferences: readonly Wire<{ Spread: Wire<{ SpreadDescriptor: string }> }>[];
  /** The most tasks on one node; 0 is without a bound. */
  MaxReplicas: number;
  /** What the image runs on; empty lets any node have it. */
  Platforms: readonly NodePlatform[];
}>;

/** A network of a task. `Target` is the network's id or name; answers show the id. */
export type NetworkAttachmentConfig = { readonly Target: string } & Wire<{
  Aliases: readonly string[];
  DriverOpts: StringMap;
}>;

/** What tasks are made from. */
export type TaskSpec = Wire<{
  ContainerSpec: ContainerSpec;
  PluginSpec: Wire<{
    Name: string;
    Remote: string;
    Disabled: boolean;
    PluginPrivilege: readonly Wire<{ Name: string; Description: string; Value: readonly string[] }>[];
  }>;
  /** What a container that attached itself to an overlay network runs as; never sent. */
  NetworkAttachmentSpec: Wire<{ ContainerID: string }>;
  Resources: TaskResources;
  RestartPolicy: TaskRestartPolicy;
  Placement: Placement;
  Networks: readonly NetworkAttachmentConfig[];
  /** Absent takes the Swarm's, then the engine's own. */
  LogDriver: DriverSpec;
  /** Another number than before makes every task anew. */
  ForceUpdate: number;
  Runtime: 'container' | 'plugin' | 'attachment' | '';
}>;

export interface TaskStatus {
  /** RFC 3339: when the state was entered. */
  readonly Timestamp?: string;
  readonly State: TaskState;
  /** In words: `preparing`, `started`, `no suitable node`. */
  readonly Message?: string;
  /** Why it could not go on: `task: non-zero exit (1)`, `No such image: …`, `no suitable node (…)`. */
  readonly Err?: string;
  readonly ContainerStatus?: {
    readonly ContainerID: ContainerId;
    readonly PID: number;
    readonly ExitCode: number;
  } | null;
  /** Ports in `host` mode, with those that were taken. */
  readonly PortStatus?: { readonly Ports?: readonly PublishedPortConfig[] | null } | null;
}

/** A network as a task got it. */
export interface NetworkAttachment {
  readonly Network?: {
    readonly ID: string;
    readonly Spec: { readonly Name?: string; readonly Labels?: StringMap | null; readonly Scope?: string };
  };
  /** With their prefix lengths. */
  readonly Addresses?: readonly string[] | null;
}

/** `GET /tasks/{id}`, and one line of `GET /tasks`. */
export interface TaskInspect extends SwarmObject {
  readonly ID: TaskId;
  readonly Name?: string;
  readonly Labels: StringMap | null;
  readonly Spec: TaskSpec;
  readonly ServiceID: ServiceId;
  /** From 1 in replicated services; from 0 in replicated jobs, where 0 is left out; absent in global ones, where the node takes its place. */
  readonly Slot?: number;
  /** Absent until it is assigned. */
  readonly NodeID?: NodeId;
  readonly Status: TaskStatus;
  /** `running` (`complete` for jobs) until it is to end; then `shutdown` or `remove`. */
  readonly DesiredState: TaskState;
  readonly NetworksAttachments?: readonly NetworkAttachment[] | null;
  readonly AssignedGenericResources?: readonly GenericResource[] | null;
  /** Which execution of a job it belongs to. */
  readonly JobIteration?: JobIteration | null;
}

/** One line that a task wrote, without its end. */
export interface TaskOutputLine {
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
  /** RFC 3339 with nanoseconds, by the clock of the node. */
  readonly time: string;
  readonly nodeId: NodeId;
  readonly serviceId: ServiceId;
  readonly taskId: TaskId;
}
