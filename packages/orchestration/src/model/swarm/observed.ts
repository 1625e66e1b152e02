import type { Observed, ObservedNetwork, PublishedPort } from '../observed.ts';
import type { StringMap, Wire } from '../wire.ts';
import type { FileDriver } from './file-body.ts';
import type { GenericResource, ServicePort, ServiceSpec } from './service-spec.ts';

/** How far an update of a service is, in Swarm's words. */
export type UpdateState =
  | 'updating'
  | 'paused'
  | 'completed'
  | 'rollback_started'
  | 'rollback_paused'
  | 'rollback_completed'
  | '';

/** What plans read of `GET /services`; an answer of the engine is one as it comes. */
export interface ObservedService {
  readonly ID: string;
  readonly Version: { readonly Index: number };
  readonly Spec: ServiceSpec;
  readonly PreviousSpec?: ServiceSpec | null;
  readonly UpdateStatus?: Wire<{ State: UpdateState; StartedAt: string; CompletedAt: string; Message: string }> | null;
  readonly JobStatus?: Wire<{ JobIteration: Wire<{ Index: number }>; LastExecution: string }> | null;
}

/** A secret or config as its list tells it. `Data`, in base64, is there for configs only. */
export interface ObservedFile {
  readonly ID: string;
  readonly Version: { readonly Index: number };
  readonly Spec: { readonly Name: string } & Wire<{
    Labels: StringMap;
    Data: string;
    Driver: FileDriver;
    Templating: FileDriver;
  }>;
}

/** What plans read of `GET /nodes`; an answer of the engine is one as it comes. */
export interface ObservedNode {
  readonly ID: string;
  readonly Spec: Wire<{
    Role: 'manager' | 'worker' | '';
    Availability: 'active' | 'pause' | 'drain' | '';
    Labels: StringMap;
  }>;
  readonly Description?: Wire<{
    Hostname: string;
    Platform: Wire<{ Architecture: string; OS: string }>;
    Resources: Wire<{ NanoCPUs: number; MemoryBytes: number; GenericResources: readonly GenericResource[] }>;
    Engine: Wire<{ EngineVersion: string; Labels: StringMap }>;
  }> | null;
  readonly Status: Wire<{ State: 'unknown' | 'down' | 'ready' | 'disconnected' | ''; Message: string; Addr: string }>;
}

/** How many tasks of a service's current version there are. */
export interface TaskSummary {
  /** In the state `running`, and wanted so. */
  readonly running: number;
  /** How many shall run; of a job, how many shall complete. */
  readonly desired: number;
  readonly completed: number;
  /** Those of a job that ended badly and that Swarm does not start again. */
  readonly failed?: number;
}

/** What the tasks on one node hold already. */
export interface NodeUsage {
  readonly nanoCpus: number;
  readonly memoryBytes: number;
  /** By kind. */
  readonly generic: ReadonlyMap<string, number>;
  /** Ports of the host that tasks and containers have, those of pinned containers of the stack aside. */
  readonly ports: readonly PublishedPort[];
  /** Tasks of a service on this node, by the service's id. */
  readonly tasks: ReadonlyMap<string, number>;
}

/** A service that is not the stack's, as far as it can be in its way. */
export interface ForeignService {
  readonly id: string;
  readonly name: string;
  /** The stack whose label it has. */
  readonly stack?: string;
  readonly ports: readonly ServicePort[];
  /** Ids of the networks, secrets and configs that it names. */
  readonly uses: readonly string[];
}

/** Everything a plan needs to know about what stands in the Swarm now. */
export interface SwarmObserved {
  readonly project: string;
  /** The stack's services, by its label. */
  readonly services: readonly ObservedService[];
  readonly foreign: readonly ForeignService[];
  /** All networks that a manager lists, those of its own engine too, and those of the stack's services that it does not list. */
  readonly networks: readonly ObservedNetwork[];
  /** All secrets of the Swarm. */
  readonly secrets: readonly ObservedFile[];
  /** All configs of the Swarm. */
  readonly configs: readonly ObservedFile[];
  readonly nodes: readonly ObservedNode[];
  /** By the service's id; a service without tasks may be missing. */
  readonly tasks: ReadonlyMap<string, TaskSummary>;
  /** By the node's id; absent where no pinned container is wanted. */
  readonly usage?: ReadonlyMap<string, NodeUsage>;
  /** The name of the environment's host by the node's id, of hosts that can be reached. */
  readonly hosts?: ReadonlyMap<string, string>;
  /** What stands in the engines of the hosts, by the host's name: the containers of the project, and what can be in their way. */
  readonly pinned?: ReadonlyMap<string, Observed>;
}
