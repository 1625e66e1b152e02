import type { Engine } from '@drover/engine';
import type { HostAvailability } from '../model/cluster/observed.ts';

/** A host of an environment as the parts that keep its Swarm see it. */
export interface ClusterHost {
  readonly id: string;
  readonly name: string;
  readonly engine: Engine;
  /** Whether a connection to its engine can be made, as far as it is known. */
  readonly reachable: boolean;
  /** What the other hosts reach it by. */
  readonly address?: string;
  readonly labels: { readonly [name: string]: string };
  readonly availability: HostAvailability;
}
