import type { NodeUsage, ObservedNode } from '../../model/swarm/observed.ts';
import type { ServiceSpec } from '../../model/swarm/service-spec.ts';
import { explainPlacement, place } from './placement.ts';
import { placementNeed } from './placement-need.ts';

export interface UnplacedQuestion {
  readonly serviceId: string;
  readonly spec: ServiceSpec;
  readonly nodes: readonly ObservedNode[];
  /** What is held on each node now, by its id. */
  readonly usage: ReadonlyMap<string, NodeUsage>;
}

/** Why no host can take a task of a service that stands, in one sentence; undefined where one can. */
export function explainUnplaced({ serviceId, spec, nodes, usage }: UnplacedQuestion): string | undefined {
  const answer = place(placementNeed(spec, serviceId), nodes, usage);
  return answer.fitting.length > 0 ? undefined : explainPlacement(answer);
}
