export type HostAvailability = 'active' | 'pause' | 'drain';

/** What one engine says of the Swarm that it is in. */
export interface HostSwarm {
  /** Empty outside a Swarm. */
  readonly nodeId: string;
  readonly state: 'inactive' | 'pending' | 'active' | 'error' | 'locked';
  /** Whether it is a manager that takes requests. */
  readonly controlAvailable: boolean;
  /** Known to managers only, and only while one leads. */
  readonly clusterId?: string;
  readonly error?: string;
  /** Node ids of all managers that it knows. */
  readonly remoteManagers: readonly string[];
}

/** One host of the environment, as far as it could be asked. */
export interface ClusterHostFacts {
  readonly id: string;
  readonly name: string;
  readonly reachable: boolean;
  /** What other hosts reach it by. */
  readonly address?: string;
  readonly labels: { readonly [name: string]: string };
  /** What is wanted of it. */
  readonly availability: HostAvailability;
  /** Version of its engine, where it is known. */
  readonly engineVersion?: string;
  /** The node that it was when it last could be asked. */
  readonly lastNodeId?: string;
  /** Absent where it could not be asked. */
  readonly swarm?: HostSwarm;
}

/** A node as the managers list it. */
export interface ClusterNode {
  readonly id: string;
  readonly hostname: string;
  readonly address?: string;
  readonly role: 'manager' | 'worker';
  readonly availability: HostAvailability;
  readonly labels: { readonly [name: string]: string };
  readonly state: 'unknown' | 'down' | 'ready' | 'disconnected';
  /** Version of its engine, where the managers know it. */
  readonly engineVersion?: string;
  /** Absent on nodes that are no member of the managers' log; a node that is being demoted still is one. */
  readonly manager?: { readonly leader: boolean; readonly reachable: boolean };
  /** Milliseconds for which it is known to be down; absent where it is not. */
  readonly downForMs?: number;
}

export interface ClusterSpec {
  /** Milliseconds between two heartbeats of a node. */
  readonly heartbeatMs: number;
  /** How many ended tasks are kept a slot. */
  readonly taskHistory: number;
  readonly autolock: boolean;
}

/** The Swarm as one of its managers tells it. */
export interface ObservedSwarm {
  readonly id: string;
  readonly nodes: readonly ClusterNode[];
  readonly spec: ClusterSpec;
}

/** Everything that plans for a Swarm and its hosts are made from. */
export interface ObservedCluster {
  readonly hosts: readonly ClusterHostFacts[];
  /** Absent where no manager could tell. */
  readonly swarm?: ObservedSwarm;
  /** Hosts whose managers take requests and answered that none of them leads. */
  readonly leaderless: readonly string[];
  /** The node that led when that could last be told. */
  readonly lastLeader?: string;
}
