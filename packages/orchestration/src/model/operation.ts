import type { ContainerId } from '@drover/base';
import type { Service, ServiceHook } from '@drover/compose';
import type { ContainerBody, EndpointSettings, Resources, RestartPolicy } from './container-body.ts';
import type { NetworkBody, VolumeBody } from './network-body.ts';
import type { ConfigBody, SecretBody } from './swarm/file-body.ts';
import type { ServiceSpec } from './swarm/service-spec.ts';

/** Names an operation within its plan; equal plans have equal ids. */
export type OperationId = string;

/** A container that stands there, or the one that an operation of the same plan makes. */
export type ContainerRef =
  | { readonly id: ContainerId; readonly name: string }
  | { readonly createdBy: OperationId; readonly name: string };

/** A file that is put into a container before it starts. */
export interface PutFile {
  /** Absolute path in the container. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/**
 * Container ids that a body needs and only the run of the plan makes known (`network_mode: service:db`). Each token stands
 * in the body, and in the service that the configuration hash is of, wherever the id belongs.
 */
export interface LateReferences {
  readonly tokens: readonly { readonly token: string; readonly container: ContainerRef }[];
  readonly service: Service;
  /** `DOCKER_DEFAULT_PLATFORM`, which is hashed too. */
  readonly defaultPlatform?: string | undefined;
}

/** `healthy`: the health check passes. `completed`: it ended with code 0. */
export type WaitCondition = 'healthy' | 'completed';

/** `running`: the wanted tasks run, those with a health check healthily, and no update is under way. `completed`: those of a job ended with code 0. */
export type ServiceCondition = 'running' | 'healthy' | 'completed';

/** A service of a Swarm, and the version of it that is waited for. */
export interface AwaitedService {
  /** Its key in the project. */
  readonly service: string;
  /** Its name in the Swarm. */
  readonly name: string;
  /** Absent where the same plan makes it. */
  readonly id?: string;
  /** The version that stands, or the one that an operation of the same plan makes. */
  readonly version: { readonly index: number } | { readonly madeBy: OperationId };
}

/**
 * The kinds of operation, each with what its one engine call needs. `wait` listens to events, `monitor` lets time go by and
 * fails when a container does meanwhile, `check` lists containers, and `gate` does nothing: it stands for all that must be
 * done before anything behind it.
 */
export interface OperationDetails {
  readonly 'network-create': { readonly network: string; readonly body: NetworkBody };
  readonly 'network-remove': { readonly networkId: string; readonly name: string };
  readonly 'network-connect': {
    readonly networkName: string;
    readonly container: ContainerRef;
    readonly endpoint: EndpointSettings;
  };
  readonly 'network-disconnect': { readonly networkName: string; readonly container: ContainerRef };
  readonly 'volume-create': { readonly volume: string; readonly body: VolumeBody };
  readonly 'volume-remove': { readonly name: string };
  readonly 'container-create': {
    readonly name: string;
    readonly body: ContainerBody;
    readonly platform?: string;
    readonly late?: LateReferences;
  };
  readonly 'container-update': {
    readonly container: ContainerRef;
    readonly change: Resources & { readonly RestartPolicy?: RestartPolicy };
  };
  readonly 'container-start': { readonly container: ContainerRef };
  readonly 'container-unpause': { readonly container: ContainerRef };
  /** `timeout` in seconds; absent is the container's own. */
  readonly 'container-stop': { readonly container: ContainerRef; readonly timeout?: number };
  readonly 'container-restart': { readonly container: ContainerRef; readonly timeout?: number };
  /** Its volumes stay, also those without a name. */
  readonly 'container-remove': { readonly container: ContainerRef };
  readonly 'container-rename': { readonly container: ContainerRef; readonly name: string };
  readonly 'files-put': { readonly container: ContainerRef; readonly files: readonly PutFile[] };
  readonly 'hook-run': {
    readonly container: ContainerRef;
    readonly moment: 'post_start' | 'pre_stop';
    readonly hook: ServiceHook;
  };
  /** A container of its own, made like `container` and with its volumes, that runs one `pre_start` hook to its end and goes. */
  readonly 'pre-start-run': {
    /** The container that the service starts first; it does not run yet. */
    readonly container: ContainerRef;
    readonly hook: ServiceHook;
    /** Counts from 1. */
    readonly number: number;
    /** What the engine runs instead of the container's own image. */
    readonly image?: string;
  };
  readonly wait: {
    readonly containers: readonly ContainerRef[];
    readonly condition: WaitCondition;
    /** false: when the condition fails, what depends on it goes on. */
    readonly required: boolean;
  };
  readonly monitor: {
    readonly containers: readonly ContainerRef[];
    readonly ms: number;
  };
  readonly gate: Record<never, never>;
  readonly 'secret-create': { readonly secret: string; readonly body: SecretBody };
  readonly 'secret-remove': { readonly secretId: string; readonly name: string };
  readonly 'config-create': { readonly config: string; readonly body: ConfigBody };
  readonly 'config-remove': { readonly configId: string; readonly name: string };
  /** `registry` names the registry whose credentials the hosts pull with; who carries the plan out looks them up. */
  readonly 'service-create': { readonly spec: ServiceSpec; readonly registry: string };
  readonly 'service-update': {
    readonly serviceId: string;
    /** The version that the change is of; the manager refuses any other. */
    readonly version: number;
    readonly spec: ServiceSpec;
    readonly registry: string;
  };
  /** Its tasks are stopped, each within its grace period. */
  readonly 'service-remove': { readonly serviceId: string; readonly name: string };
  /** Listens until every service fulfils the condition; fails when one cannot any more. */
  readonly 'service-wait': {
    readonly services: readonly AwaitedService[];
    readonly condition: ServiceCondition;
    /** false: when the condition fails, what depends on it goes on. */
    readonly required: boolean;
  };
  readonly check: { readonly containers: readonly CheckedContainer[] };
}

/** A container that a plan started and that must stand when it ends. */
export interface CheckedContainer {
  readonly container: ContainerRef;
  readonly service: string;
  /** One that ends with code 0 has done its work. */
  readonly mayComplete: boolean;
  /** Something in the plan waits for its health, so that it need not be watched for a moment. */
  readonly checksHealth: boolean;
}

export type OperationKind = keyof OperationDetails;

/** What an operation does to those who use the application. */
export type Impact = 'none' | 'created' | 'started' | 'restarted' | 'recreated' | 'stopped' | 'removed' | 'data-loss';

interface OperationBase {
  readonly id: OperationId;
  /** The name of what it works on. */
  readonly target: string;
  readonly service?: string;
  /** The host whose engine does it; absent: the environment's one engine, or a manager of its Swarm. */
  readonly host?: string;
  /** Why, in words; never with a value that may be secret. */
  readonly causes: readonly string[];
  readonly impact: Impact;
  readonly dependsOn: readonly OperationId[];
}

/** One step of a plan: one engine call. */
export type Operation = {
  [Kind in OperationKind]: OperationBase & { readonly kind: Kind } & OperationDetails[Kind];
}[OperationKind];

export type OperationOf<Kind extends OperationKind> = Extract<Operation, { readonly kind: Kind }>;
