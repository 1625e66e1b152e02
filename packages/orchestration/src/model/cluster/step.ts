import type { HostAvailability } from './observed.ts';
import type { ClusterToken } from './wanted.ts';

interface OnHost {
  readonly hostId: string;
}

interface OnNode {
  readonly nodeId: string;
}

/** The kinds of step that make and mend a Swarm, each with what it needs. None holds a token or a key. */
export interface ClusterStepDetails {
  /** `address` is what other hosts reach it by. */
  readonly 'swarm-init': OnHost & { readonly address?: string; readonly autolock: boolean };
  /** `via` are addresses of managers that answer. */
  readonly 'swarm-join': OnHost & {
    readonly role: 'manager' | 'worker';
    readonly address?: string;
    readonly via: readonly string[];
    readonly availability: HostAvailability;
  };
  /** `force` also gives up a manager's state. */
  readonly 'swarm-leave': OnHost & { readonly force: boolean };
  readonly 'swarm-unlock': OnHost;
  readonly 'swarm-update': {
    readonly heartbeatMs?: number;
    readonly taskHistory?: number;
    readonly autolock?: boolean;
  };
  readonly 'swarm-rotate': { readonly token: ClusterToken };
  readonly 'node-promote': OnNode;
  readonly 'node-demote': OnNode;
  readonly 'node-remove': OnNode;
  readonly 'node-availability': OnNode & { readonly availability: HostAvailability };
  /** All labels that the node shall have. */
  readonly 'node-labels': OnNode & { readonly labels: { readonly [name: string]: string } };
}

export type ClusterStepKind = keyof ClusterStepDetails;

/** One step; `target` names the host or node in words, `causes` say why. */
export type ClusterStep = {
  [Kind in ClusterStepKind]: {
    readonly kind: Kind;
    readonly target: string;
    readonly causes: readonly string[];
  } & ClusterStepDetails[Kind];
}[ClusterStepKind];

/**
 * Why nothing, or not everything, is done.
 * - `several-swarms`: hosts are in different Swarms, and none is known to be the environment's.
 * - `quorum-lost`: no manager leads, and too few can be reached for an election.
 * - `electing`: no manager leads right now, though enough can be reached.
 * - `managers-away`, `swarm-gone`: no manager, or no member, of the Swarm can be asked.
 * - `locked`: managers wait for an unlock key that is not at hand.
 * - `no-host`, `invalid`: nothing to begin with; a wish that makes no sense.
 */
export type ClusterProblemCode =
  | 'several-swarms'
  | 'quorum-lost'
  | 'electing'
  | 'managers-away'
  | 'swarm-gone'
  | 'locked'
  | 'no-host'
  | 'invalid';

export interface ClusterProblem {
  readonly code: ClusterProblemCode;
  /** One sentence, with the way out where there is one. */
  readonly message: string;
}

/**
 * What is to be done next, in order. At most one step changes who manages, so that a plan is carried out and made anew until it
 * is empty. With a problem there are no steps but those that can mend it.
 */
export interface ClusterPlan {
  readonly steps: readonly ClusterStep[];
  readonly problem?: ClusterProblem;
  /** What stays as it is, and why, in words. */
  readonly notices: readonly string[];
}
