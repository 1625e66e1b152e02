import type { ClusterNode } from './observed.ts';

/** A node with what placement asks of it. */
export interface DrainNode extends ClusterNode {
  readonly nanoCpus: number;
  readonly memoryBytes: number;
  readonly os: string;
  readonly architecture: string;
  readonly engineLabels: { readonly [name: string]: string };
}

/** A mount of tasks: a volume by its name, or a path of the host. */
export interface DrainMount {
  readonly type: 'volume' | 'bind';
  readonly source: string;
  readonly isWritable: boolean;
}

/** What decides where tasks of a service may go, and whether two may stand at once. */
export interface DrainService {
  readonly id: string;
  readonly name: string;
  readonly mode: 'replicated' | 'global' | 'job';
  /** Of replicated services; else 0. */
  readonly replicas: number;
  /** How it says that tasks are replaced; absent where it does not. */
  readonly order?: 'start-first' | 'stop-first';
  readonly hasHealthCheck: boolean;
  readonly constraints: readonly string[];
  /** The most tasks on one node; 0 is without a bound. */
  readonly mostPerNode: number;
  readonly nanoCpus: number;
  readonly memoryBytes: number;
  /** Ports of the host that each task takes, as `8080/tcp`. */
  readonly hostPorts: readonly string[];
  readonly mounts: readonly DrainMount[];
}

/** A task that runs, or shall run, on a node. */
export interface DrainTask {
  readonly id: string;
  readonly serviceId: string;
  readonly nodeId: string;
}

export interface DrainObserved {
  readonly nodes: readonly DrainNode[];
  readonly services: readonly DrainService[];
  readonly tasks: readonly DrainTask[];
  /** Names of containers on the host that Swarm does not run. */
  readonly pinned: readonly string[];
}

/** What happens to the tasks of one service on the host. */
export interface DrainMove {
  readonly serviceId: string;
  readonly service: string;
  readonly tasks: number;
  /** `start-first`: the others run before these end. `stop-first`: these end, then others start. `ends`: nothing takes their place. */
  readonly how: 'start-first' | 'stop-first' | 'ends';
  readonly why: string;
  /** Names of the nodes that may take them. */
  readonly to: readonly string[];
}

/** Tasks that no other node can take, with what rules which nodes out, in words. */
export interface DrainStuck {
  readonly service: string;
  readonly tasks: number;
  readonly reasons: readonly string[];
}

/** What draining a host would do, before it is done. */
export interface DrainPreview {
  readonly nodeId: string;
  readonly host: string;
  readonly moves: readonly DrainMove[];
  readonly stuck: readonly DrainStuck[];
  /** What stays on the host, in words. */
  readonly data: readonly string[];
  /** Containers that are not moved, in words. */
  readonly pinned: readonly string[];
}
