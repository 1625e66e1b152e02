import type { Resources, RestartPolicy } from '../model/container-body.ts';
import type { ObservedContainer } from '../model/observed.ts';
import type { ContainerSpec } from './spec/container-spec.ts';

/** The container that a slot shall have: one that stands, or one that is to be made. */
export type SlotTarget =
  | {
      readonly kind: 'standing';
      readonly container: ObservedContainer;
      readonly spec: ContainerSpec;
      readonly start: StartNeed;
      /** What `docker update` puts right. */
      readonly update?: {
        readonly causes: readonly string[];
        readonly change: Resources & { readonly RestartPolicy?: RestartPolicy };
      };
      /** Networks, by name, that it should be on and is not. */
      readonly connect: readonly string[];
    }
  | { readonly kind: 'new'; readonly name: string; readonly spec: ContainerSpec; readonly platform?: string };

/** What it takes for a standing container to run. */
export type StartNeed =
  | { readonly kind: 'none' }
  | { readonly kind: 'completed' }
  | { readonly kind: 'start' | 'unpause'; readonly cause: string };

/** One numbered place of a service, decided. */
export interface Slot {
  readonly number: number;
  readonly finalName: string;
  readonly target: SlotTarget;
  /** Why the target is made. */
  readonly causes: readonly string[];
  /** Other containers in the slot: replaced ones, and what earlier deploys left. They go in the end. */
  readonly others: readonly ObservedContainer[];
  /** Whether the target may run beside the others. */
  readonly startFirst: boolean;
}

/** A service, decided. */
export interface ServiceDecision {
  readonly name: string;
  readonly slots: readonly Slot[];
  /** Containers beyond the wanted number. */
  readonly surplus: readonly ObservedContainer[];
}
