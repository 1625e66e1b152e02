import type { PlanOptions } from '../plan-options.ts';

/** How a plan for a Swarm is made. What only the containers of one engine have is left out. */
export interface SwarmPlanOptions
  extends Pick<PlanOptions, 'services' | 'withoutDependencies' | 'orphans' | 'scale' | 'wait'> {
  /** `force` makes the tasks anew also where nothing changed. Default `changed`. */
  readonly recreate?: 'changed' | 'force';
  /** Names of secrets and configs in the Swarm that a kept revision needs: they stay, though no service names them. */
  readonly keep?: ReadonlySet<string>;
  /** Pinned services whose container is to run on another host than before, with none of its data. */
  readonly move?: ReadonlySet<string>;
}

export interface SwarmDownOptions {
  /** Absent is all. */
  readonly services?: readonly string[];
  /** Volumes to remove with their data, by host; nothing else ever removes a named volume. */
  readonly volumes?: readonly { readonly host: string; readonly name: string }[];
  /** Default true. */
  readonly networks?: boolean;
}

export interface SwarmSelection {
  /** Absent is all. */
  readonly services?: readonly string[];
}
