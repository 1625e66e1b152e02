import type { ClusterToken, WantedManagers } from '@drover/orchestration';
import type { PlacedServices } from '../orchestrator/swarm/placements.ts';
import type { KeptDrains } from './drains.ts';

/** What an environment of the kind `swarm` keeps, sealed: it holds the unlock key. */
export interface ClusterSettings {
  /** The Swarm that is the environment's, once there is one. */
  readonly clusterId?: string;
  /** Absent until it is known whether the Swarm was made here or stood there before. */
  readonly managers?: WantedManagers;
  /** Drover makes the Swarm: said before it is made, so that a crash in between does not take it for somebody else's. */
  readonly isOwn?: true;
  readonly heartbeatMs?: number;
  readonly autolock?: boolean;
  readonly unlockKey?: string;
  /** What is to be made anew, once each. */
  readonly rotate?: readonly ClusterToken[];
  /** The host whose state the Swarm last went on from, by its id. */
  readonly recoveredOn?: string;
  /** Hosts that are being emptied. */
  readonly drains?: KeptDrains;
  /** Where pinned containers were put. */
  readonly placed?: PlacedServices;
  /** Nodes whose hosts were removed from the environment, and that are to go too. */
  readonly removedNodes?: readonly string[];
}

/** Where they are kept. */
export interface ClusterSettingsStore {
  load(): Promise<ClusterSettings | undefined>;
  save(settings: ClusterSettings): Promise<void>;
}
