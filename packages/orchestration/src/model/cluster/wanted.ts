/** How many managers there are: as the hosts allow, a fixed odd number, or whichever stand there. */
export type WantedManagers =
  | { readonly mode: 'automatic' }
  | { readonly mode: 'fixed'; readonly count: number }
  | { readonly mode: 'adopted' };

export type ClusterToken = 'worker-token' | 'manager-token' | 'unlock-key';

/** What a Swarm is asked to be. What is absent is left as it stands. */
export interface WantedCluster {
  /** The Swarm of this environment, once there is one; the others are foreign. */
  readonly clusterId?: string;
  readonly managers: WantedManagers;
  readonly heartbeatMs?: number;
  readonly taskHistory?: number;
  readonly autolock?: boolean;
  /** Hosts that leave, by id. */
  readonly leaving?: readonly string[];
  /** Hosts that are being drained, by id: what takes tasks there is not for the plan to say. */
  readonly draining?: readonly string[];
  /** Whether the Swarm may end, with all that it knows, when its last host leaves. */
  readonly mayEnd?: boolean;
  /** Nodes whose hosts were removed. */
  readonly removedNodes?: readonly string[];
  /** Milliseconds after which a node that is down, and whose host is away, is taken off the list; absent: never. */
  readonly removeDeadAfterMs?: number;
  /** Milliseconds for which a manager may be away before another one takes its place. Default 60 000. */
  readonly replaceManagerAfterMs?: number;
  /** The host that the last recovery went on from, by id: its view counts where managers disagree. */
  readonly recoveredOn?: string;
  /** What is to be made anew, once each. */
  readonly rotate?: readonly ClusterToken[];
  /** Whether the unlock key is at hand. */
  readonly canUnlock?: boolean;
}
