import type { NodeId } from '@drover/base';
import type { StringMap, Wire } from './wire.ts';

/**
 * Which state of an object an update is about: the `Index` that was read with it. The Engine refuses an update of any
 * other (`version-conflict`). It grows with every change of the cluster, so two reads of one object may skip numbers.
 */
export interface ObjectVersion {
  readonly Index: number;
}

/** Which execution of a job; the first one is 0, which is left out. */
export interface JobIteration {
  readonly Index?: number;
}

/** What every object of a Swarm has. */
export interface SwarmObject {
  readonly Version: ObjectVersion;
  /** RFC 3339. */
  readonly CreatedAt: string;
  readonly UpdatedAt: string;
}

/** A driver with its options: of logs, of secrets, of templating. */
export type DriverSpec = Wire<{ Name: string; Options: StringMap }>;

/** What a Swarm is asked to be. */
export type SwarmSpec = Wire<{
  /** `default`, and nothing else. */
  Name: string;
  Labels: StringMap;
  /** How many ended tasks are kept a slot; negative keeps all, the default is 5. */
  Orchestration: Wire<{ TaskHistoryRetentionLimit: number }>;
  Raft: Wire<{
    SnapshotInterval: number;
    KeepOldSnapshots: number;
    LogEntriesForSlowFollowers: number;
    /** Ticks (seconds) without the leader before an election; greater than `HeartbeatTick`. Fixed at `init`. */
    ElectionTick: number;
    HeartbeatTick: number;
  }>;
  /** Nanoseconds between the heartbeats of a node, 5 s by default; a node is down after about three without one. */
  Dispatcher: Wire<{ HeartbeatPeriod: number }>;
  CAConfig: Wire<{
    /** Nanoseconds that certificates of nodes are good for; at least an hour. */
    NodeCertExpiry: number;
    ExternalCAs: readonly Wire<{ Protocol: 'cfssl'; URL: string; Options: StringMap; CACert: string }>[];
    SigningCACert: string;
    /** Never in an answer. */
    SigningCAKey: string;
    ForceRotate: number;
  }>;
  /** Managers that restart need the unlock key. */
  EncryptionConfig: Wire<{ AutoLockManagers: boolean }>;
  TaskDefaults: Wire<{ LogDriver: DriverSpec }>;
}>;

export interface TlsInfo {
  /** The root certificates in PEM. */
  readonly TrustRoot?: string;
  /** Base64. */
  readonly CertIssuerSubject?: string;
  readonly CertIssuerPublicKey?: string;
}

/** A Swarm without its secrets, as `system.info` shows it to managers. */
export interface ClusterInfo extends SwarmObject {
  readonly ID: string;
  readonly Spec: SwarmSpec;
  readonly TLSInfo: TlsInfo;
  readonly RootRotationInProgress: boolean;
  readonly DefaultAddrPool: readonly string[] | null;
  readonly SubnetSize: number;
  /** The UDP port of the overlay networks, 4789 by default. */
  readonly DataPathPort: number;
}

/** `GET /swarm`. The tokens admit any machine to the Swarm: they are secrets. */
export interface SwarmInspect extends ClusterInfo {
  readonly JoinTokens: { readonly Worker: string; readonly Manager: string };
}

export type SwarmInitBody = Wire<{
  /** Address (or interface) and port of the managers' traffic, `0.0.0.0:2377` by default. */
  ListenAddr: string;
  /** What other nodes reach this one by; must be given where the machine has several addresses. */
  AdvertiseAddr: string;
  /** Address or interface of the overlay networks' traffic. */
  DataPathAddr: string;
  DataPathPort: number;
  DefaultAddrPool: readonly string[];
  SubnetSize: number;
  /** Makes a new Swarm of one manager from this manager's state: the way back when the quorum is lost for good. */
  ForceNewCluster: boolean;
  AutoLockManagers: boolean;
  Availability: 'active' | 'pause' | 'drain';
  Spec: SwarmSpec;
}>;

export type SwarmJoinBody = Wire<{
  ListenAddr: string;
  AdvertiseAddr: string;
  DataPathAddr: string;
  /** Managers, `address[:2377]`; any that answers will do. */
  RemoteAddrs: readonly string[];
  /** Says to which Swarm, and whether as a worker or a manager. */
  JoinToken: string;
  Availability: 'active' | 'pause' | 'drain';
}>;

/** - `pending` joins or starts, `error` tells why in `Error`, `locked` waits for `swarm.unlock`. */
export type LocalNodeState = 'inactive' | 'pending' | 'active' | 'error' | 'locked' | '';

/** What an engine knows of the Swarm that it is in; the Swarm section of `system.info`. */
export interface SwarmInfo {
  /** Empty outside a Swarm. */
  readonly NodeID: NodeId | '';
  readonly NodeAddr: string;
  readonly LocalNodeState: LocalNodeState;
  /** Whether it is a manager that can be asked. */
  readonly ControlAvailable: boolean;
  readonly Error: string;
  /** All managers that this node knows, also on a worker. */
  readonly RemoteManagers: readonly { readonly NodeID: NodeId; readonly Addr: string }[] | null;
  /** On managers only, as all below. */
  readonly Nodes?: number;
  readonly Managers?: number;
  readonly Cluster?: ClusterInfo | null;
  readonly Warnings?: readonly string[] | null;
}
