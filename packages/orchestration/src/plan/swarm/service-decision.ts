import type { Service } from '@drover/compose';
import type { SwarmImage } from '../../model/swarm/desired.ts';
import type { ObservedService } from '../../model/swarm/observed.ts';
import type { ServiceSpec } from '../../model/swarm/service-spec.ts';
import type { ModeName } from './spec/task-mode.ts';

/** What is to be done about one service that Swarm runs. */
export interface SwarmServiceDecision {
  /** Its key in the project. */
  readonly name: string;
  readonly service: Service;
  readonly image: SwarmImage;
  readonly mode: ModeName;
  /** `remake`: it goes and comes anew, since Swarm cannot change it. */
  readonly kind: 'create' | 'update' | 'remake' | 'keep';
  readonly spec: ServiceSpec;
  readonly standing?: ObservedService;
  readonly causes: readonly string[];
  /** The tasks are made anew. */
  readonly replacesTasks: boolean;
  /** Only how many there are changes. */
  readonly scaled?: { readonly from: number; readonly to: number };
}
