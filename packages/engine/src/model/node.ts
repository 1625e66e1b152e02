import type { NodeId } from '@drover/base';
import type { SwarmObject, TlsInfo } from './swarm.ts';
import type { StringMap, Wire } from './wire.ts';

export type NodeRole = 'worker' | 'manager';

/** - `pause` gets no new tasks, `drain` also loses those that it has. */
export type NodeAvailability = 'active' | 'pause' | 'drain';

/** - `down` sent no heartbeat for about three periods; `disconnected` ended its session; `unknown` until its manager hears from it. */
export type NodeState = 'unknown' | 'down' | 'ready' | 'disconnected';

/** What a node is asked to be. An update replaces the whole of it. */
export type NodeSpec = Wire<{
  Name: string;
  /** `node.labels.*` of placement constraints. */
  Labels: StringMap;
  Role: NodeRole;
  Availability: NodeAvailability;
}>;

/** A resource that only names: `gpu` as a number (discrete) or as devices (named). */
export type GenericResource = Wire<{
  NamedResourceSpec: Wire<{ Kind: string; Value: string }>;
  DiscreteResourceSpec: Wire<{ Kind: string; Value: number }>;
}>;

/** What a node has, or a task reserves. */
export type NodeResources = Wire<{
  /** Billionths of a CPU. */
  NanoCPUs: number;
  /** Bytes. */
  MemoryBytes: number;
  GenericResources: readonly GenericResource[];
}>;

export interface NodePlatform {
  /** As the kernel calls it: `x86_64`, `aarch64`. */
  readonly Architecture?: string;
  readonly OS?: string;
}

/** What a node says of itself. Empty until it has been heard of. */
export interface NodeDescription {
  readonly Hostname?: string;
  readonly Platform?: NodePlatform | null;
  readonly Resources?: NodeResources | null;
  readonly Engine?: {
    readonly EngineVersion?: string;
    /** `engine.labels.*` of placement constraints. */
    readonly Labels?: StringMap | null;
    readonly Plugins?: readonly { readonly Type: string; readonly Name: string }[] | null;
  } | null;
  readonly TLSInfo?: TlsInfo | null;
}

/** `GET /nodes/{id}`, and one line of `GET /nodes`. */
export interface NodeInspect extends SwarmObject {
  readonly ID: NodeId;
  readonly Spec: NodeSpec;
  readonly Description: NodeDescription;
  readonly Status: { readonly State: NodeState; readonly Message?: string; readonly Addr?: string };
  /** Absent on workers. */
  readonly ManagerStatus?: {
    readonly Leader?: boolean;
    readonly Reachability: 'unknown' | 'unreachable' | 'reachable';
    readonly Addr: string;
  } | null;
}
