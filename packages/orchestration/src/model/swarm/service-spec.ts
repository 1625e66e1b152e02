import type { HealthConfig, Mount } from '../container-body.ts';
import type { StringMap, Wire } from '../wire.ts';

/*
 * A service of a Swarm in the Engine API's own spelling, as far as plans write or read it. All durations are nanoseconds.
 */

/** How a secret or config is shown in a task's container; `Mode` is the number that `chmod` takes. */
export type FileTarget = Wire<{ Name: string; UID: string; GID: string; Mode: number }>;

/** In a plan an absent `SecretID` is that of the secret of this name, which the same plan makes. */
export type SecretReference = Wire<{ File: FileTarget; SecretID: string; SecretName: string }>;

/** In a plan an absent `ConfigID` is that of the config of this name, which the same plan makes. */
export type ConfigReference = Wire<{
  File: FileTarget;
  Runtime: Record<string, never>;
  ConfigID: string;
  ConfigName: string;
}>;

export type Privileges = Wire<{
  CredentialSpec: Wire<{ Config: string; File: string; Registry: string }>;
  SELinuxContext: Wire<{ Disable: boolean; User: string; Role: string; Type: string; Level: string }>;
  Seccomp: Wire<{ Mode: 'default' | 'unconfined' | 'custom'; Profile: string }>;
  AppArmor: Wire<{ Mode: 'default' | 'disabled' }>;
  NoNewPrivileges: boolean;
}>;

export type TaskContainer = Wire<{
  Image: string;
  Labels: StringMap;
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
  Mounts: readonly Mount[];
  StopGracePeriod: number;
  Healthcheck: HealthConfig;
  /** `IP host`. */
  Hosts: readonly string[];
  DNSConfig: Wire<{ Nameservers: readonly string[]; Search: readonly string[]; Options: readonly string[] }>;
  Secrets: readonly SecretReference[];
  Configs: readonly ConfigReference[];
  Isolation: 'default' | 'process' | 'hyperv' | '';
  Sysctls: StringMap;
  CapabilityAdd: readonly string[];
  CapabilityDrop: readonly string[];
  Ulimits: readonly { readonly Name: string; readonly Soft: number; readonly Hard: number }[];
  OomScoreAdj: number;
}>;

export type GenericResource = Wire<{
  NamedResourceSpec: Wire<{ Kind: string; Value: string }>;
  DiscreteResourceSpec: Wire<{ Kind: string; Value: number }>;
}>;

export type TaskResources = Wire<{
  Limits: Wire<{ NanoCPUs: number; MemoryBytes: number; Pids: number }>;
  Reservations: Wire<{ NanoCPUs: number; MemoryBytes: number; GenericResources: readonly GenericResource[] }>;
  SwapBytes: number;
  MemorySwappiness: number;
}>;

export type TaskRestartPolicy = Wire<{
  Condition: 'none' | 'on-failure' | 'any' | '';
  Delay: number;
  MaxAttempts: number;
  Window: number;
}>;

export type Platform = Wire<{ Architecture: string; OS: string }>;

export type TaskPlacement = Wire<{
  Constraints: readonly string[];
  Preferences: readonly Wire<{ Spread: Wire<{ SpreadDescriptor: string }> }>[];
  MaxReplicas: number;
  Platforms: readonly Platform[];
}>;

/** `Target` is a network's id, or its name, which the manager turns into the id. */
export type NetworkAttachment = Wire<{ Target: string; Aliases: readonly string[]; DriverOpts: StringMap }>;

export type TaskTemplate = Wire<{
  ContainerSpec: TaskContainer;
  Resources: TaskResources;
  RestartPolicy: TaskRestartPolicy;
  Placement: TaskPlacement;
  /** A changed number makes all tasks anew. */
  ForceUpdate: number;
  Runtime: string;
  Networks: readonly NetworkAttachment[];
  LogDriver: Wire<{ Name: string; Options: StringMap }>;
}>;

export type ServiceMode = Wire<{
  Replicated: Wire<{ Replicas: number }>;
  Global: Record<string, never>;
  ReplicatedJob: Wire<{ MaxConcurrent: number; TotalCompletions: number }>;
  GlobalJob: Record<string, never>;
}>;

export type ServiceUpdateConfig = Wire<{
  Parallelism: number;
  Delay: number;
  FailureAction: 'continue' | 'pause' | 'rollback' | '';
  Monitor: number;
  MaxFailureRatio: number;
  Order: 'stop-first' | 'start-first' | '';
}>;

export type ServicePort = Wire<{
  Name: string;
  Protocol: 'tcp' | 'udp' | 'sctp' | '';
  TargetPort: number;
  PublishedPort: number;
  PublishMode: 'ingress' | 'host' | '';
}>;

export type EndpointSpec = Wire<{ Mode: 'vip' | 'dnsrr' | ''; Ports: readonly ServicePort[] }>;

/** The body of a service's creation and update. */
export type ServiceSpec = Wire<{
  Name: string;
  Labels: StringMap;
  TaskTemplate: TaskTemplate;
  Mode: ServiceMode;
  UpdateConfig: ServiceUpdateConfig;
  RollbackConfig: ServiceUpdateConfig;
  /** Where engines before 1.25 kept them; still read by the manager, never written. */
  Networks: readonly NetworkAttachment[];
  EndpointSpec: EndpointSpec;
}>;
